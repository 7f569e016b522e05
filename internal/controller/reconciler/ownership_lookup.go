// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// managersInStatus a resource are the objects whose status says that they manage it.
func (idx *Ownership) managersInStatus(ctx context.Context, ext externalID) ([]Object, error) {
	kind, ok := idx.kindOf(ext.kind)
	if !ok {
		return nil, idx.checkNoController(ctx, ext.kind)
	}
	l, ok := kind.list.DeepCopyObject().(resource.ManagedList)
	if !ok {
		return nil, fmt.Errorf("%T is not a list of managed resources", kind.list)
	}
	if err := idx.client.List(ctx, l, client.MatchingFields{indexManaged: ext.id}, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("cannot determine which %s manages %q: %w", ext.kind, ext.id, err)
	}
	var out []Object
	for _, mg := range l.GetItems() {
		if o, ok := mg.(Object); ok {
			out = append(out, o)
		}
	}
	// In order, so that refusals read the same each time.
	slices.SortFunc(out, func(a, b Object) int {
		return cmp.Or(strings.Compare(a.GetNamespace(), b.GetNamespace()), strings.Compare(a.GetName(), b.GetName()))
	})
	return out, nil
}

// checkNoController fails if a kind that is not in the index has, or will have, a controller,
// whose objects could manage anything. A provider may run with only some of its CRDs.
func (idx *Ownership) checkNoController(ctx context.Context, kind string) error {
	kinds := v1alpha1.Kinds()
	i := slices.IndexFunc(kinds, func(k v1alpha1.KindInfo) bool { return k.Kind == kind })
	if i < 0 {
		return nil
	}
	crd := &apiextensionsv1.CustomResourceDefinition{}
	err := idx.client.Get(ctx, types.NamespacedName{Name: kinds[i].Plural + "." + v1alpha1.SchemeGroupVersion.Group}, crd, client.UnsafeDisableDeepCopy)
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot determine whether there are objects of kind %s: %w", kind, err)
	}
	if err == nil && crd.GetDeletionTimestamp() == nil && isEstablished(crd) {
		return fmt.Errorf("objects of kind %s are not known yet: the provider is starting", kind)
	}
	return nil
}

func isEstablished(crd *apiextensionsv1.CustomResourceDefinition) bool {
	return slices.ContainsFunc(crd.Status.Conditions, func(c apiextensionsv1.CustomResourceDefinitionCondition) bool {
		return c.Type == apiextensionsv1.Established && c.Status == apiextensionsv1.ConditionTrue
	})
}

// managerOf is the object that was set to manage a resource in this process; nil: there is none. One that
// was deleted loses it.
func (idx *Ownership) managerOf(ctx context.Context, ext externalID) (Object, error) {
	idx.mu.Lock()
	by, ok := idx.managers[ext]
	idx.mu.Unlock()
	if !ok {
		return nil, nil
	}
	o, err := idx.newObject(ext.kind)
	if err != nil {
		return nil, err
	}
	// An object that was deleted has no UID.
	err = client.IgnoreNotFound(idx.client.Get(ctx, by.name, o, client.UnsafeDisableDeepCopy))
	if err != nil {
		return nil, fmt.Errorf("cannot get %s %q: %w", ext.kind, by.name, err)
	}
	if o.GetUID() != by.uid {
		idx.mu.Lock()
		defer idx.mu.Unlock()
		idx.drop(by.uid, ext)
		return nil, nil
	}
	return o, nil
}

// newObject of a kind, which may not be in the index yet although an object of it manages
// something.
func (idx *Ownership) newObject(kind string) (Object, error) {
	var empty runtime.Object
	if k, ok := idx.kindOf(kind); ok {
		empty = k.object.DeepCopyObject()
	} else {
		var err error
		if empty, err = idx.client.Scheme().New(v1alpha1.SchemeGroupVersion.WithKind(kind)); err != nil {
			return nil, fmt.Errorf("cannot make an object of kind %s: %w", kind, err)
		}
	}
	o, ok := empty.(Object)
	if !ok {
		return nil, fmt.Errorf("%T is not a managed resource", empty)
	}
	return o, nil
}
