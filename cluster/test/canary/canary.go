// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package canary searches for keys of the simulator where none should be.
package canary

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var (
	// KeyValue matches the complete value of any key of the simulator, and not its redacted form.
	KeyValue = regexp.MustCompile(`\bsk-[a-z]+-SIMULATED-[A-Za-z0-9-]{8,}`)

	// KeyLike matches anything that looks like a key, and not OpenAI's redacted form, which has
	// asterisks. "make secrets-check" searches files for the same.
	KeyLike = regexp.MustCompile(`sk-[A-Za-z0-9_-]{7,}[A-Za-z0-9][_-]*`)
)

// Reveals reports whether a text contains a key or the admin key, in plain or base64.
func Reveals(text []byte) bool {
	return KeyValue.Match(text) ||
		bytes.Contains(text, []byte(simulator.DefaultAdminKey)) ||
		bytes.Contains(text, []byte(base64.StdEncoding.EncodeToString([]byte(simulator.DefaultAdminKey))))
}

// A Store calls visit with each key and value of etcd, as a control plane does.
type Store interface {
	Stored(ctx context.Context, visit func(key, value []byte)) error
}

// Stored returns an error if etcd contains keys outside of Secrets.
func Stored(ctx context.Context, etcd Store) error {
	var found []string
	seen := 0
	err := etcd.Stored(ctx, func(key, value []byte) {
		if bytes.HasPrefix(key, []byte("/registry/secrets/")) {
			return
		}
		seen++
		if Reveals(value) {
			found = append(found, string(key))
		}
	})
	switch {
	case err != nil:
		return err
	case len(found) > 0:
		return fmt.Errorf("keys were found in etcd outside of Secrets: %q", found)
	case seen == 0:
		return errors.New("nothing to search for keys was found in etcd")
	}
	return nil
}

// Logs returns an error if files of a folder that match a pattern contain keys, or if no file
// matches.
func Logs(dir, pattern string) error {
	var found []string
	seen := 0
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return fmt.Errorf("cannot search for keys in %q: %w", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("cannot search for keys in %q: %w", file, err)
		}
		if len(text) > 0 {
			seen++
		}
		if Reveals(text) {
			found = append(found, file)
		}
	}
	switch {
	case len(found) > 0:
		return fmt.Errorf("keys were found in logs: %q", found)
	case seen == 0:
		return fmt.Errorf("nothing to search for keys was found in %q", dir)
	}
	return nil
}
