// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAProgramHasToRunAnywhereAndBeTheSameEachTime(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason     string
		key, value string
		want       string
	}{
		"AsItShouldBe": {
			reason: "A static Linux binary without paths is what images are made of.",
			key:    "GOOS", value: "linux",
		},
		"AnotherSystem": {
			reason: "A binary of the developer's own machine may run on nothing else.",
			key:    "GOOS", value: "darwin",
			want: `it was built with GOOS="darwin"; containers run Linux: build with GOOS=linux`,
		},
		"WithC": {
			reason: "A binary that needs a C library does not start on an empty base.",
			key:    "CGO_ENABLED", value: "1",
			want: `it was built with CGO_ENABLED="1"; the image has no C library: build with CGO_ENABLED=0`,
		},
		"WithPaths": {
			reason: "A binary with paths in it is another one in another folder.",
			key:    "-trimpath", value: "",
			want: `it was built with -trimpath=""; paths of this machine would be in the binary: build with -trimpath`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := testProgram()
			i := slices.IndexFunc(p.info.Settings, func(s debug.BuildSetting) bool { return s.Key == c.key })
			p.info.Settings[i].Value = c.value
			got := ""
			if err := p.check(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s\ncheck(), -want +got:\n%s", c.reason, diff)
			}
		})
	}
}

func TestAFileThatIsNoProgramIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "provider")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := readProgram(path); err == nil {
		t.Error("a shell script was accepted as a Go binary")
	}
	if _, err := readProgram(path + "-that-is-not-there"); err == nil {
		t.Error("a file that does not exist was taken for a Go binary")
	}
}
