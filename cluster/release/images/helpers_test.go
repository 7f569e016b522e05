// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"errors"
	"io"
	"runtime/debug"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// file has the properties of a layer's entry that the tests compare.
type file struct {
	Mode    int64
	Owner   int
	Content string
	Time    int64
}

func testRelease() release {
	return release{version: "v1.2.3", revision: "0123abc", created: time.Unix(1764000000, 0).UTC()}
}

func testProgram() program {
	return program{
		data: []byte("a binary"),
		info: &debug.BuildInfo{
			GoVersion: "go1.26.5 X:something",
			Path:      "example.org/provider-openai/cmd/provider",
			Main:      debug.Module{Path: "example.org/provider-openai", Version: "(devel)"},
			Deps: []*debug.Module{
				{Path: "example.org/Mixed/Case", Version: "v2.0.0+incompatible", Sum: "h1:abc="},
				{Path: "example.org/replaced", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/fork", Version: "v1.0.1"}},
			},
			Settings: []debug.BuildSetting{
				{Key: "GOOS", Value: "linux"},
				{Key: "GOARCH", Value: "arm64"},
				{Key: "CGO_ENABLED", Value: "0"},
				{Key: "-trimpath", Value: "true"},
			},
		},
	}
}

func testRoots() roots {
	return roots{pem: []byte("certificates"), module: &debug.Module{Path: rootsModule, Version: "v0.0.1"}}
}

func testImage(t *testing.T, r release) v1.Image {
	t.Helper()
	img, err := image(r, testProgram(), testRoots(), []byte("a bill"))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// files returns the files of each layer by name.
func files(t *testing.T, img v1.Image) []map[string]file {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	found := make([]map[string]file, len(layers))
	for i, l := range layers {
		found[i] = unpack(t, l)
	}
	return found
}

func unpack(t *testing.T, l v1.Layer) map[string]file {
	t.Helper()
	packed, err := l.Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = packed.Close() })
	found := map[string]file{}
	for r := tar.NewReader(packed); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[h.Name] = file{Mode: h.Mode, Owner: h.Uid, Content: string(content), Time: h.ModTime.Unix()}
	}
}
