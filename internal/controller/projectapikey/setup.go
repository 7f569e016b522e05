// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package projectapikey issues, stores, updates and revokes OpenAI API keys. A reconcile observes
// the object (observe_read.go), decides what is due (decide.go), and does that in phases:
// observe.go, issue.go, update.go, retire.go, revoke.go and adopt.go. The state of a key is in
// annotations of its Secret (key_state.go).
package projectapikey

import (
	"context"
	"fmt"
	"time"

	xpevent "github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// ProjectAPIKey is a kind that does more than to create, read, update and delete.
var ProjectAPIKey kind

type kind struct{}

// New returns an empty ProjectAPIKey.
func (kind) New() reconciler.Object { return &v1alpha1.ProjectAPIKey{} }

// Validate has nothing to check: no function of this kind is optional.
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
		apiReader: mgr.GetAPIReader(),
		events:    reconciler.NewRecorder(mgr, o, "projectapikey"),
		now:       time.Now,
		memory:    &memory{},
		ownership: o.Ownership,
		timing:    timing{inFlightGrace: o.InFlightGrace, scopesReapplyInterval: o.ScopesReapplyInterval},
	}
	return reconciler.SetupGated(mgr, o, reconciler.Resource{
		Object:         &v1alpha1.ProjectAPIKey{},
		List:           &v1alpha1.ProjectAPIKeyList{},
		OwnAnnotations: []string{annotationKeysInFlight},
		Connector:      reconciler.Connector[*v1alpha1.ProjectAPIKey](c),
		// The Secret shows which key is the object's.
		IDInSecret: true,
		Finalizer: func(f resource.Finalizer) resource.Finalizer {
			return finalizer{Finalizer: f, kube: c.kube, apiReader: c.apiReader}
		},
		Options: []managed.ReconcilerOption{
			// The names of keys are deterministic, so that an interrupted Create is safe to
			// repeat.
			managed.WithDeterministicExternalName(true),
			// The Secret shows what was created; nothing needs to be awaited.
			managed.WithCreationGracePeriod(0),
			managed.WithPollIntervalHook(func(mg resource.Managed, interval time.Duration) time.Duration {
				return c.memory.forObject(mg.GetUID()).requeueAfter(o.NextPoll(mg.GetUID(), interval), c.now())
			}),
		},
	})
}

type connector struct {
	openai interface {
		Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*connect.Access, error)
	}
	freshness reconciler.FreshSince
	kube      client.Client
	apiReader client.Reader
	events    xpevent.Recorder
	now       func() time.Time
	memory    *memory
	ownership *reconciler.Ownership
	timing    timing
}

// Connect checks, before any call, that the provider configuration allows what
// the object asks for.
func (c *connector) Connect(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.TypedExternalClient[*v1alpha1.ProjectAPIKey], error) {
	access, err := c.openai.Connect(ctx, cr, cr.Spec.ForProvider.OrganizationID)
	if err != nil {
		return nil, err
	}
	// A key stays in its project, whatever the spec or the default says later.
	project := cr.Spec.ForProvider.ProjectID
	if made := cr.Status.AtProvider.ProjectID; made != "" {
		project = &made
	}
	conn, err := access.InProject(ctx, project)
	if err != nil {
		return nil, err
	}
	return &external{
		timing: c.timing,
		keyClient: &keyClient{
			kube:      c.kube,
			apiReader: c.apiReader,
			conn:      conn,
			now:       c.now,
			clockOffset: func() time.Duration {
				ahead, _ := conn.Clock().Offset()
				if ahead.Abs() < clockAccuracy {
					return 0
				}
				return ahead
			},
			memory:      c.memory,
			ownership:   c.ownership,
			listedSince: c.freshness(cr),
			emit:        emitterFor(cr, c.events),
		},
	}, nil
}

// clockAccuracy is that of the Date header of replies, which has whole seconds.
const clockAccuracy = 2 * time.Second

// A finalizer deletes the Secret of a key that was revoked with its object, and releases that of
// one that outlives it.
type finalizer struct {
	resource.Finalizer
	kube      client.Client
	apiReader client.Reader
}

// RemoveFinalizer deletes or releases the Secrets before the object goes.
func (f finalizer) RemoveFinalizer(ctx context.Context, o resource.Object) error {
	if cr, ok := o.(*v1alpha1.ProjectAPIKey); ok {
		end := deleteSecrets
		if !mayDelete(cr) {
			end = releaseSecrets
		}
		if err := end(ctx, f.kube, f.apiReader, cr); err != nil {
			return err
		}
	}
	return f.Finalizer.RemoveFinalizer(ctx, o)
}
