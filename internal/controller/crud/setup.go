// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// newListOf makes an empty list of the managed resources of a kind, and returns the name of the
// kind.
func newListOf(s *runtime.Scheme, o reconciler.Object) (kind string, l resource.ManagedList, err error) {
	gvk, err := apiutil.GVKForObject(o, s)
	if err != nil {
		return "", nil, fmt.Errorf("cannot determine the kind of %T: %w", o, err)
	}
	list, err := s.New(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	if err != nil {
		return "", nil, fmt.Errorf("cannot make a list of kind %s: %w", gvk.Kind, err)
	}
	l, ok := list.(resource.ManagedList)
	if !ok {
		return "", nil, fmt.Errorf("%T is not a list of managed resources", list)
	}
	return gvk.Kind, l, nil
}

// Setup adds the controller of the kind to a manager.
func (k Kind[M, O]) Setup(mgr ctrl.Manager, o reconciler.Options) error {
	if err := k.Validate(); err != nil {
		return err
	}
	name, list, err := newListOf(mgr.GetScheme(), k.empty())
	if err != nil {
		return err
	}
	if k.Gauge != nil && o.MetricOptions != nil {
		if err := metrics.Registry.Register(gaugeCollector[M, O]{gauge: *k.Gauge, status: k.Status, cache: mgr.GetClient(), list: list}); err != nil {
			return fmt.Errorf("cannot add the metric %s: %w", k.Gauge.Name, err)
		}
	}
	return reconciler.SetupGated(mgr, o, reconciler.Resource{
		Object:     k.empty(),
		List:       list,
		IDFromSpec: k.ID != nil,
		Connector: reconciler.Connector[M](connector[M, O]{
			kind:      k,
			name:      name,
			openai:    o.Connector,
			since:     o.Since,
			ownership: o.Ownership,
			write:     reconciler.MetadataWriter(mgr),
			recovery: &recovery{
				kube: reconciler.SkippingUnchanged(mgr).GetClient(), apiReader: mgr.GetAPIReader(), list: list, now: time.Now,
				kind: name, ownership: o.Ownership,
				offset: func(c *adminapi.Connection) (time.Duration, bool) { return c.Clock().Offset() },
			},
			unapplied: &unappliedChanges{now: time.Now},
		}),
		Options: []managed.ReconcilerOption{
			managed.WithCreationGracePeriod(creationGracePeriod),
			// A create is repeated only after recovery has found that the interrupted one made nothing.
			managed.WithDeterministicExternalName(true),
		},
	})
}
