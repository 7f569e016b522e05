// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/x509"
	"encoding/pem"
	"runtime/debug"
	"testing"
)

func TestTheImageTrustsAuthoritiesThatAreOnes(t *testing.T) {
	t.Parallel()
	r, err := trustedRoots(&debug.BuildInfo{Deps: []*debug.Module{{Path: rootsModule, Version: "v0.0.1"}}})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for block, rest := pem.Decode(r.pem); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if !c.IsCA {
			t.Errorf("%s is no certificate authority", c.Subject)
		}
		found++
	}
	// Mozilla trusts more than a hundred. Fewer would mean that the format has changed.
	if found < 50 {
		t.Errorf("the image trusts %d authorities, which are too few", found)
	}
}

func TestAProgramThatKnowsNoRootsIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := trustedRoots(&debug.BuildInfo{}); err == nil {
		t.Error("roots of no known version were used")
	}
}
