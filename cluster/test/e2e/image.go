// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
)

// A program is what a container of an image runs.
type program struct {
	path string
	args []string
	// ports are the flags for the ports on which it listens. Pods can use the same ports; processes
	// of one machine cannot.
	ports map[string]string
}

// ports of packages by repository: the name of a port, and the flag for it.
var ports = map[string]map[string]string{
	providerName: {"metrics": "--metrics-bind-address", "health": "--health-probe-bind-address"},
	functionName: {"grpc": "--address"},
}

// program returns the program of an image: the one that was loaded for it, or the one in it, as a
// container engine would run it, or one that was built from the same source if the image has only a
// package.
func (k *kubelet) program(ctx context.Context, image string) (program, error) {
	if file, ok := k.isLoaded(image); ok {
		return program{path: file}, nil
	}
	repository, _, _ := strings.Cut(path.Base(image), ":")
	repository, _, _ = strings.Cut(repository, "@")
	p := program{ports: ports[repository]}
	config, err := execute(ctx, "", k.registry.crane, "config", image)
	if err != nil {
		return p, err
	}
	var c struct {
		Config struct {
			Entrypoint []string `json:"Entrypoint"`
			Cmd        []string `json:"Cmd"`
		} `json:"config"`
	}
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return p, fmt.Errorf("cannot read the configuration of image %q: %w", image, err)
	}
	if command := slices.Concat(c.Config.Entrypoint, c.Config.Cmd); len(command) > 0 {
		p.path, err = k.unpack(ctx, image, command[0])
		p.args = command[1:]
		return p, err
	}
	switch repository {
	case providerName:
		p.path, err = filepath.Abs(filepath.Join(k.bin, "provider"))
	case functionName:
		p.path, err = controlplane.Tool(ctx, functionName)
	default:
		err = fmt.Errorf("image %q has no program in it", image)
	}
	return p, err
}

// unpack one file of an image.
func (k *kubelet) unpack(ctx context.Context, image, file string) (_ string, err error) {
	cmd := exec.CommandContext(ctx, k.registry.crane, "export", image, "-")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("cannot export image %q: %w", image, err)
	}
	defer func() {
		_, _ = io.Copy(io.Discard, out)
		if failed := cmd.Wait(); failed != nil {
			err = errors.Join(err, fmt.Errorf("cannot export image %q: %w: %s", image, failed, stderr.String()))
		}
	}()
	for files := tar.NewReader(out); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return "", fmt.Errorf("image %q has no file %q", image, file)
		}
		if err != nil {
			return "", fmt.Errorf("cannot read image %q: %w", image, err)
		}
		if path.Clean("/"+h.Name) != path.Clean("/"+file) || h.Typeflag != tar.TypeReg {
			continue
		}
		dir, err := os.MkdirTemp(k.dir, "image-")
		if err != nil {
			return "", fmt.Errorf("cannot make a folder for image %q: %w", image, err)
		}
		target := filepath.Join(dir, path.Base(file))
		f, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY, 0o700) //nolint:gosec // it is a program
		if err != nil {
			return "", fmt.Errorf("cannot unpack image %q: %w", image, err)
		}
		_, err = io.Copy(f, files) //nolint:gosec // it is this project's package
		return target, errors.Join(err, f.Close())
	}
}
