// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestAnObjectOfWhichNoCreateWasSentGoesAtOnce, whatever its status says of a create.
func TestAnObjectOfWhichNoCreateWasSentGoesAtOnce(t *testing.T) {
	p := &v1alpha1.Project{}
	f := newFixture(t, p)
	f.creates("")
	f.create = func(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
		MarkCreateRefused(mg.(Object))
		return managed.ExternalCreation{}, holdBack(ctx, time.Minute)
	}
	f.reconcile(t)
	got := stored(t, f, &v1alpha1.Project{})
	// The configuration goes, and the object after it.
	if err := f.kube.Delete(t.Context(), got); err != nil {
		t.Fatal(err)
	}
	connected := false
	f.observe = func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
		connected = true
		return managed.ExternalObservation{}, errors.New("its ClusterProviderConfig does not exist")
	}
	f.reconcile(t)
	if connected {
		t.Error("its deletion needs OpenAI, although nothing was ever made for it")
	}
}

// newInterceptedOwnership knows projects, and reads through interceptors.
func newInterceptedOwnership(t *testing.T, funcs interceptor.Funcs, stored ...client.Object) *Ownership {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{apiextensionsv1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatal(err)
		}
	}
	kube := fake.NewClientBuilder().WithScheme(s).WithObjects(stored...).
		WithIndex(&v1alpha1.Project{}, indexManaged, managedIDs).
		WithIndex(&v1alpha1.ProjectAPIKey{}, indexManaged, managedIDs).Build()
	c := NewOwnership(interceptor.NewClient(kube, funcs))
	c.kinds["Project"] = managedKind{object: &v1alpha1.Project{}, list: &v1alpha1.ProjectList{}}
	c.kinds["ProjectAPIKey"] = managedKind{object: &v1alpha1.ProjectAPIKey{}, list: &v1alpha1.ProjectAPIKeyList{}}
	return c
}

// TestAKindWhoseCacheDoesNotFillHoldsUpNoOtherKind is about a CRD that was activated before
// the provider got the right to list its objects: the cache's List waits for the context.
func TestAKindWhoseCacheDoesNotFillHoldsUpNoOtherKind(t *testing.T) {
	waits := make(chan struct{})
	c := newInterceptedOwnership(t, interceptor.Funcs{List: func(ctx context.Context, c client.WithWatch, l client.ObjectList, opts ...client.ListOption) error {
		if _, ok := l.(*v1alpha1.ProjectList); ok {
			close(waits)
			<-ctx.Done() // As informers do that have not synced.
			return ctx.Err()
		}
		return c.List(ctx, l, opts...)
	}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = c.CheckReference(ctx, projectOf("team-a"), "Project", "proj_1", "it") }()
	<-waits

	done := make(chan error, 1)
	go func() {
		key := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: "team-b", Name: "x", UID: "key"}}
		done <- c.SetManager(t.Context(), "ProjectAPIKey", key, "key_1")
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("a key cannot be managed while the cache of projects fills")
	}
}

// TestWhatWasJustCreatedStaysManaged although OpenAI cannot be asked about it at the next
// reconcile: neither the status nor the process would know its owner otherwise.
func TestWhatWasJustCreatedStaysManaged(t *testing.T) {
	for name, fails := range map[string]func(ctx context.Context) error{
		"OpenAIFails": func(context.Context) error { return errors.New("OpenAI fails for now (503)") },
		"HeldBack":    func(ctx context.Context) error { return holdBack(ctx, time.Minute) },
	} {
		t.Run(name, func(t *testing.T) { checkStaysManaged(t, fails) })
	}
}

func checkStaysManaged(t *testing.T, fails func(ctx context.Context) error) {
	t.Helper()
	f := newFixture(t, &v1alpha1.Project{})
	f.creates("proj_1")
	f.reconcile(t)
	f.observe = func(ctx context.Context, _ resource.Managed) (managed.ExternalObservation, error) {
		return managed.ExternalObservation{}, fails(ctx)
	}
	f.reconcile(t)

	stranger := projectOf("team-b")
	if err := f.kube.Create(t.Context(), stranger); err != nil {
		t.Fatal(err)
	}
	if err := f.outer.ownership.SetManager(t.Context(), "Project", stranger, "proj_1"); err == nil {
		t.Error("an object of another namespace takes what was created a moment ago")
	}
	if err := f.outer.ownership.CheckReference(t.Context(), &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: "team-c"}}, "Project", "proj_1", "it"); err == nil {
		t.Error("another namespace uses it without consent")
	}
	// The creator comes back, and is locked out for good.
	f.observe = upToDate
	f.reconcile(t)
	if c := stored(t, f, &v1alpha1.Project{}).GetCondition("Synced"); c.Status != "True" {
		t.Errorf("the creator: %s", c.Message)
	}
}

// TestARefusalReadsTheSameEachTime: a cache answers from an index in any order.
func TestARefusalReadsTheSameEachTime(t *testing.T) {
	named := func(name string) *v1alpha1.Project {
		return projectOf("team-a", manages, func(o *v1alpha1.Project) { o.Name, o.UID = name, types.UID(name) })
	}
	n := 0
	c := newInterceptedOwnership(t, interceptor.Funcs{List: func(ctx context.Context, c client.WithWatch, l client.ObjectList, opts ...client.ListOption) error {
		err := c.List(ctx, l, opts...)
		if p, ok := l.(*v1alpha1.ProjectList); ok {
			n++
			if n%2 == 0 {
				slices.Reverse(p.Items)
			}
		}
		return err
	}}, named("a"), named("b"), named("c"))
	said := map[string]bool{}
	for range 4 {
		said[fmt.Sprint(c.SetManager(t.Context(), "Project", named("c"), "proj_1"))] = true
	}
	if len(said) != 1 {
		t.Errorf("want one message, got %v", said)
	}
}
