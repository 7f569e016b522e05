// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"path"
	"runtime/debug"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// A program is a binary with its Go build information.
type program struct {
	data []byte
	info *debug.BuildInfo
}

// readProgram reads a binary that can run in an image without other files.
func readProgram(name string) (program, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return program{}, fmt.Errorf("cannot read the binary: %w", err)
	}
	info, err := buildinfo.Read(bytes.NewReader(data))
	if err != nil {
		return program{}, fmt.Errorf("%q is not a Go binary: %w", name, err)
	}
	p := program{data: data, info: info}
	if err := p.check(); err != nil {
		return program{}, fmt.Errorf("cannot use %q: %w", name, err)
	}
	return p, nil
}

// check refuses a binary that would not run in the image, or whose build is not reproducible.
func (p program) check() error {
	for _, want := range []struct{ key, value, remedy string }{
		{"GOOS", "linux", "containers run Linux: build with GOOS=linux"},
		{"CGO_ENABLED", "0", "the image has no C library: build with CGO_ENABLED=0"},
		{"-trimpath", "true", "paths of this machine would be in the binary: build with -trimpath"},
	} {
		if have := p.setting(want.key); have != want.value {
			return fmt.Errorf("it was built with %s=%q; %s", want.key, have, want.remedy)
		}
	}
	return nil
}

// platform that the binary runs on.
func (p program) platform() v1.Platform {
	return v1.Platform{OS: p.setting("GOOS"), Architecture: p.setting("GOARCH")}
}

// path of the binary in the image. Its name is the last element of its package path.
func (p program) path() string { return binFolder + "/" + path.Base(p.info.Path) }

func (p program) setting(key string) string {
	for _, s := range p.info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
