// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

// desiredStateChanged accepts the events that the runtime's predicate does, except changes of
// annotations that the controller itself writes. A reconcile that fails may change them, and would
// otherwise trigger the next one without a back-off.
func desiredStateChanged(ownAnnotations ...string) predicate.Predicate {
	changed := resource.DesiredStateChanged()
	return predicate.Funcs{
		CreateFunc:  changed.Create,
		DeleteFunc:  changed.Delete,
		GenericFunc: changed.Generic,
		UpdateFunc: func(e event.UpdateEvent) bool {
			e.ObjectOld, e.ObjectNew = withoutAnnotations(e.ObjectOld, ownAnnotations), withoutAnnotations(e.ObjectNew, ownAnnotations)
			return changed.Update(e)
		},
	}
}

// withoutAnnotations is an object without some annotations: a copy if it has any of them, as the
// object belongs to the cache.
func withoutAnnotations(o client.Object, annotations []string) client.Object {
	for _, key := range annotations {
		if _, ok := o.GetAnnotations()[key]; !ok {
			continue
		}
		if copied, ok := o.DeepCopyObject().(client.Object); ok {
			meta.RemoveAnnotations(copied, annotations...)
			return copied
		}
	}
	return o
}
