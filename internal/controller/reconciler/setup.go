// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package reconciler is what the controllers of all managed resources have in common: it wraps
// the managed reconciler of crossplane-runtime.
package reconciler

import (
	"fmt"
	"slices"
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

	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
)

// Options of every managed resource controller.
type Options struct {
	controller.Options

	// Connector to OpenAI, shared so that all controllers share its clients.
	Connector *connect.Connector

	// Ownership is the index that all controllers share.
	Ownership *Ownership

	// ClusterIdentity follows what verifies this cluster's ServiceAccount tokens; nil: controller.Setup
	// makes one.
	ClusterIdentity *clusteridentity.Follower

	// ClusterIdentityInterval is how often that is read; 0: clusteridentity.DefaultInterval.
	ClusterIdentityInterval time.Duration

	// MinPollInterval is the shortest interval that an object may ask for with the
	// crossplane.io/poll-interval annotation.
	MinPollInterval time.Duration

	// PollJitter is the greatest share of the poll interval, from 0 to 1, that is added to it at
	// random, so that objects created together are not polled together.
	PollJitter float64

	// InFlightGrace is how long after its creation a key that no Secret names is not revoked,
	// because it may still be in flight into one.
	InFlightGrace time.Duration

	// ScopesReapplyInterval is how often the scopes of keys are applied again, since OpenAI does
	// not show whether somebody changed them; 0: never.
	ScopesReapplyInterval time.Duration
}

// A Resource is a kind of managed resource and how to reconcile it.
type Resource struct {
	// Object is an empty object of the kind.
	Object Object
	// List is an empty list of the kind.
	List resource.ManagedList
	// Connector to OpenAI.
	Connector managed.ExternalConnector
	// IDInSecret reports that the ID is kept in a Secret, as that of a key is.
	IDInSecret bool
	// IDFromSpec reports that the ID follows from the spec: the external name only shows it, and
	// the external client gives the ID that the object manages.
	IDFromSpec bool
	// Finalizer of the kind, which wraps the one that it is given; nil: the kind has none.
	Finalizer func(resource.Finalizer) resource.Finalizer
	// Options that differ from kind to kind.
	Options []managed.ReconcilerOption
	// OwnAnnotations are those that the controller itself writes. Changes of them trigger no
	// reconcile.
	OwnAnnotations []string
}

// SetupGated adds the controller of a resource once the CRD of its kind exists, so
// that the provider can run with only some of its CRDs installed (safe-start).
func SetupGated(mgr ctrl.Manager, o Options, r Resource) error {
	gvk, err := apiutil.GVKForObject(r.Object, mgr.GetScheme())
	if err != nil {
		return fmt.Errorf("cannot determine the kind of %T: %w", r.Object, err)
	}
	return WhenEstablished(o, func() error {
		if err := Setup(mgr, o, r); err != nil {
			return fmt.Errorf("cannot set up the controller of %s: %w", gvk.Kind, err)
		}
		return nil
	}, gvk)
}

// WhenEstablished adds a controller once the CRDs of the kinds that it needs are established, or at
// once if the provider has no gate.
func WhenEstablished(o Options, add func() error, needs ...schema.GroupVersionKind) error {
	if o.Gate == nil {
		return add()
	}
	o.Gate.Register(func() {
		if err := add(); err != nil {
			// The gate takes no error, and a provider without one of its controllers would look
			// healthy.
			panic(err)
		}
	}, needs...)
	return nil
}

// Setup adds the controller of a resource.
func Setup(mgr ctrl.Manager, o Options, r Resource) error {
	gvk, err := apiutil.GVKForObject(r.Object, mgr.GetScheme())
	if err != nil {
		return fmt.Errorf("cannot determine the kind of %T: %w", r.Object, err)
	}
	name := managed.ControllerName(gvk.GroupKind().String())
	if o.Ownership == nil {
		return fmt.Errorf("objects of kind %s cannot be set up without Options.Ownership", gvk.Kind)
	}
	if err := o.Ownership.add(mgr, gvk.Kind, managedKind{object: r.Object, list: r.List, idFromSpec: r.IDFromSpec}); err != nil {
		return err
	}

	if m := o.MetricOptions; m != nil {
		// The recorder fills its list, which others share.
		list, ok := r.List.DeepCopyObject().(resource.ManagedList)
		if !ok {
			return fmt.Errorf("%T is not a list of managed resources", r.List)
		}
		if err := mgr.Add(statemetrics.NewMRStateRecorder(uncopiedClient{mgr.GetClient()}, o.Logger, m.MRStateMetrics, list, m.PollStateMetricInterval)); err != nil {
			return fmt.Errorf("cannot add the state metrics of %s: %w", gvk.Kind, err)
		}
	}
	return ctrl.NewControllerManagedBy(mgr).
		Named(name).
		WithOptions(o.ForControllerRuntime()).
		WithEventFilter(desiredStateChanged(r.OwnAnnotations...)).
		For(r.Object).
		WatchesRawSource(o.Ownership.queueOf(gvk.Kind)).
		Complete(ratelimiter.NewReconciler(name, reconciler(mgr, o, r, name, gvk), o.GlobalRateLimiter))
}

// reconciler of a resource. It writes to Kubernetes only what changed, and waits for OpenAI's rate
// limit without calling that an error.
func reconciler(mgr ctrl.Manager, o Options, r Resource, name string, gvk schema.GroupVersionKind) reconcile.Reconciler {
	kube := runtimeClient{mgr.GetClient()}
	ids := idKeeper{client: kube, ownership: o.Ownership, kind: gvk.Kind, idInSecret: r.IDInSecret, idFromSpec: r.IDFromSpec, ownAnnotations: r.OwnAnnotations}
	var finalizer resource.Finalizer = finalizer{client: kube, ownership: o.Ownership}
	if r.Finalizer != nil {
		finalizer = r.Finalizer(finalizer)
	}
	opts := []managed.ReconcilerOption{
		managed.WithLogger(o.Logger.WithValues("controller", name)),
		managed.WithPollInterval(o.PollInterval),
		managed.WithMinPollInterval(o.MinPollInterval),
		managed.WithPollIntervalHook(func(mg resource.Managed, interval time.Duration) time.Duration {
			return o.NextPoll(mg.GetUID(), interval)
		}),
		// OpenAI assigns most external names; the default initializer would make one up.
		managed.WithInitializers(ids),
		managed.WithFinalizer(finalizer),
		managed.WithReferenceResolver(references{client: kube, targets: targets{mgr.GetClient()}, ownership: o.Ownership}),
		managed.WithCriticalAnnotationUpdater(criticalAnnotations{kube}),
		managed.WithExternalConnector(connector{ExternalConnector: r.Connector, client: kube, ids: ids, poll: o.PollInterval}),
	}
	if o.Features.Enabled(feature.EnableBetaManagementPolicies) {
		opts = append(opts, managed.WithManagementPolicies())
	}
	if o.Features.Enabled(feature.EnableAlphaChangeLogs) {
		opts = append(opts, managed.WithChangeLogger(changeLog{o.ChangeLogOptions.ChangeLogger}))
	}
	if m := o.MetricOptions; m != nil {
		opts = append(opts, managed.WithMetricRecorder(m.MRMetrics))
	}
	opts = append(opts, r.Options...)
	record := NewRecorder(mgr, o, name)
	return requeuer{
		newRuntime: func(events event.Recorder) reconcile.Reconciler {
			return managed.NewReconciler(runtimeManager{mgr}, resource.ManagedKind(gvk), append(slices.Clip(opts), managed.WithRecorder(events))...)
		},
		o:          o,
		kind:       gvk.Kind,
		record:     record,
		waitEvents: &waitEvents{record: record, limiter: waitEventLimiter},
		ids:        ids,
		ownership:  o.Ownership,
	}
}
