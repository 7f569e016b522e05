// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"errors"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// cluster is what the kinds of workload identity use of the cluster beside their objects.
type cluster struct {
	identity interface {
		Identity(ctx context.Context) (clusteridentity.Identity, error)
		Last() clusteridentity.Identity
	}
	// reader reads without a cache, which would hold all ConfigMaps of the cluster.
	reader client.Reader
	writer client.Writer
	// reconcileRules has the rules of a workload identity provider reconciled.
	reconcileRules func(ctx context.Context, provider string)
}

// errNotBound is returned for a kind that is used without its Bind.
var errNotBound = errors.New("the kind was not bound to its managed resource")

// A clusterKind is a kind that uses the cluster beside its objects.
type clusterKind[M reconciler.Object, O any] struct {
	in func(cl cluster) crud.Kind[M, O]

	// setup adds what the kind needs beside its controller. Nil: nothing.
	setup func(mgr ctrl.Manager, o reconciler.Options)
}

// New returns an empty object of the kind.
func (k clusterKind[M, O]) New() reconciler.Object { return k.in(cluster{}).New() }

// Validate fails for a kind that cannot work.
func (k clusterKind[M, O]) Validate() error { return k.in(cluster{}).Validate() }

// Setup adds the controller of the kind to a manager.
func (k clusterKind[M, O]) Setup(mgr ctrl.Manager, o reconciler.Options) error {
	if k.setup != nil {
		k.setup(mgr, o)
	}
	return k.in(cluster{
		identity: o.ClusterIdentity, reader: mgr.GetAPIReader(), writer: mgr.GetClient(),
		reconcileRules: func(ctx context.Context, provider string) {
			reconcileRules(ctx, mgr.GetClient(), o.Ownership, provider)
		},
	}).Setup(mgr, o)
}

func reconcileRules(ctx context.Context, cache client.Reader, ownership *reconciler.Ownership, provider string) {
	l := &v1alpha1.FederationRuleList{}
	if err := cache.List(ctx, l, client.UnsafeDisableDeepCopy); err != nil {
		return
	}
	for i := range l.Items {
		if providerOf(&l.Items[i]) == provider {
			ownership.Enqueue("FederationRule", client.ObjectKeyFromObject(&l.Items[i]))
		}
	}
}
