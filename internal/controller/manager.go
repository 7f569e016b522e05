// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	"context"
	"fmt"
	"time"

	authv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// Scheme of every type that the provider reads or writes.
func Scheme() (*runtime.Scheme, error) {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, apiextensionsv1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			return nil, fmt.Errorf("cannot make the scheme: %w", err)
		}
	}
	return s, nil
}

// stopTimeout is how long the manager waits for running reconciles when it stops. To issue a key, to clean
// up after a failure and to write the outcome takes 32 s at most. The grace period of the pod should be a
// little longer than the timeout.
const stopTimeout = 40 * time.Second

// NewManager makes the manager that the provider's controllers run in, with the provider's Scheme unless
// it is given one. It never caches Secrets: the cache would hold those of the whole cluster.
func NewManager(cfg *rest.Config, o ctrl.Options) (ctrl.Manager, error) {
	if o.Scheme == nil {
		s, err := Scheme()
		if err != nil {
			return nil, err
		}
		o.Scheme = s
	}
	if o.GracefulShutdownTimeout == nil {
		o.GracefulShutdownTimeout = new(stopTimeout)
	}
	// Managed fields are a large part of most objects, and the provider does not read them.
	o.Cache.DefaultTransform = cache.TransformStripManagedFields()
	o.Client.Cache = &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}
	mgr, err := ctrl.NewManager(cfg, o)
	if err != nil {
		return nil, fmt.Errorf("cannot make the controller manager: %w", err)
	}
	return mgr, nil
}

// permissionInterval is how often the provider checks again for a permission that it does not have yet.
const permissionInterval = 250 * time.Millisecond

// MayWatchCRDs reports whether the provider may watch CustomResourceDefinitions, as it must to start each
// controller when its CRD appears (safe-start). Crossplane's RBAC manager grants that only after it
// has seen the provider's Deployment, and a pod may be quicker: a refusal is checked again until
// the timeout.
func MayWatchCRDs(ctx context.Context, c client.Client, timeout time.Duration) (bool, error) {
	err := wait.PollUntilContextTimeout(ctx, permissionInterval, timeout, true, func(ctx context.Context) (bool, error) {
		return mayWatchCRDs(ctx, c)
	})
	if wait.Interrupted(err) {
		return false, ctx.Err()
	}
	return err == nil, err
}

func mayWatchCRDs(ctx context.Context, c client.Client) (bool, error) {
	for _, verb := range []string{"get", "list", "watch"} {
		review := &authv1.SelfSubjectAccessReview{Spec: authv1.SelfSubjectAccessReviewSpec{
			ResourceAttributes: &authv1.ResourceAttributes{
				Group:    apiextensionsv1.GroupName,
				Resource: "customresourcedefinitions",
				Verb:     verb,
			},
		}}
		if err := c.Create(ctx, review); err != nil {
			return false, fmt.Errorf("cannot ask whether CustomResourceDefinitions may be watched: %w", err)
		}
		if !review.Status.Allowed {
			return false, nil
		}
	}
	return true, nil
}
