// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truncate

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWhatIsKeptOfALongText(t *testing.T) {
	t.Parallel()
	long, short := strings.Repeat("ä", MaxBytes), "short"
	size := Texts(&long, &short)
	if size != len(long)+len(short) || len(long) > MaxBytes+len("…") || !utf8.ValidString(long) || !strings.HasSuffix(long, "…") || short != "short" {
		t.Errorf("want the beginning of what is long, and short as it was, got %d bytes: %q and %q", size, long, short)
	}
}
