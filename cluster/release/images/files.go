// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

const (
	binFolder = "/usr/local/bin"
	// sbomFolder is where scanners look for an image's bill of materials.
	sbomFolder = "/var/lib/db/sbom"
	sbomName   = "provider-openai.spdx.json"
	rootsFile  = "/etc/ssl/certs/ca-certificates.crt"
)

// An entry of an image: a file, or a folder if data is nil. It belongs to root, so that the
// provider cannot change its own program.
type entry struct {
	mode os.FileMode
	data []byte
}

// baseFiles are the files that are the same in every version, by absolute path.
func baseFiles(trusted roots) map[string]entry {
	return map[string]entry{
		"/etc/passwd": {mode: 0o644, data: []byte("root:x:0:0:root:/:/sbin/nologin\n" +
			"nonroot:x:" + user + ":" + user + ":nonroot:/:/sbin/nologin\n")},
		"/etc/group": {mode: 0o644, data: []byte("root:x:0:\nnonroot:x:" + user + ":\n")},
		rootsFile:    {mode: 0o644, data: trusted.pem},
		"/tmp":       {mode: 0o777 | os.ModeSticky},
	}
}

// programFiles are the files that differ between versions.
func programFiles(p program, sbom []byte) map[string]entry {
	return map[string]entry{
		p.path():                    {mode: 0o755, data: p.data},
		sbomFolder + "/" + sbomName: {mode: 0o644, data: sbom},
	}
}

// writeFiles writes the files of an image to a folder, for other image builders.
func writeFiles(folder string, r release, p program, trusted roots) error {
	sbom, err := billOfMaterials(r, p, trusted)
	if err != nil {
		return err
	}
	all := baseFiles(trusted)
	maps.Copy(all, programFiles(p, sbom))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		e := all[name]
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := writeFile(path, e); err != nil {
			return fmt.Errorf("cannot write %q: %w", path, err)
		}
	}
	return nil
}

func writeFile(path string, e entry) error {
	// All users may read the files of an image.
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // see above
		return err
	}
	if e.data == nil {
		if err := os.MkdirAll(path, e.mode); err != nil {
			return err
		}
	} else if err := os.WriteFile(path, e.data, e.mode); err != nil {
		return err
	}
	// The umask does not apply to Chmod.
	return os.Chmod(path, e.mode)
}
