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

// desiredStateChanged accepts what the runtime's predicate does, but for changes of
// the controller's own annotations. An attempt that fails changes them, and would
// otherwise be the reason for the next one, without a pause.
func desiredStateChanged(own ...string) predicate.Predicate {
	changed := resource.DesiredStateChanged()
	return predicate.Funcs{
		CreateFunc:  changed.Create,
		DeleteFunc:  changed.Delete,
		GenericFunc: changed.Generic,
		UpdateFunc: func(e event.UpdateEvent) bool {
			e.ObjectOld, e.ObjectNew = without(e.ObjectOld, own), without(e.ObjectNew, own)
			return changed.Update(e)
		},
	}
}

// without is the object without annotations. It does not change the object, which
// belongs to the cache.
func without(o client.Object, annotations []string) client.Object {
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
