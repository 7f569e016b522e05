// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package paged lists objects of the API server a page at a time, so that no list takes much
// memory.
package paged

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/pager"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// Objects in a page bound the memory that a list takes. Whoever may edit a namespace may make
// each object in it as large as the API server allows, 1.5 MB, and that of labels alone. Those
// of the provider's own kinds are in its cache anyway.
const (
	inPage       = 16
	inPageOfOurs = 250
)

// Each calls a function with the objects of a list as the API server has them, a page at a
// time, until it fails. live must not be a cache; l is an empty list. What the function keeps
// of an object should be a copy, or it keeps its page.
func Each(ctx context.Context, live client.Reader, l client.ObjectList, do func(o client.Object) error, opts ...client.ListOption) error {
	size := int64(inPage)
	if l.GetObjectKind().GroupVersionKind().Group == v1alpha1.SchemeGroupVersion.Group {
		size = inPageOfOurs
	}
	p := pager.New(func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
		page, ok := l.DeepCopyObject().(client.ObjectList)
		if !ok {
			return nil, fmt.Errorf("a copy of %T is not a list", l)
		}
		return page, live.List(ctx, page, append(slices.Clone(opts), client.Limit(o.Limit), client.Continue(o.Continue))...)
	})
	// The whole list at once is what must not be asked for.
	p.PageSize, p.PageBufferSize, p.FullListIfExpired = size, 0, false
	return p.EachListItem(ctx, metav1.ListOptions{}, func(item runtime.Object) error {
		o, ok := item.(client.Object)
		if !ok {
			return fmt.Errorf("%T is not an object", item)
		}
		return do(o)
	})
}

// EachMetadata is Each for objects of a kind of which no more than the metadata is read, such
// as Secrets: those that somebody put a label of the provider's on may be many, and full of
// anything.
func EachMetadata(ctx context.Context, live client.Reader, of schema.GroupVersionKind, do func(m *metav1.PartialObjectMetadata) error, opts ...client.ListOption) error {
	l := &metav1.PartialObjectMetadataList{}
	l.SetGroupVersionKind(of.GroupVersion().WithKind(of.Kind + "List"))
	return Each(ctx, live, l, func(o client.Object) error {
		m, ok := o.(*metav1.PartialObjectMetadata)
		if !ok {
			return fmt.Errorf("%T is not the metadata of an object", o)
		}
		// The API server leaves it out of the items of a list.
		m.SetGroupVersionKind(of)
		return do(m)
	}, opts...)
}

// KindSecret is the kind of Secrets.
var KindSecret = corev1.SchemeGroupVersion.WithKind("Secret")
