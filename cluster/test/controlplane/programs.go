// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// assetsVariable is envtest's name for the folder of ready programs.
const assetsVariable = "KUBEBUILDER_ASSETS"

// buildScript builds the programs, and knows where it put them. Its path is
// relative to the checkout.
const buildScript = "cluster/tools/build.sh"

// Program returns the path of etcd, kube-apiserver, kube-controller-manager or
// kubectl: from the folder that KUBEBUILDER_ASSETS names, or else from the cache
// that "make tools" fills in the checkout around the working directory.
func Program(ctx context.Context, name string) (string, error) {
	assets := os.Getenv(assetsVariable)
	if assets != "" {
		if path := filepath.Join(assets, name); isExecutable(path) {
			return path, nil
		}
	}
	cache, err := toolCache(ctx, "kubernetes")
	if err != nil {
		return "", fmt.Errorf("cannot find %q in %s=%q, nor where it would be built: %w", name, assetsVariable, assets, err)
	}
	if path := filepath.Join(cache, name); isExecutable(path) {
		return path, nil
	}
	return "", fmt.Errorf("cannot find %q in %s=%q or in %q: run \"make tools\" to build it", name, assetsVariable, assets, cache)
}

// Tool returns the path of a program that the build script builds as a tool of its
// own, such as crane.
func Tool(ctx context.Context, name string) (string, error) {
	cache, err := toolCache(ctx, name)
	if err != nil {
		return "", fmt.Errorf("cannot find %q: %w", name, err)
	}
	if path := filepath.Join(cache, name); isExecutable(path) {
		return path, nil
	}
	return "", fmt.Errorf("cannot find %q in %q: run \"%s %[1]s\" to build it", name, cache, buildScript)
}

// toolCache asks the build script where the programs of a tool are for this checkout.
func toolCache(ctx context.Context, tool string) (string, error) {
	root, err := Checkout()
	if err != nil {
		return "", err
	}
	script := filepath.Join(root, filepath.FromSlash(buildScript))
	out, err := exec.CommandContext(ctx, script, "path", tool).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", fmt.Errorf("cannot run %q: %w", script, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Checkout is the root of this repository, around the working directory.
func Checkout() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("cannot find the working directory: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		_, module := os.Stat(filepath.Join(dir, "go.mod"))
		_, script := os.Stat(filepath.Join(dir, filepath.FromSlash(buildScript)))
		if module == nil && script == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%q is not in a checkout of this repository: set %s to a folder with the programs", start, assetsVariable)
		}
	}
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}
