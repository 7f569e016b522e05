// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package projectapikey issues, stores, updates and revokes OpenAI API keys.
package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	xpevent "github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// ProjectAPIKey is a kind whose life is more than to be created, read, updated and deleted.
var ProjectAPIKey kind

type kind struct{}

// New returns an empty ProjectAPIKey.
func (kind) New() reconciler.Object { return &v1alpha1.ProjectAPIKey{} }

// Validate has nothing to find: there is one such kind, and its functions are all there.
func (kind) Validate() error { return nil }

// Setup adds the controller of ProjectAPIKeys to a manager.
func (kind) Setup(mgr ctrl.Manager, o reconciler.Options) error {
	if o.MetricOptions != nil {
		if err := metrics.Registry.Register(keyMetrics{mgr.GetClient()}); err != nil {
			return fmt.Errorf("cannot add the metrics of keys: %w", err)
		}
	}
	c := &connector{
		openai:    o.Connector,
		freshness: o.Since,
		kube:      reconciler.SkippingUnchanged(mgr).GetClient(),
		live:      mgr.GetAPIReader(),
		events:    reconciler.NewRecorder(mgr, o, "projectapikey"),
		now:       time.Now,
		alarms:    &alarms{},
		issues:    &memory{},
		owners:    o.Ownership,
		timing:    timing{inFlightGrace: o.InFlightGrace, scopesReapplyInterval: o.ScopesReapplyInterval},
	}
	return reconciler.SetupGated(mgr, o, reconciler.Resource{
		Object:         &v1alpha1.ProjectAPIKey{},
		List:           &v1alpha1.ProjectAPIKeyList{},
		OwnAnnotations: []string{annotationKeysInFlight},
		Connector:      reconciler.Connector[*v1alpha1.ProjectAPIKey](c),
		// The Secret tells which key counts.
		IdentityElsewhere: true,
		Finalizer: func(f resource.Finalizer) resource.Finalizer {
			return finalizer{Finalizer: f, creating: &c.creating, kube: c.kube, live: c.live}
		},
		Options: []managed.ReconcilerOption{
			// The names of keys are deterministic, so that an interrupted Create is safe to
			// repeat.
			managed.WithDeterministicExternalName(true),
			// The Secret tells what was created; nothing need be awaited.
			managed.WithCreationGracePeriod(0),
			managed.WithPollIntervalHook(func(mg resource.Managed, interval time.Duration) time.Duration {
				return c.alarms.within(mg.GetUID(), o.NextPoll(mg.GetUID(), interval), c.now())
			}),
		},
	})
}

type connector struct {
	openai interface {
		Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*connect.Access, error)
	}
	freshness reconciler.Freshness
	kube      client.Client
	live      client.Reader
	events    xpevent.Recorder
	now       func() time.Time
	alarms    *alarms
	issues    *memory
	owners    *reconciler.Ownership
	timing    timing

	// creating are the UIDs of objects for which Create is called next.
	creating sync.Map
}

// Connect checks, before any call, that the provider configuration allows what
// the object asks for.
func (c *connector) Connect(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.TypedExternalClient[*v1alpha1.ProjectAPIKey], error) {
	access, err := c.openai.Connect(ctx, cr, cr.Spec.ForProvider.OrganizationID)
	if err != nil {
		return nil, err
	}
	// A key stays in its project, whatever becomes the default, or is written later.
	project := cr.Spec.ForProvider.ProjectID
	if made := cr.Status.AtProvider.ProjectID; made != "" {
		project = &made
	}
	conn, err := access.InProject(ctx, project)
	if err != nil {
		return nil, err
	}
	c.creating.Delete(cr.GetUID())
	return &external{
		alarms:   c.alarms,
		creating: &c.creating,
		timing:   c.timing,
		keyClient: &keyClient{
			kube: c.kube,
			live: c.live,
			conn: conn,
			now:  c.now,
			clockOffset: func() time.Duration {
				ahead, _ := conn.Clock().Offset()
				if ahead.Abs() < clockAccuracy {
					return 0
				}
				return ahead
			},
			memory:      c.issues,
			owners:      c.owners,
			listedSince: c.freshness(cr),
			emit: func(e event) {
				keyChanges.WithLabelValues(e.reason).Inc()
				if e.warning {
					c.events.Event(cr, xpevent.Warning(xpevent.Reason(e.reason), errors.New(e.message)))
					return
				}
				c.events.Event(cr, xpevent.Normal(xpevent.Reason(e.reason), e.message))
			},
		},
	}, nil
}

// clockAccuracy of what is known of OpenAI's clock: its replies tell whole seconds.
const clockAccuracy = 2 * time.Second

// alarms wake objects when something falls due before their next poll.
type alarms struct{ at sync.Map }

// noAlarm is no time to wake at.
var noAlarm time.Time

func (a *alarms) set(uid types.UID, at time.Time) {
	if at.IsZero() {
		a.at.Delete(uid)
		return
	}
	a.at.Store(uid, at)
}

// within returns the poll interval, or the time to the alarm if that is sooner.
func (a *alarms) within(uid types.UID, interval time.Duration, now time.Time) time.Duration {
	at, ok := a.at.Load(uid)
	if !ok {
		return interval
	}
	// A moment later than due, since OpenAI counts in whole seconds.
	return min(interval, max(at.(time.Time).Sub(now), 0)+time.Second) //nolint:forcetypeassert // Only set stores.
}

// A finalizer removes the Secret of a key that ended with its object, and releases that
// of one that lives on.
type finalizer struct {
	resource.Finalizer
	creating *sync.Map
	kube     client.Client
	live     client.Reader
}

// AddFinalizer to an object. One that is about to be created is written by the
// runtime before it calls Create, with the finalizer, so that this need not cost a
// write of its own.
func (f finalizer) AddFinalizer(ctx context.Context, o resource.Object) error {
	if _, ok := f.creating.LoadAndDelete(o.GetUID()); ok {
		meta.AddFinalizer(o, managed.FinalizerName)
		return nil
	}
	return f.Finalizer.AddFinalizer(ctx, o)
}

// RemoveFinalizer of an object, whose Secret stays if its key does.
func (f finalizer) RemoveFinalizer(ctx context.Context, o resource.Object) error {
	if cr, ok := o.(*v1alpha1.ProjectAPIKey); ok {
		end := deleteSecrets
		if !mayDelete(cr) {
			end = releaseSecrets
		}
		if err := end(ctx, f.kube, f.live, cr); err != nil {
			return err
		}
	}
	return f.Finalizer.RemoveFinalizer(ctx, o)
}
