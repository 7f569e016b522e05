// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package truthtable compares what tools make of an object's status with what is
// true of the object. It is a module of its own, so that nothing else depends on
// the libraries of those tools.
package truthtable

import (
	"context"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"time"

	xpcontroller "github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/gate"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/customresourcesgate"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/crossplane-contrib/provider-openai/cluster/controlplane"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
	"github.com/crossplane-contrib/provider-openai/internal/controller/projectapikey"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// root of the repository, as seen from this folder.
var root = filepath.Join("..", "..", "..")

// A place is a control plane with the provider's kinds. The provider comes and goes.
type place struct {
	cp   *controlplane.ControlPlane
	kube client.Client
	// kubeconfig is a file for kubectl.
	kubeconfig string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	cp, err := controlplane.Start(t.Context(), controlplane.Options{CRDDirectories: []string{filepath.Join(root, "package", "crds")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	scheme, err := controller.Scheme()
	if err != nil {
		t.Fatal(err)
	}
	kube, err := client.New(cp.Config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	p := &place{cp: cp, kube: kube, kubeconfig: filepath.Join(cp.StateDir, "kubeconfig")}
	if err := cp.WriteKubeConfig(p.kubeconfig); err != nil {
		t.Fatal(err)
	}
	ctrl.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	return p
}

// startProvider runs the provider until it is told to stop. It cannot be started again:
// one process uses the name of a controller only once.
func (p *place) startProvider(t *testing.T) (stop func()) {
	t.Helper()
	mgr, err := controller.NewManager(p.cp.Config, ctrl.Options{Metrics: metricsserver.Options{BindAddress: "0"}})
	if err != nil {
		t.Fatal(err)
	}
	// Each tenant has an OpenAI of its own, so that the default is none.
	connector, err := adminapi.NewConnector(mgr.GetClient(), mgr.GetAPIReader(), "http://127.0.0.1:1/v1/")
	if err != nil {
		t.Fatal(err)
	}
	o := setup.Options{
		Options: xpcontroller.Options{
			Logger:                  logging.NewLogrLogger(ctrl.Log.WithName("provider-openai")),
			MaxConcurrentReconciles: 10,
			PollInterval:            time.Second,
			GlobalRateLimiter:       ratelimiter.NewGlobal(100),
			Features:                &feature.Flags{},
			Gate:                    &gate.Gate[schema.GroupVersionKind]{},
		},
		Connector:       connector,
		MinPollInterval: time.Second,
		InFlightGrace:   projectapikey.InFlightGrace,
	}
	o.Features.Enable(feature.EnableBetaManagementPolicies)
	if err := customresourcesgate.Setup(mgr, o.Options); err != nil {
		t.Fatal(err)
	}
	if err := controller.Setup(mgr, o); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- mgr.Start(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}
