// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The Dockerfile copies the folder that writeFiles writes.
func TestFilesAreThoseOfTheImage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := writeFiles(folder, testRelease(), testProgram(), testRoots()); err != nil {
		t.Fatal(err)
	}
	got := map[string]fs.FileMode{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		got["/"+filepath.ToSlash(name)] = info.Mode()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]fs.FileMode{}
	for _, entries := range []map[string]entry{baseFiles(testRoots()), programFiles(testProgram(), nil)} {
		for name, e := range withFolders(entries) {
			want[name] = e.mode
			if _, isFile := entries[name]; !isFile || name == "/tmp" {
				want[name] |= fs.ModeDir
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files and their modes, -want +got:\n%s", diff)
	}
}

func TestTheDockerfileMakesTheSameConfiguration(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("provider-openai", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(USER|WORKDIR|ENV|EXPOSE|ENTRYPOINT) (.+)$`).FindAllSubmatch(b, -1) {
		got[string(m[1])] = string(m[2])
	}
	file, err := testImage(t, testRelease()).ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	c := file.Config
	want := map[string]string{
		"USER":       c.User,
		"WORKDIR":    c.WorkingDir,
		"ENV":        c.Env[0],
		"EXPOSE":     "8080 8081",
		"ENTRYPOINT": `["` + c.Entrypoint[0] + `"]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the Dockerfile's configuration, -make xpkg +Dockerfile:\n%s", diff)
	}
}
