// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// searchLogs checks that no secret value was shown or logged.
func (d *demo) searchLogs(context.Context) error {
	d.heading("Looking for secrets in everything that was printed and logged")
	adminKey := simulator.DefaultAdminKey
	if d.real != nil {
		adminKey = d.real.adminKey
	}
	found, searched, err := search(d.workdir.logs(), adminKey, d.key.value, d.previous.value)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("a secret is in %s", strings.Join(found, ", "))
	}
	d.say("%d logs, and neither the admin key nor an API key in any of them.", searched)
	return nil
}

// search returns the files of a folder that contain one of the secrets, and the number of files.
func search(dir string, secrets ...string) (found []string, searched int, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, 0, fmt.Errorf("cannot search the logs: %w", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, 0, fmt.Errorf("cannot search the log %q: %w", f.Name(), err)
		}
		for _, s := range secrets {
			if s != "" && strings.Contains(string(data), s) {
				found = append(found, f.Name())
				break
			}
		}
	}
	return found, len(files), nil
}
