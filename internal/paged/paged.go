// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package paged lists objects of the API server page by page, so that no list takes much memory.
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

// The number of objects in a page bounds the memory that a list takes. Anybody who may edit a
// namespace can make each object in it as large as the API server allows, 1.5 MB, even its metadata.
// Objects of the provider's own kinds are in its cache anyway, so that their pages can be larger.
const (
	pageSize    = 16
	ownPageSize = 250
)

// Each calls do with each object of a list, which it reads page by page, and returns the first
// error. apiReader must not be a cache; l is an empty list of the kind. do should copy what it keeps of an
// object, which would otherwise retain its whole page.
func Each(ctx context.Context, apiReader client.Reader, l client.ObjectList, do func(o client.Object) error, opts ...client.ListOption) error {
	size := int64(pageSize)
	if l.GetObjectKind().GroupVersionKind().Group == v1alpha1.SchemeGroupVersion.Group {
		size = ownPageSize
	}
	p := pager.New(func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
		page, ok := l.DeepCopyObject().(client.ObjectList)
		if !ok {
			return nil, fmt.Errorf("a copy of %T is not a list", l)
		}
		return page, apiReader.List(ctx, page, append(slices.Clone(opts), client.Limit(o.Limit), client.Continue(o.Continue))...)
	})
	// Never fall back to the whole list at once.
	p.PageSize, p.PageBufferSize, p.FullListIfExpired = size, 0, false
	return p.EachListItem(ctx, metav1.ListOptions{}, func(item runtime.Object) error {
		o, ok := item.(client.Object)
		if !ok {
			return fmt.Errorf("%T is not an object", item)
		}
		return do(o)
	})
}

// EachMetadata is Each for the metadata alone of objects of a kind, such as Secrets: anybody can put
// the provider's labels on many large ones.
func EachMetadata(ctx context.Context, apiReader client.Reader, of schema.GroupVersionKind, do func(m *metav1.PartialObjectMetadata) error, opts ...client.ListOption) error {
	l := &metav1.PartialObjectMetadataList{}
	l.SetGroupVersionKind(of.GroupVersion().WithKind(of.Kind + "List"))
	return Each(ctx, apiReader, l, func(o client.Object) error {
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
