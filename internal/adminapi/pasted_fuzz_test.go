// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"strings"
	"testing"
)

func FuzzPastedKey(f *testing.F) {
	for _, stored := range []string{
		fuzzedKeys[0], `"` + fuzzedKeys[0] + `"`, "OPENAI_ADMIN_KEY=" + fuzzedKeys[0], `{"key":"` + fuzzedKeys[0] + `"}`, "Bearer " + fuzzedKeys[0], fuzzedKeys[0] + "\n" + fuzzedKeys[0], "c2stYWRtaW4tdGVzdC1mYWtl", "sk-admin-…test", "${KEY}", "vault:x/y#z", "{{", fuzzedKeys[0] + `\n`,
		strings.Repeat("a.", 5000) + "=sk-", strings.Repeat("[", 5000), strings.Repeat("\n-", 5000), strings.Repeat("sk-", 5000),
	} {
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		said := Mistaken(stored)
		if said != Mistaken(stored) {
			t.Errorf("what is said differs from try to try: %q", said)
		}
		if len(stored) >= 12 && strings.Contains(said, stored) && !strings.HasPrefix(stored, "holds") || Redact(said) != said || len(said) > 300 {
			t.Errorf("what is said tells what was stored: %q", said)
		}
	})
}
