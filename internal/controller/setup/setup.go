// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package setup adds managed resource controllers to a manager, all in the same
// way.
package setup

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/crossplane/crossplane-runtime/v2/pkg/statemetrics"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// Options of every managed resource controller.
type Options struct {
	controller.Options

	// Connector to OpenAI, shared so that all controllers share its clients.
	Connector *adminapi.Connector

	// MinPollInterval is the shortest interval that an object may ask for with the
	// crossplane.io/poll-interval annotation.
	MinPollInterval time.Duration

	// PollJitter is the greatest share of the poll interval, from 0 to 1, that is
	// added to it at random, so that objects made together are not polled together.
	PollJitter float64

	// InFlightGrace is how long after its creation a key that no Secret names is left
	// alone, because it may still be on its way into one.
	InFlightGrace time.Duration

	// Reassert is how often the scopes of keys are applied again, since OpenAI does not
	// tell whether somebody changed them; 0 for never.
	Reassert time.Duration
}

// A Resource is a kind of managed resource and how to reconcile it.
type Resource struct {
	// Object is an empty object of the kind.
	Object resource.Managed
	// List is an empty list of the kind.
	List resource.ManagedList
	// Options that differ from kind to kind, its connector among them.
	Options []managed.ReconcilerOption
}

// Gated adds the controller of a resource once the CRD of its kind exists, so
// that the provider can run with only some of its CRDs installed (safe-start).
func Gated(mgr ctrl.Manager, o Options, r Resource) error {
	gvk, err := apiutil.GVKForObject(r.Object, mgr.GetScheme())
	if err != nil {
		return fmt.Errorf("cannot tell the kind of %T: %w", r.Object, err)
	}
	return WhenEstablished(o, func() error {
		if err := Managed(mgr, o, r); err != nil {
			return fmt.Errorf("cannot set up the controller of %s: %w", gvk.Kind, err)
		}
		return nil
	}, gvk)
}

// WhenEstablished adds a controller once the CRDs of the kinds it needs exist; at
// once if the provider has no gate to wait at.
func WhenEstablished(o Options, add func() error, needs ...schema.GroupVersionKind) error {
	if o.Gate == nil {
		return add()
	}
	o.Gate.Register(func() {
		if err := add(); err != nil {
			// The gate has nobody to return an error to, and a provider without one of its
			// controllers would look healthy.
			panic(err)
		}
	}, needs...)
	return nil
}

// Managed adds the controller of a resource.
func Managed(mgr ctrl.Manager, o Options, r Resource) error {
	gvk, err := apiutil.GVKForObject(r.Object, mgr.GetScheme())
	if err != nil {
		return fmt.Errorf("cannot tell the kind of %T: %w", r.Object, err)
	}
	name := managed.ControllerName(gvk.GroupKind().String())

	opts := []managed.ReconcilerOption{
		managed.WithLogger(o.Logger.WithValues("controller", name)),
		managed.WithRecorder(event.NewAPIRecorder(mgr.GetEventRecorderFor(name), o.EventFilterFunctions...)),
		managed.WithPollInterval(o.PollInterval),
		managed.WithMinPollInterval(o.MinPollInterval),
		managed.WithPollIntervalHook(func(_ resource.Managed, interval time.Duration) time.Duration {
			return o.Jitter(interval)
		}),
		// OpenAI assigns most external names; the default initializer would make one up.
		managed.WithInitializers(),
	}
	if o.Features.Enabled(feature.EnableBetaManagementPolicies) {
		opts = append(opts, managed.WithManagementPolicies())
	}
	if o.Features.Enabled(feature.EnableAlphaChangeLogs) {
		opts = append(opts, managed.WithChangeLogger(o.ChangeLogOptions.ChangeLogger))
	}
	if m := o.MetricOptions; m != nil {
		opts = append(opts, managed.WithMetricRecorder(m.MRMetrics))
		if err := mgr.Add(statemetrics.NewMRStateRecorder(mgr.GetClient(), o.Logger, m.MRStateMetrics, r.List, m.PollStateMetricInterval)); err != nil {
			return fmt.Errorf("cannot add the state metrics of %s: %w", gvk.Kind, err)
		}
	}

	rec := managed.NewReconciler(mgr, resource.ManagedKind(gvk), append(opts, r.Options...)...)
	return ctrl.NewControllerManagedBy(mgr).
		Named(name).
		WithOptions(o.ForControllerRuntime()).
		WithEventFilter(resource.DesiredStateChanged()).
		For(r.Object).
		Complete(ratelimiter.NewReconciler(name, paced{rec, o}, o.GlobalRateLimiter))
}

// afterProgress is how soon to look at what was just created or deleted.
const afterProgress = time.Second

// paced reconciles again as soon as the failed calls of a reconcile suggest, and
// not as soon as the controller's back-off would.
type paced struct {
	reconcile.Reconciler
	o Options
}

// Reconcile an object.
func (p paced) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	ctx, pace := adminapi.WithPace(ctx)
	res, err := p.Reconciler.Reconcile(ctx, req)
	//nolint:staticcheck // crossplane-runtime v2.4 asks for a back-off with Requeue.
	if err != nil || !res.Requeue {
		return res, err
	}
	if pace.Progressed() {
		return reconcile.Result{RequeueAfter: afterProgress}, nil
	}
	if wait := pace.Wait(); wait > 0 {
		return reconcile.Result{RequeueAfter: p.o.Jitter(wait)}, nil
	}
	return res, nil
}

// Jitter lengthens an interval at random, within PollJitter.
func (o Options) Jitter(interval time.Duration) time.Duration {
	return interval + time.Duration(rand.Float64()*o.PollJitter*float64(interval)) //nolint:gosec // Spreading polls needs no secure randomness.
}
