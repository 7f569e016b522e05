// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProgram(t *testing.T) {
	// A checkout whose build script prints a folder of its own.
	checkout := t.TempDir()
	cache := filepath.Join(checkout, "cache")
	assets := t.TempDir()
	for path, mode := range map[string]os.FileMode{
		filepath.Join(checkout, "go.mod"):                         0o600,
		filepath.Join(checkout, filepath.FromSlash(buildScript)):  0o700,
		filepath.Join(checkout, "internal", "deep", "package.go"): 0o600,
		filepath.Join(cache, "etcd"):                              0o700,
		filepath.Join(cache, "kubectl"):                           0o700,
		filepath.Join(cache, "kube-apiserver"):                    0o600,
		filepath.Join(assets, "etcd"):                             0o700,
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\necho "+cache+"\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	inside := filepath.Join(checkout, "internal", "deep")

	cases := map[string]struct {
		assets  string
		workDir string
		program string
		want    string
		wantErr string
	}{
		"The environment's program comes first": {
			assets: assets, workDir: inside, program: "etcd", want: filepath.Join(assets, "etcd"),
		},
		"What the environment's folder lacks comes from the checkout": {
			assets: assets, workDir: inside, program: "kubectl", want: filepath.Join(cache, "kubectl"),
		},
		"Without an environment all comes from the checkout": {
			workDir: inside, program: "etcd", want: filepath.Join(cache, "etcd"),
		},
		"A program that was not built names the remedy": {
			workDir: inside, program: "kube-controller-manager", wantErr: "make tools",
		},
		"A file that cannot be executed is no program": {
			workDir: inside, program: "kube-apiserver", wantErr: "make tools",
		},
		"Outside of a checkout the environment is the remedy": {
			workDir: t.TempDir(), program: "etcd", wantErr: "set " + assetsVariable,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv(assetsVariable, tc.assets)
			t.Chdir(tc.workDir)
			got, err := Program(t.Context(), tc.program)
			if got != tc.want {
				t.Errorf("Program(%q): want %q, got %q", tc.program, tc.want, got)
			}
			if tc.wantErr == "" && err != nil || tc.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tc.wantErr)) {
				t.Errorf("Program(%q): want an error with %q, got %v", tc.program, tc.wantErr, err)
			}
		})
	}
}

func TestTool(t *testing.T) {
	// A checkout whose build script prints a folder per tool.
	checkout := t.TempDir()
	cache := filepath.Join(checkout, "cache")
	for path, text := range map[string]string{
		filepath.Join(checkout, "go.mod"):                        "",
		filepath.Join(checkout, filepath.FromSlash(buildScript)): "#!/bin/sh\necho " + cache + "/$2\n",
		filepath.Join(cache, "crane", "crane"):                   "",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(checkout)
	if got, err := Tool(t.Context(), "crane"); err != nil || got != filepath.Join(cache, "crane", "crane") {
		t.Errorf("want the program of the tool, got %q and %v", got, err)
	}
	want := buildScript + " crank"
	if _, err := Tool(t.Context(), "crank"); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("want an error that says to run %q, got %v", want, err)
	}
}
