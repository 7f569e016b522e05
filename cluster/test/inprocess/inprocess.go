// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package inprocess runs the provider in the process of a test.
package inprocess

import (
	"time"

	xpcontroller "github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/gate"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/customresourcesgate"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/config"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
	"github.com/crossplane-contrib/provider-openai/internal/controller/projectapikey"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// NewManager returns a manager with all of the provider's controllers, which poll each second.
// baseURL is the default of provider configurations. One process can start only one manager,
// because controller names are unique.
func NewManager(cfg *rest.Config, baseURL string) (ctrl.Manager, error) {
	return NewManagerWith(cfg, baseURL, nil)
}

// NewManagerWith returns such a manager with controllers for further kinds, whose types the scheme
// has.
func NewManagerWith(cfg *rest.Config, baseURL string, s *runtime.Scheme, more ...controller.Kind) (ctrl.Manager, error) {
	mgr, err := controller.NewManager(cfg, ctrl.Options{
		Scheme:  s,
		Metrics: metricsserver.Options{BindAddress: "0"},
		// In controller-runtime v0.23, the priority queue can deadlock at shutdown: it can hand an
		// item to a worker that has ended, under a lock for which the other workers wait.
		Controller: config.Controller{UsePriorityQueue: new(false)},
	})
	if err != nil {
		return nil, err
	}
	connector, err := connect.NewConnector(mgr.GetClient(), mgr.GetAPIReader(), baseURL)
	if err != nil {
		return nil, err
	}
	o := reconciler.Options{
		Options: xpcontroller.Options{
			Logger:                  logging.NewLogrLogger(ctrl.Log.WithName("provider-openai")),
			MaxConcurrentReconciles: 10,
			PollInterval:            time.Second,
			GlobalRateLimiter:       ratelimiter.NewGlobal(100),
			Features:                &feature.Flags{},
			Gate:                    &gate.Gate[schema.GroupVersionKind]{},
		},
		Connector:               connector,
		Ownership:               reconciler.NewOwnership(mgr.GetClient()),
		ClusterIdentityInterval: time.Second,
		MinPollInterval:         time.Second,
		InFlightGrace:           projectapikey.InFlightGrace,
	}
	o.Features.Enable(feature.EnableBetaManagementPolicies)
	if err := customresourcesgate.Setup(mgr, o.Options); err != nil {
		return nil, err
	}
	return mgr, controller.Setup(mgr, o, more...)
}
