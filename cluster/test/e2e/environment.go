// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	extv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	pkgv1beta1 "github.com/crossplane/crossplane/apis/v2/pkg/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	systemNamespace = "crossplane-system"
	// tenant is the namespace of the examples.
	tenant = "team-a"

	// stopTimeout limits the cleanup, so that the program always ends.
	stopTimeout = time.Minute
)

// An environment is everything that runs, and its folder.
type environment struct {
	options
	dir  string
	logs string

	plane    *controlplane.ControlPlane
	kube     client.Client
	sim      *simulator.HTTP
	registry *registry
	kubelet  *kubelet
	internet *internet
	network  *network

	// processes of Crossplane and the registry, in the order of their start.
	processes []*process.Process

	// restarts of the API server.
	restarts []period

	// seen is compared with by later assertions.
	seen earlierState
}

func newEnvironment(o options) (*environment, error) {
	if _, err := os.Stat(filepath.Join("package", "crossplane.yaml")); err != nil {
		return nil, fmt.Errorf("run this at the root of the checkout, as \"make e2e\" does: %w", err)
	}
	dir, err := os.MkdirTemp("", "provider-e2e-")
	if err != nil {
		return nil, fmt.Errorf("cannot make a folder for state and logs: %w", err)
	}
	w := &environment{options: o, dir: dir, logs: filepath.Join(dir, "logs"), sim: simulator.NewHTTP()}
	// The limit of a spending that an alert overwrites has to be set back.
	w.sim.SetQuirks(simulator.Quirks{SpendAlertSetsLimit: true})
	if err := os.MkdirAll(w.logs, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot make a folder for logs: %w", err), w.close(false))
	}
	return w, nil
}

func (w *environment) log(name string) string { return filepath.Join(w.logs, name+".log") }

// start everything that the assertions need.
func (w *environment) start(ctx context.Context) error {
	var err error
	w.plane, err = controlplane.Start(ctx, controlplane.Options{
		ControllerManager: true,
		Controllers:       []string{"deployment-controller", "replicaset-controller", "clusterrole-aggregation-controller"},
		StateDir:          filepath.Join(w.dir, "control-plane"),
		LogDir:            w.logs,
	})
	if err != nil {
		return err
	}
	scheme, err := newScheme()
	if err != nil {
		return err
	}
	if w.kube, err = client.New(w.plane.Config, client.Options{Scheme: scheme, FieldOwner: "e2e"}); err != nil {
		return fmt.Errorf("cannot make a client for the control plane: %w", err)
	}
	if w.registry, err = w.startRegistry(ctx); err != nil {
		return err
	}
	if err := w.startNode(ctx, w.sim); err != nil {
		return err
	}
	return w.startCrossplane(ctx)
}

// startNode starts the kubelet, and the network of its pods, in which a handler is OpenAI.
func (w *environment) startNode(ctx context.Context, openAI http.Handler) (err error) {
	w.kubelet = newKubelet(w)
	if w.internet, err = newInternet(ctx, w.dir, openAI); err != nil {
		return err
	}
	if w.network, err = newNetwork(ctx, w.kube, w.kubelet, w.internet); err != nil {
		return err
	}
	w.kubelet.outside = w.network.outside()
	w.kubelet.start(ctx)
	return nil
}

func newScheme() (*runtime.Scheme, error) {
	s, err := controller.Scheme()
	if err != nil {
		return nil, err
	}
	for _, add := range []func(*runtime.Scheme) error{pkgv1.AddToScheme, pkgv1beta1.AddToScheme, extv1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			return nil, fmt.Errorf("cannot make the scheme: %w", err)
		}
	}
	return s, nil
}

// close ends everything, and deletes everything except the logs, and these too unless they are to
// be kept.
func (w *environment) close(keepLogs bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	var errs []error
	if w.kubelet != nil {
		w.kubelet.stop(ctx)
	}
	for _, p := range slices.Backward(w.processes) {
		p.Terminate(ctx)
	}
	if w.network != nil {
		w.network.close()
	}
	if w.internet != nil {
		w.internet.close()
	}
	if w.plane != nil {
		errs = append(errs, w.plane.Stop())
	}
	w.sim.Close()
	if !keepLogs {
		return errors.Join(append(errs, os.RemoveAll(w.dir))...)
	}
	entries, err := os.ReadDir(w.dir)
	errs = append(errs, err)
	for _, e := range entries {
		// Files with credentials are deleted.
		if path := filepath.Join(w.dir, e.Name()); path != w.logs {
			errs = append(errs, os.RemoveAll(path))
		}
	}
	fmt.Fprintf(os.Stderr, "e2e: the logs are in %s\n", w.logs)
	return errors.Join(errs...)
}

// execute a program until it ends, and return its output, which errors contain too.
func execute(ctx context.Context, dir, path string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("cannot run %s %s: %w: %s", filepath.Base(path), strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}
