// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sources are the Go files in a folder and below, without tests.
func sources(t *testing.T, folder string) string {
	t.Helper()
	var text strings.Builder
	for _, file := range files(t, ".go") {
		if !strings.HasSuffix(file, "_test.go") && strings.HasPrefix(file, folder+string(os.PathSeparator)) {
			text.WriteString(read(t, filepath.ToSlash(file)))
		}
	}
	if text.Len() == 0 {
		t.Fatalf("no Go files were found in %s", folder)
	}
	return text.String()
}
