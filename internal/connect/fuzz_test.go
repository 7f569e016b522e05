// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

func FuzzKeyMistake(f *testing.F) {
	for _, stored := range []string{
		apitest.FuzzedKeys[0], `"` + apitest.FuzzedKeys[0] + `"`, "OPENAI_ADMIN_KEY=" + apitest.FuzzedKeys[0], `{"key":"` + apitest.FuzzedKeys[0] + `"}`, "Bearer " + apitest.FuzzedKeys[0], apitest.FuzzedKeys[0] + "\n" + apitest.FuzzedKeys[0], "c2stYWRtaW4tdGVzdC1mYWtl", "sk-admin-…test", "${KEY}", "vault:x/y#z", "{{", apitest.FuzzedKeys[0] + `\n`,
		strings.Repeat("a.", 5000) + "=sk-", strings.Repeat("[", 5000), strings.Repeat("\n-", 5000), strings.Repeat("sk-", 5000),
	} {
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		said := KeyMistake(stored)
		if said != KeyMistake(stored) {
			t.Errorf("what is said differs from try to try: %q", said)
		}
		if len(stored) >= 12 && strings.Contains(said, stored) && !strings.HasPrefix(stored, "holds") || apierror.Redact(said) != said || len(said) > 300 {
			t.Errorf("the description contains what was stored: %q", said)
		}
	})
}
