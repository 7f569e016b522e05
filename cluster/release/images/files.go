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
	// sbomFolder is where scanners look for what is in an image.
	sbomFolder = "/var/lib/db/sbom"
	sbomName   = "provider-openai.spdx.json"
	rootsFile  = "/etc/ssl/certs/ca-certificates.crt"
)

// An entry of an image: a file, or a folder where data is nil. It belongs to root,
// so that the provider cannot change what it runs from.
type entry struct {
	mode os.FileMode
	data []byte
}

// baseFiles are those that every version has, by their absolute paths.
func baseFiles(trusted roots) map[string]entry {
	return map[string]entry{
		"/etc/passwd": {mode: 0o644, data: []byte("root:x:0:0:root:/:/sbin/nologin\n" +
			"nonroot:x:" + user + ":" + user + ":nonroot:/:/sbin/nologin\n")},
		"/etc/group": {mode: 0o644, data: []byte("root:x:0:\nnonroot:x:" + user + ":\n")},
		rootsFile:    {mode: 0o644, data: trusted.pem},
		"/tmp":       {mode: 0o777 | os.ModeSticky},
	}
}

// programFiles are those that differ between versions.
func programFiles(p program, sbom []byte) map[string]entry {
	return map[string]entry{
		p.path():                    {mode: 0o755, data: p.data},
		sbomFolder + "/" + sbomName: {mode: 0o644, data: sbom},
	}
}

// writeFiles writes what would be in an image to a folder, for those who make the
// image with something else.
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
	// Files of an image are for everybody.
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // See above.
		return err
	}
	if e.data == nil {
		if err := os.MkdirAll(path, e.mode); err != nil {
			return err
		}
	} else if err := os.WriteFile(path, e.data, e.mode); err != nil {
		return err
	}
	// What was asked for, whatever the umask is.
	return os.Chmod(path, e.mode)
}
