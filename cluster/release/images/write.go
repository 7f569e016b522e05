// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// write builds the image of a program. It writes a tarball that "docker load" and "crank xpkg
// build" read, and the bill of materials, to a folder for the platform.
func write(folder string, r release, p program, trusted roots, out io.Writer) error {
	sbom, err := billOfMaterials(r, p, trusted)
	if err != nil {
		return err
	}
	img, err := image(r, p, trusted, sbom)
	if err != nil {
		return err
	}
	tag, err := name.NewTag("provider-openai:"+r.version, name.WithDefaultRegistry(""))
	if err != nil {
		return fmt.Errorf("%q cannot be the tag of an image: use a version such as v1.2.3: %w", r.version, err)
	}

	platform := p.platform()
	folder = filepath.Join(folder, platform.OS+"_"+platform.Architecture)
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // all users may read built files
		return fmt.Errorf("cannot create a folder for the image: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, sbomName), sbom, 0o644); err != nil { //nolint:gosec // as above
		return fmt.Errorf("cannot write the bill of materials: %w", err)
	}
	path := filepath.Join(folder, "provider-openai.tar")
	if err := tarball.WriteToFile(path, tag, img); err != nil {
		return fmt.Errorf("cannot write the image: %w", err)
	}
	return runDigest([]string{path}, out)
}
