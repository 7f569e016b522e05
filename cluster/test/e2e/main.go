// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command e2e tests the package on a real Crossplane: its core and its RBAC manager run against a
// real Kubernetes control plane, the package manager installs the package from a registry, and a
// real function composes the resources of the platform example. A pod of a tenant works without a
// key, while the API server's signing key is rotated.
//
// Only the kubelet is simulated: it runs the pods of the provider, of the function and of the tenant
// as processes of this machine. The first two have only the token of their pod's ServiceAccount, and
// thereby the permissions that the RBAC manager granted; the tenant's has only its projected token.
// OpenAI is the simulator, under its real host names.
//
// "make e2e" runs it. Every assertion is printed as it passes; when one does not, the
// logs are kept.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// options of a run.
type options struct {
	bin       string
	xpkg      string
	rotations int
	keepLogs  bool
}

func main() { process.Main("e2e", run) }

func run(ctx context.Context, args []string) (err error) {
	var o options
	flags := flag.NewFlagSet("e2e", flag.ContinueOnError)
	flags.StringVar(&o.bin, "bin", filepath.Join("_output", "bin"), "folder of the provider that runs if the package has none in it")
	flags.StringVar(&o.xpkg, "xpkg", "", "package to install (default: built from package/, without an image)")
	flags.IntVar(&o.rotations, "rotations", 3, "how often the API server's signing key is rotated while pods exchange tokens")
	flags.BoolVar(&o.keepLogs, "keep-logs", false, "keep the logs even if everything passes")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	// envtest logs nothing beyond the control plane's own logs.
	ctrl.SetLogger(zap.New(zap.WriteTo(io.Discard)))

	began := time.Now()
	w, err := newEnvironment(o) //nolint:contextcheck // cleanup continues after the context has ended
	if err != nil {
		return err
	}
	s := &suite{out: os.Stdout}
	err = w.prove(ctx, s)
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	failed := err != nil
	err = errors.Join(err, w.close(failed || o.keepLogs)) //nolint:contextcheck // as above
	s.finish(time.Since(began), failed)
	return err
}

// prove starts everything and makes all assertions, up to the first that fails: later ones depend
// on earlier ones.
func (w *environment) prove(ctx context.Context, s *suite) error {
	if err := w.start(ctx); err != nil {
		return err
	}
	for _, scenario := range []func(context.Context, *suite) error{
		w.installs,
		w.activates,
		w.composes,
		w.claims,
		w.guards,
		w.narrows,
		w.obeysPolicies,
		w.obeysAnnotations,
		w.keepsConfigs,
		w.limitsNamespaces,
		w.acceptsExamples,
		w.upgrades,
		w.takesOver,
		w.deletesInForeground,
		w.deletes,
		w.keyless,
		w.revealsNothing,
	} {
		if err := scenario(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
