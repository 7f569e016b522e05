// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestLogs(t *testing.T) {
	cases := map[string]struct {
		reason string
		text   string
		fails  bool
	}{
		"A harmless log":        {reason: "a redacted value is no key", text: "issued sk-svcacct-****************GP70\n"},
		"A key":                 {reason: "consumers could use it", text: "issued sk-svcacct-SIMULATED-0123456789\n", fails: true},
		"The admin key":         {reason: "it is the worst to lose", text: "using " + simulator.DefaultAdminKey, fails: true},
		"The admin key encoded": {reason: "as a Secret holds it", text: base64.StdEncoding.EncodeToString([]byte(simulator.DefaultAdminKey)), fails: true},
		"An empty log":          {reason: "then nothing was looked at", fails: true},
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
