// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// realLooking finds what a secret scanner takes for a key.
var realLooking = regexp.MustCompile(`sk-[A-Za-z0-9]{8,}`)

func TestNothingHereLooksLikeARealKey(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	commands, err := filepath.Glob("../../cmd/simulator/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, commands...) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if realLooking.Match(b) {
			t.Errorf("%s holds what looks like a real key", name)
		}
	}

	f := newFixture(t)
	p := f.project(t)
	user, err := f.AddUserKey(p, "n", "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for kind, value := range map[string]string{
		"admin key": simulator.DefaultAdminKey, "person's key": user,
		"service account's key": f.key(t, p, f.account(t, p), newKey{}).Value,
		"access token":          newFederation(t).accessToken(t, claimsWith(nil)),
	} {
		if realLooking.MatchString(value) {
			t.Errorf("a simulated %s looks like a real one", kind)
		}
	}
}
