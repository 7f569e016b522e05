// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestKeysAreRecognized(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		text   string
		want   string
	}{
		"OfAServiceAccount": {"The value is separated from its surroundings.", `{"value":"sk-svcacct-fake_0123-4567_"}`, "sk-svcacct-fake_0123-4567_"},
		"OfAUser":           {"Older ones have no kind in them.", "key sk-fake0123456789.", "sk-fake0123456789"},
		"Glued":             {"A text that quotes one need not have a space before it.", "key_sk-fake0123456789", "sk-fake0123456789"},
		"Redacted":          {"OpenAI shows it in answers.", "sk-svcacct-****************GP70", ""},
		"Begun":             {"Remedies say what a key begins with.", "begins with sk-admin-", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, KeyLike.FindString(tc.text)); diff != "" {
				t.Errorf("%s\nKeyLike in %q, -want +got:\n%s", tc.reason, tc.text, diff)
			}
		})
	}
}

func TestFilesAreSearchedForTheSameKeys(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join("..", "..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	pattern := strings.TrimSuffix(KeyLike.String(), "[_-]*")
	if !strings.Contains(string(makefile), "(^|[^A-Za-z0-9])"+pattern+"'") {
		t.Errorf("secrets-check of the Makefile does not search for %s", pattern)
	}
}

func TestLogs(t *testing.T) {
	cases := map[string]struct {
		reason string
		text   string
		fails  bool
	}{
		"A harmless log":        {reason: "a redacted value is no key", text: "issued sk-svcacct-****************GP70\n"},
		"A key":                 {reason: "consumers could use it", text: "issued sk-svcacct-SIMULATED-0123456789\n", fails: true},
		"An access token":       {reason: "workloads could use it", text: "exchanged for sk-wif-SIMULATED-0123456789\n", fails: true},
		"The admin key":         {reason: "it is the worst to lose", text: "using " + simulator.DefaultAdminKey, fails: true},
		"The admin key encoded": {reason: "as a Secret holds it", text: base64.StdEncoding.EncodeToString([]byte(simulator.DefaultAdminKey)), fails: true},
		"An empty log":          {reason: "then nothing was searched", fails: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "provider.log"), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Logs(dir, "*.log"); (err != nil) != tc.fails {
				t.Errorf("%s: want an error: %t, got %v", tc.reason, tc.fails, err)
			}
		})
	}
}
