// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inuse

import (
	"context"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/paged"
)

// recheckInterval is how often a usage is checked whose managed resource is being deleted.
const recheckInterval = 2 * time.Second

// A releaser removes the finalizers of usages and Secrets that are no longer needed, one namespace
// per reconcile.
type releaser struct {
	kube      client.Client
	apiReader client.Reader
}

// Reconcile the usages and Secrets of a namespace.
func (r *releaser) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	usages := &v1alpha1.ProviderConfigUsageList{}
	if err := r.kube.List(ctx, usages, client.InNamespace(req.Namespace)); err != nil {
		return reconcile.Result{}, fmt.Errorf("cannot list the usages of provider configurations: %w", err)
	}
	var done []*v1alpha1.ProviderConfigUsage
	used, waiting := map[string]bool{}, false
	for i := range usages.Items {
		u := &usages.Items[i]
		over, err := r.isOver(ctx, u)
		if err != nil {
			return reconcile.Result{}, err
		}
		if over {
			done = append(done, u)
			continue
		}
		waiting = waiting || u.GetDeletionTimestamp() != nil
		if u.ProviderConfigReference.Kind == v1alpha1.ProviderConfigKind {
			used[u.ProviderConfigReference.Name] = true
		}
	}
	// The usages last: as long as they exist, a provider that restarts reconciles the namespace
	// again.
	if err := r.releaseSecrets(ctx, req.Namespace, used); err != nil {
		return reconcile.Result{}, err
	}
	for _, u := range done {
		if err := r.release(ctx, u); err != nil {
			return reconcile.Result{}, err
		}
	}
	if waiting {
		return reconcile.Result{RequeueAfter: recheckInterval}, nil
	}
	return reconcile.Result{}, nil
}

// isOver reports whether a usage is being deleted and its managed resource no longer needs it: that
// does not exist any more, or its external resource is deleted. A usage is named after its resource's UID.
func (r *releaser) isOver(ctx context.Context, u *v1alpha1.ProviderConfigUsage) (bool, error) {
	if u.GetDeletionTimestamp() == nil {
		return false, nil
	}
	mg := &metav1.PartialObjectMetadata{}
	mg.SetGroupVersionKind(schema.FromAPIVersionAndKind(u.ResourceReference.APIVersion, u.ResourceReference.Kind))
	err := r.apiReader.Get(ctx, types.NamespacedName{Namespace: u.GetNamespace(), Name: u.ResourceReference.Name}, mg)
	if kerrors.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot determine whether %s %q still exists: %w", u.ResourceReference.Kind, u.ResourceReference.Name, err)
	}
	deleted := meta.WasDeleted(mg) && !meta.FinalizerExists(mg, managed.FinalizerName)
	return deleted || u.GetName() != string(mg.GetUID()), nil
}

// releaseSecrets releases the labeled Secrets of a namespace that no ProviderConfig in use needs.
func (r *releaser) releaseSecrets(ctx context.Context, namespace string, used map[string]bool) error {
	var needed map[string]bool
	err := paged.EachMetadata(ctx, r.apiReader, paged.KindSecret, func(s *metav1.PartialObjectMetadata) error {
		if needed == nil {
			var err error
			if needed, err = r.needed(ctx, namespace, used); err != nil {
				return err
			}
		}
		if needed[s.GetName()] {
			return nil
		}
		hasFinalizer := controllerutil.ContainsFinalizer(s, Finalizer)
		if err := r.release(ctx, s); err != nil && hasFinalizer {
			return err
		}
		// A label alone that cannot be removed, as when a policy keeps it, does no harm.
		return nil
	}, client.InNamespace(namespace), client.MatchingLabels{Label: "true"})
	if err != nil {
		return fmt.Errorf("cannot release the credentials in namespace %q: %w", namespace, err)
	}
	return nil
}

// needed returns the names of the Secrets that the ProviderConfigs in use refer to.
func (r *releaser) needed(ctx context.Context, namespace string, used map[string]bool) (map[string]bool, error) {
	needed := map[string]bool{}
	err := paged.Each(ctx, r.apiReader, &v1alpha1.ProviderConfigList{}, func(o client.Object) error {
		if pc, ok := o.(*v1alpha1.ProviderConfig); ok && used[pc.GetName()] {
			needed[pc.Spec.Credentials.SecretRef.Name] = true
		}
		return nil
	}, client.InNamespace(namespace))
	if err != nil {
		return nil, fmt.Errorf("cannot list provider configurations: %w", err)
	}
	return needed, nil
}

// release removes the finalizer and the label of an object.
func (r *releaser) release(ctx context.Context, o client.Object) error {
	before, ok := o.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("a copy of %T is not an object", o)
	}
	_, labeled := o.GetLabels()[Label]
	if !controllerutil.RemoveFinalizer(o, Finalizer) && !labeled {
		return nil
	}
	meta.RemoveLabels(o, Label)
	err := r.kube.Patch(ctx, o, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot release %q: %w", o.GetName(), err)
	}
	return nil
}

// NewReleaser returns a reconciler of namespaces that removes the finalizers of usages and Secrets
// which are no longer needed. apiReader must not be a cache.
func NewReleaser(kube client.Client, apiReader client.Reader) reconcile.Reconciler {
	return &releaser{kube: kube, apiReader: apiReader}
}
