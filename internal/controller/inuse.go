// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

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
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// recheck is how soon a usage is looked at again whose managed resource is going.
const recheck = 2 * time.Second

// setupInUse adds the controller that lets go of usages and credentials once the
// managed resources that need them are gone.
func setupInUse(mgr ctrl.Manager, o reconciler.Options) error {
	r := &inUse{kube: mgr.GetClient(), live: mgr.GetAPIReader()}
	byNamespace := handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: o.GetNamespace()}}}
	})
	return reconciler.WhenEstablished(o, func() error {
		if err := ctrl.NewControllerManagedBy(mgr).
			Named("in-use").
			WithOptions(o.ForControllerRuntime()).
			Watches(&v1alpha1.ProviderConfigUsage{}, byNamespace, builder.WithPredicates(ending())).
			Watches(&v1alpha1.ProviderConfig{}, byNamespace).
			Complete(r); err != nil {
			return fmt.Errorf("cannot set up the controller of usages: %w", err)
		}
		return nil
	}, v1alpha1.SchemeGroupVersion.WithKind("ProviderConfigUsage"), v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.ProviderConfigKind))
}

// ending accepts the ends of objects, which alone can release anything.
func ending() predicate.Predicate {
	p := predicate.NewPredicateFuncs(func(o client.Object) bool { return meta.WasDeleted(o) })
	p.DeleteFunc = func(event.DeleteEvent) bool { return true }
	return p
}

// inUse releases what is no longer in use, one namespace at a time.
type inUse struct {
	kube client.Client
	live client.Reader
}

// Reconcile a namespace.
func (r *inUse) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	usages := &v1alpha1.ProviderConfigUsageList{}
	if err := r.kube.List(ctx, usages, client.InNamespace(req.Namespace)); err != nil {
		return reconcile.Result{}, fmt.Errorf("cannot list the usages of provider configurations: %w", err)
	}
	var done []*v1alpha1.ProviderConfigUsage
	used, waiting := map[string]bool{}, false
	for i := range usages.Items {
		u := &usages.Items[i]
		over, err := r.over(ctx, u)
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
	// The usages last: as long as they are there, a provider that is started anew comes
	// by here.
	if err := r.releaseSecrets(ctx, req.Namespace, used); err != nil {
		return reconcile.Result{}, err
	}
	for _, u := range done {
		if err := r.release(ctx, u); err != nil {
			return reconcile.Result{}, err
		}
	}
	if waiting {
		return reconcile.Result{RequeueAfter: recheck}, nil
	}
	return reconcile.Result{}, nil
}

// over reports whether a usage is being deleted and its managed resource, after whose
// UID it is called, needs it no more: it is gone, or all that it had to end has ended.
func (r *inUse) over(ctx context.Context, u *v1alpha1.ProviderConfigUsage) (bool, error) {
	if u.GetDeletionTimestamp() == nil {
		return false, nil
	}
	mg := &metav1.PartialObjectMetadata{}
	mg.SetGroupVersionKind(schema.FromAPIVersionAndKind(u.ResourceReference.APIVersion, u.ResourceReference.Kind))
	err := r.live.Get(ctx, types.NamespacedName{Namespace: u.GetNamespace(), Name: u.ResourceReference.Name}, mg)
	if kerrors.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot tell whether %s %q is gone: %w", u.ResourceReference.Kind, u.ResourceReference.Name, err)
	}
	ended := meta.WasDeleted(mg) && !meta.FinalizerExists(mg, managed.FinalizerName)
	return ended || u.GetName() != string(mg.GetUID()), nil
}

// releaseSecrets lets go of credentials that no configuration in use needs, and takes the
// label off what is none.
func (r *inUse) releaseSecrets(ctx context.Context, namespace string, used map[string]bool) error {
	var needed map[string]bool
	err := reconciler.EachMetadata(ctx, r.live, reconciler.KindSecret, func(s *metav1.PartialObjectMetadata) error {
		if needed == nil {
			var err error
			if needed, err = r.needed(ctx, namespace, used); err != nil {
				return err
			}
		}
		if needed[s.GetName()] {
			return nil
		}
		held := controllerutil.ContainsFinalizer(s, connect.FinalizerInUse)
		if err := r.release(ctx, s); err != nil && held {
			return err
		}
		// A label that somebody else put there, and that a policy keeps there, holds up nothing.
		return nil
	}, client.InNamespace(namespace), client.MatchingLabels{connect.LabelInUse: "true"})
	if err != nil {
		return fmt.Errorf("cannot release the credentials in namespace %q: %w", namespace, err)
	}
	return nil
}

// needed are the names of the Secrets that configurations in use read.
func (r *inUse) needed(ctx context.Context, namespace string, used map[string]bool) (map[string]bool, error) {
	needed := map[string]bool{}
	err := reconciler.Each(ctx, r.live, &v1alpha1.ProviderConfigList{}, func(o client.Object) error {
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

// release what is no longer in use from its finalizer, and its label.
func (r *inUse) release(ctx context.Context, o client.Object) error {
	before, ok := o.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("a copy of %T is not an object", o)
	}
	_, labeled := o.GetLabels()[connect.LabelInUse]
	if !controllerutil.RemoveFinalizer(o, connect.FinalizerInUse) && !labeled {
		return nil
	}
	meta.RemoveLabels(o, connect.LabelInUse)
	err := r.kube.Patch(ctx, o, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot release %q: %w", o.GetName(), err)
	}
	return nil
}
