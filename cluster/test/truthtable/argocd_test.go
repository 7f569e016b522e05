// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// healthCheck is the path of Argo CD's check for the objects of all Crossplane providers.
const healthCheck = "resource_customizations/_.crossplane.io/_/health.lua"

// An argoCD is a version of Argo CD, and the checksum of its Go module. It is no dependency,
// because its compilation takes minutes and only the check is run.
type argoCD struct{ version, sum string }

var argoCDs = [...]argoCD{
	{version: "v3.2.6", sum: "h1:nDCjBnHyxUf6JFuCKjuuXHS23LFj6/TjuO/APrS1ku4="},
	{version: "v3.3.0", sum: "h1:9UlruTd5cC/MyvorTXgAIblfZTy63MF5FYvvoAaUvwU="},
}

// errTampered is returned for a module with another checksum.
var errTampered = errors.New("the checksum is another than the one noted here")

// healthCheck downloads the module unless it is in the cache, and reads the check.
func (a argoCD) healthCheck(ctx context.Context) (string, error) {
	module := "github.com/argoproj/argo-cd/v3@" + a.version
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	out, err := cmd.Output()
	var got struct {
		Dir   string `json:"Dir"`
		Sum   string `json:"Sum"`
		Error string `json:"Error"`
	}
	if jsonErr := json.Unmarshal(out, &got); jsonErr != nil || got.Error != "" {
		return "", fmt.Errorf("cannot download %s: %w", module, errors.Join(err, jsonErr, errors.New(got.Error)))
	}
	if got.Sum != a.sum {
		return "", fmt.Errorf("%s has %s, want %s: %w", module, got.Sum, a.sum, errTampered)
	}
	lua, err := os.ReadFile(filepath.Join(got.Dir, filepath.FromSlash(healthCheck)))
	if err != nil {
		return "", fmt.Errorf("cannot read the check of %s: %w", module, err)
	}
	return string(lua), nil
}

// healthChecks of all versions; empty if one cannot be downloaded.
func healthChecks(t *testing.T) (checks [len(argoCDs)]string) {
	t.Helper()
	for i, a := range argoCDs {
		lua, err := a.healthCheck(t.Context())
		switch {
		case errors.Is(err, errTampered):
			t.Fatal(err)
		case err != nil:
			fmt.Printf("ARGO CD %s IS NOT RUN: %v\n", a.version, err)
		}
		checks[i] = lua
	}
	return checks
}

func TestAHealthCheckIsTheOneThatIsMeant(t *testing.T) {
	cases := map[string]struct {
		reason   string
		argoCD   argoCD
		tampered bool
	}{
		"AnotherChecksum": {
			reason:   "What somebody else put in its place is not run, and that is an error.",
			argoCD:   argoCD{version: argoCDs[0].version, sum: "h1:fake"},
			tampered: true,
		},
		"NotToBeHad": {
			reason: "Without a network there is no check, which is no reason to fail.",
			argoCD: argoCD{version: "v3.0.0-there-is-no-such-version"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if !tc.tampered {
				t.Setenv("GOPROXY", "off")
			}
			_, err := tc.argoCD.healthCheck(t.Context())
			if err == nil || (errors.Is(err, errTampered) && !tc.tampered) {
				t.Errorf("%s\ngot error %v", tc.reason, err)
			}
		})
	}
}
