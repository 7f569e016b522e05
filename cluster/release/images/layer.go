// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// layer packs entries by absolute path, with their parent folders, all with the same time.
func layer(entries map[string]entry, modified time.Time) (v1.Layer, error) {
	entries = withFolders(entries)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		e := entries[name]
		header := &tar.Header{
			Typeflag: tar.TypeReg,
			Name:     strings.TrimPrefix(name, "/"),
			Mode:     int64(e.mode.Perm()),
			Size:     int64(len(e.data)),
			ModTime:  modified,
			// A fixed format, so that an update of the library cannot change the digest.
			Format: tar.FormatPAX,
		}
		if e.mode&os.ModeSticky != 0 {
			header.Mode |= 0o1000 // sticky, as tar encodes it
		}
		if e.data == nil {
			header.Typeflag = tar.TypeDir
			header.Name += "/"
		}
		errs = append(errs, w.WriteHeader(header))
		_, err := w.Write(e.data)
		errs = append(errs, err)
	}
	if err := errors.Join(append(errs, w.Close())...); err != nil {
		return nil, fmt.Errorf("cannot pack a layer: %w", err)
	}
	l, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b.Bytes())), nil
	}, tarball.WithCompressedCaching)
	if err != nil {
		return nil, fmt.Errorf("cannot compress a layer: %w", err)
	}
	return l, nil
}

// withFolders adds the parent folders of entries. Some runtimes create missing ones with a mode of
// their own.
func withFolders(entries map[string]entry) map[string]entry {
	all := maps.Clone(entries)
	for name := range entries {
		for folder := path.Dir(name); folder != "/"; folder = path.Dir(folder) {
			if _, ok := all[folder]; !ok {
				all[folder] = entry{mode: 0o755}
			}
		}
	}
	return all
}
