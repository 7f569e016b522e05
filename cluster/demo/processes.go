// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

const pollInterval = 50 * time.Millisecond

func (d *demo) startControlPlane(ctx context.Context) error {
	d.heading("Starting etcd, kube-apiserver and kube-controller-manager, with the provider's CRDs")
	c, err := controlplane.Start(ctx, controlplane.Options{
		CRDDirectories:    []string{filepath.Join("package", "crds")},
		ControllerManager: true,
		StateDir:          d.workdir.controlPlane(),
		LogDir:            d.workdir.logs(),
	})
	if err != nil {
		return err
	}
	if err := c.WriteKubeConfig(d.workdir.kubeConfig()); err != nil {
		return err
	}
	if err := d.kubectl.run(ctx, "version"); err != nil {
		return err
	}
	return d.kubectl.run(ctx, "api-resources", "--api-group=openai.crossplane.io")
}

// startSimulator starts the simulator of OpenAI.
func (d *demo) startSimulator(ctx context.Context) error {
	d.heading("Starting the simulator, which stands in for OpenAI")
	p, err := d.start(ctx, "simulator", nil, d.workdir.simulatorMark())
	if err != nil {
		return err
	}
	return p.Await(ctx, func(context.Context) bool {
		// Its output is read from its log, because a pipe would break when this program ends.
		data, _ := os.ReadFile(d.workdir.log("simulator"))
		line, _, complete := bytes.Cut(data, []byte("\n"))
		url, found := strings.CutPrefix(string(line), "listening on ")
		d.baseURL = url
		return complete && found
	})
}

// startProvider starts the provider as it runs in a cluster, but as a process and not in a pod.
func (d *demo) startProvider(ctx context.Context) error {
	d.heading("Starting the provider")
	metrics, err := process.FreeAddress(ctx)
	if err != nil {
		return err
	}
	health, err := process.FreeAddress(ctx)
	if err != nil {
		return err
	}
	// The provider's own namespace in a cluster.
	if err := d.kubectl.run(ctx, "create", "namespace", systemNamespace); err != nil {
		return err
	}
	args := []string{
		"--leader-election-namespace=" + systemNamespace,
		"--poll=10s",
		// The log explains failures, and is searched for secrets.
		"--debug",
		"--metrics-bind-address=" + metrics,
		"--health-probe-bind-address=" + health,
		d.workdir.providerMark(),
	}
	p, err := d.start(ctx, "provider", []string{"KUBECONFIG=" + d.workdir.kubeConfig()}, args...)
	if err != nil {
		return err
	}
	err = p.Await(ctx, process.Answers(http.DefaultClient, "http://"+health+"/readyz"))
	if err != nil {
		return err
	}
	d.say("It is ready. Metrics: http://%s/metrics", metrics)
	return nil
}

// start a program that outlives this one and that Ctrl-C does not reach. It is found by its
// arguments to be stopped.
func (d *demo) start(ctx context.Context, name string, env []string, args ...string) (*process.Process, error) {
	path := filepath.Join(d.bin, name)
	d.say("%s %s", relative(path), quote(args))
	p, err := process.Start(ctx, process.Command{
		Path: path, Name: "the " + name, Args: args, Env: append(environment(), env...), Log: d.workdir.log(name),
	})
	if err != nil {
		return nil, fmt.Errorf("%w: run \"make build\"", err)
	}
	return p, nil
}

// tailBytes is how much of a log is shown after a failure.
const tailBytes = 4096

// printTail shows the end of a program's log, if any.
func (d *demo) printTail(program string) {
	f, err := os.Open(d.workdir.log(program))
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	_, err = f.Seek(-tailBytes, io.SeekEnd)
	whole := err != nil // the log is shorter
	data, err := io.ReadAll(f)
	if err != nil {
		return
	}
	if _, rest, ok := bytes.Cut(data, []byte("\n")); ok && !whole {
		data = rest
	}
	d.heading("The end of the %s's log", program)
	_, _ = d.out.Write(data)
}
