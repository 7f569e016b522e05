// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
)

// A kubectl runs the real kubectl against the demo's control plane.
type kubectl struct {
	path string
	env  []string
	out  io.Writer
}

func newKubectl(ctx context.Context, p workdir, out io.Writer) (*kubectl, error) {
	path, err := controlplane.Program(ctx, "kubectl")
	if err != nil {
		return nil, err
	}
	env := append(environment(),
		"KUBECONFIG="+p.kubeConfig(),
		// kubectl's cache is keyed by address, which an earlier demo may have used.
		"KUBECACHEDIR="+p.kubectlCache(),
	)
	return &kubectl{path: path, env: env, out: out}, nil
}

// run a command, and show it as a user would type it, with its output.
func (k *kubectl) run(ctx context.Context, args ...string) error {
	return k.runWith(ctx, "", "%s", args...)
}

// runWith runs a command with input. The format shows how a shell passes the input to the command.
func (k *kubectl) runWith(ctx context.Context, input, format string, args ...string) error {
	_, _ = fmt.Fprintf(k.out, "$ "+format+"\n", "kubectl "+quote(args))
	cmd := exec.CommandContext(ctx, k.path, args...)
	cmd.Env = k.env
	cmd.Stdin = strings.NewReader(input)
	cmd.Stdout, cmd.Stderr = k.out, k.out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("kubectl %s failed, see above: %w", args[0], err)
	}
	return nil
}

// get returns the output of a command without showing it.
func (k *kubectl) get(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, k.path, args...)
	cmd.Env = k.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", quote(args), err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}

// environment is this process's environment without OpenAI's variables: the provider must find its
// credentials as in a cluster, and no other program needs them.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "OPENAI_") })
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_./:=,@%+-]+$`)

// quote writes arguments as a shell reads them.
func quote(args []string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		if quoted[i] = a; !plain.MatchString(a) {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
