// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func TestWhatIsWrittenIsTheSameEachTimeAndCanBeReadBack(t *testing.T) {
	t.Parallel()
	var folders [2]string
	var said [2]bytes.Buffer
	for i := range folders {
		folders[i] = t.TempDir()
		if err := write(folders[i], testRelease(), testProgram(), testRoots(), &said[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"provider-openai.tar", sbomName} {
		name = filepath.Join("linux_arm64", name)
		a, err := os.ReadFile(filepath.Join(folders[0], name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(folders[1], name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s is not the same each time that it is written", name)
		}
	}

	sbom, err := os.ReadFile(filepath.Join(folders[0], "linux_arm64", sbomName))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folders[0], "linux_arm64", "provider-openai.tar")
	img, err := tarball.ImageFromPath(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(sbom), files(t, img)[1]["var/lib/db/sbom/"+sbomName].Content); diff != "" {
		t.Errorf("the bill beside the image is not the one in it, -beside +in:\n%s", diff)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(said[0].Bytes(), []byte(digest.String()+"  "+path)) {
		t.Errorf("got %q, want it to begin with digest %s and path %s", said[0].String(), digest, path)
	}
}

func TestAVersionThatIsNoTagIsRefused(t *testing.T) {
	t.Parallel()
	r := testRelease()
	r.version = "v1.2.3+build"
	if err := write(t.TempDir(), r, testProgram(), testRoots(), &bytes.Buffer{}); err == nil {
		t.Errorf("an image with the tag %q was written", r.version)
	}
}
