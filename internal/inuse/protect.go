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

// Finalizer keeps a usage of a provider configuration, and the Secret that a
// namespace's own configuration needs, until the managed resources that need them
// are gone. Without it the deletion of a namespace would take the credentials first
// and leave keys that nobody can revoke.
const Finalizer = "openai.crossplane.io/in-use"

// Label marks Secrets that have the finalizer, so that they can be found.
const Label = "openai.crossplane.io/in-use"

// Protect a Secret from ending before the managed resources that need it.
func Protect(ctx context.Context, kube client.Client, live client.Reader, nn types.NamespacedName) error {
	// Its finalizers are all that matters, and it may hold much else.
	s := &metav1.PartialObjectMetadata{}
	s.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	// Not as it was a moment ago, when nothing may have needed it, and not with the kube
	// client, which would begin to cache the metadata of every Secret.
	if err := live.Get(ctx, nn, s); err != nil || s.GetDeletionTimestamp() != nil {
		// Who reads its value will tell what is wrong with it.
		return nil //nolint:nilerr // See above.
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
