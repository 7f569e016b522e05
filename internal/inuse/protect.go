// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inuse

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

// Finalizer keeps a ProviderConfigUsage, and the Secret of a ProviderConfig, until the managed
// resources that need them were deleted. Without it the deletion of a namespace would remove the
// credentials first, and leave keys that nobody can revoke.
const Finalizer = "openai.crossplane.io/in-use"

// Label marks Secrets that have the finalizer, so that they can be listed.
const Label = "openai.crossplane.io/in-use"

// Protect adds the finalizer to a Secret. apiReader must not be a cache. A Secret that cannot be read, or
// is being deleted, is no error here: reading its value will report that.
func Protect(ctx context.Context, kube client.Client, apiReader client.Reader, nn types.NamespacedName) error {
	// Only the metadata, as the Secret may be large.
	s := &metav1.PartialObjectMetadata{}
	s.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	// Not from a cache, which may be older than the release of the finalizer, and not with the kube
	// client, which would begin to cache the metadata of every Secret.
	if err := apiReader.Get(ctx, nn, s); err != nil || s.GetDeletionTimestamp() != nil {
		return nil //nolint:nilerr // Reported when the value is read.
	}
	if controllerutil.ContainsFinalizer(s, Finalizer) {
		return nil
	}
	before := s.DeepCopy()
	controllerutil.AddFinalizer(s, Finalizer)
	meta.AddLabels(s, map[string]string{Label: "true"})
	if err := kube.Patch(ctx, s, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})); err != nil {
		return fmt.Errorf("cannot protect Secret %q from being deleted too early: %w", nn, err)
	}
	return nil
}
