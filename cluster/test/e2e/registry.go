// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// Packages and their repositories.
const (
	providerName = "provider-openai"
	functionName = "function-patch-and-transform"
	functionTag  = "v0.10.7"
)

// A registry serves packages.
type registry struct {
	address string
	crane   string
	crank   string
	dir     string
}

// startRegistry starts the registry that packages are installed from.
func (w *environment) startRegistry(ctx context.Context) (*registry, error) {
	r := &registry{dir: filepath.Join(w.dir, "packages")}
	var err error
	if r.crane, err = controlplane.Tool(ctx, "crane"); err != nil {
		return nil, err
	}
	if r.crank, err = controlplane.Tool(ctx, "crank"); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make a folder for packages: %w", err)
	}
	if r.address, err = process.FreeAddress(ctx); err != nil {
		return nil, err
	}
	p, err := process.Start(ctx, process.Command{
		Path: r.crane, Name: "the registry", Log: w.log("registry"),
		Args: []string{"registry", "serve", "--address=" + r.address}, Env: []string{"HOME=" + w.dir},
	})
	if err != nil {
		return nil, err
	}
	w.processes = append(w.processes, p)
	return r, p.Await(ctx, process.Answers(http.DefaultClient, "http://"+r.address+"/v2/"))
}

// image is the reference of a package in the registry.
func (r *registry) image(name, tag string) string {
	return r.address + "/crossplane-contrib/" + name + ":" + tag
}

// push a package file.
func (r *registry) push(ctx context.Context, file, image string) error {
	_, err := execute(ctx, "", r.crank, "xpkg", "push", "--package-files="+file, image)
	return err
}

// pushProvider pushes the provider's package: the given file, or one that is built from package/
// without a runtime image.
func (r *registry) pushProvider(ctx context.Context, file, image string) error {
	if file == "" {
		file = filepath.Join(r.dir, "provider.xpkg")
		if _, err := execute(ctx, "", r.crank, "xpkg", "build", "--package-root=package", "--examples-root=examples", "--package-file="+file); err != nil {
			return err
		}
	}
	return r.push(ctx, file, image)
}

// pushFunction builds the function's package from its module, which has everything except the
// runtime image.
func (r *registry) pushFunction(ctx context.Context, image string) error {
	module, err := moduleDir(ctx, functionName, "github.com/crossplane-contrib/"+functionName)
	if err != nil {
		return err
	}
	none := filepath.Join(r.dir, "no-examples")
	if err := os.MkdirAll(none, 0o700); err != nil {
		return fmt.Errorf("cannot make a folder without examples: %w", err)
	}
	file := filepath.Join(r.dir, "function.xpkg")
	if _, err := execute(ctx, "", r.crank, "xpkg", "build", "--package-root="+filepath.Join(module, "package"), "--examples-root="+none, "--package-file="+file); err != nil {
		return err
	}
	return r.push(ctx, file, image)
}

// pushNext pushes a package again as another version: a label changes its digest, by which the
// package manager distinguishes versions.
func (r *registry) pushNext(ctx context.Context, image, next string) error {
	_, err := execute(ctx, "", r.crane, "mutate", image, "--label=org.opencontainers.image.version="+filepath.Base(next), "--tag="+next)
	return err
}
