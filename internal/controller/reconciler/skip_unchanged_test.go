// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

func TestAnUpToDateObjectCostsNoWrite(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		object  Object
		observe func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error)
	}{
		"ASimpleKind": {
			reason:  "Nothing about a project changes.",
			object:  &v1alpha1.Project{},
			observe: upToDate,
		},
		"AKey": {
			reason: "The API server stores times without the fractions of a second that we compute them with.",
			object: &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{meta.AnnotationKeyExternalName: "key_1"}}},
			observe: func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
				next := metav1.NewTime(time.Date(2026, 11, 1, 12, 0, 0, 123456789, time.UTC))
				mg.(*v1alpha1.ProjectAPIKey).Status.AtProvider = v1alpha1.ProjectAPIKeyObservation{ID: "key_1", NextRotation: &next}
				return upToDate(ctx, mg)
			},
		},
		"AnUnreadyObject": {
			reason: "A condition that is set to something else on the way to what it was made no transition.",
			object: &v1alpha1.Project{},
			observe: func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
				o, err := upToDate(ctx, mg)
				mg.SetConditions(xpv2.Unavailable().WithMessage("not now"))
				return o, err
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, tc.object)
				f.observe = tc.observe
				if _, writes, _ := f.reconcile(t); len(writes) == 0 {
					t.Error("while it becomes up to date: want writes, got none")
				}
				for range 3 {
					time.Sleep(10 * time.Minute)
					if _, writes, events := f.reconcile(t); len(writes)+len(events) > 0 {
						t.Errorf("%s\nwant no write and no event, got %q and %q", tc.reason, writes, events)
					}
				}
			})
		})
	}
}

func TestAChangedStatusIsWritten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(f *fixture) func(o *v1alpha1.Project)
	}{
		"OpenAIChanged": {
			reason: "The status shows what OpenAI has.",
			change: func(f *fixture) func(o *v1alpha1.Project) {
				f.observe = func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
					mg.(*v1alpha1.Project).Status.AtProvider.Name = "another"
					return upToDate(ctx, mg)
				}
				return func(*v1alpha1.Project) {}
			},
		},
		"GenerationChanged": {
			reason: "The condition Synced shows which generation of the spec it is about.",
			change: func(*fixture) func(o *v1alpha1.Project) {
				return func(o *v1alpha1.Project) { o.Generation = 2 }
			},
		},
		"ReconcileRequested": {
			reason: "Who requested a reconcile waits to see that it was handled.",
			change: func(*fixture) func(o *v1alpha1.Project) {
				return func(o *v1alpha1.Project) { meta.SetReconcileRequest(o, "now") }
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, &v1alpha1.Project{})
			f.reconcile(t)
			f.reconcile(t)
			f.change(t, tc.change(f))
			_, writes, _ := f.reconcile(t)
			if diff := cmp.Diff([]string{"update status"}, writes); diff != "" {
				t.Errorf("%s\n-want writes, +got writes:\n%s", tc.reason, diff)
			}
			if _, writes, _ := f.reconcile(t); len(writes) > 0 {
				t.Errorf("%s\nwant one write, got another: %q", tc.reason, writes)
			}
		})
	}
}

func TestAStatusOfAnObjectThatChangedMeanwhileConflicts(t *testing.T) {
	t.Parallel()
	f := newFixture(t, &v1alpha1.Project{})
	f.reconcile(t)
	f.reconcile(t)
	f.observe = func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
		o := &v1alpha1.Project{}
		if err := f.kube.Get(ctx, client.ObjectKeyFromObject(mg), o); err != nil {
			return managed.ExternalObservation{}, err
		}
		o.Labels = map[string]string{"changed": "meanwhile"}
		if err := f.kube.Update(ctx, o); err != nil {
			return managed.ExternalObservation{}, err
		}
		return upToDate(ctx, mg)
	}
	res, writes, _ := f.reconcile(t)
	if diff := cmp.Diff([]string{"update", "update status"}, writes); diff != "" {
		t.Errorf("-want writes, +got writes:\n%s", diff)
	}
	if !res.Requeue { //nolint:staticcheck // crossplane-runtime v2.4 asks for a back-off with Requeue.
		t.Errorf("want the reconcile to be repeated, got %+v", res)
	}
}

func TestThatSomethingWasCreatedIsShownByTheNextReconcile(t *testing.T) {
	t.Parallel()
	// Its Secret shows what it has.
	f := newFixtureWith(t, &v1alpha1.Project{}, func(f *fixture) { f.idInSecret = true })
	f.creates("proj_1")
	res, writes, _ := f.reconcile(t)
	if slices.Contains(writes, "update status") {
		t.Errorf("create: want no status written, got %q", writes)
	}
	if diff := cmp.Diff(reconcile.Result{RequeueAfter: afterCreate}, res); diff != "" {
		t.Errorf("create: -want result, +got result:\n%s", diff)
	}
	f.observe = upToDate
	_, writes, _ = f.reconcile(t)
	if diff := cmp.Diff([]string{"update status"}, writes); diff != "" {
		t.Errorf("next reconcile: -want writes, +got writes:\n%s", diff)
	}
}

func TestThatAnObjectOwnsWhatItCreatedIsShownAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, &v1alpha1.Project{})
	f.creates("proj_1")
	f.reconcile(t)
	want := v1alpha1.Ownership{ManagedIDs: []string{"proj_1"}, CreationProof: "uid-of-x/proj_1"}
	if diff := cmp.Diff(want, stored(t, f, &v1alpha1.Project{}).Status.Ownership); diff != "" {
		t.Errorf("create: -want ownership, +got ownership:\n%s", diff)
	}
}

// creates something that OpenAI gives an ID.
func (f *fixture) creates(id string) {
	f.observe = func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
		return managed.ExternalObservation{}, nil
	}
	f.create = func(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
		meta.SetExternalName(mg, id)
		MarkCreated(mg, id)
		reconcilestate.Of(ctx).RecordProgress()
		return managed.ExternalCreation{}, nil
	}
}

func TestObjectsAreCopiedOnlyForThoseWhoMayChangeThem(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		client func(client.Client) client.Client
		list   client.ObjectList
		copies bool
	}{
		"StateMetrics": {"They count objects.", func(c client.Client) client.Client { return uncopiedClient{c} }, &v1alpha1.ProjectList{}, false},
		"Usages":       {"The runtime counts them.", func(c client.Client) client.Client { return runtimeClient{c} }, &v1alpha1.ProviderConfigUsageList{}, false},
		"Others":       {"Whoever lists them may change them.", func(c client.Client) client.Client { return runtimeClient{c} }, &v1alpha1.ProjectList{}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked client.ListOptions
			c := tc.client(interceptor.NewClient(newFixture(t, &v1alpha1.Project{}).kube, interceptor.Funcs{
				List: func(ctx context.Context, c client.WithWatch, l client.ObjectList, opts ...client.ListOption) error {
					asked.ApplyOptions(opts)
					return c.List(ctx, l, opts...)
				},
			}))
			if err := c.List(t.Context(), tc.list); err != nil {
				t.Fatalf("List: %v", err)
			}
			if copies := asked.UnsafeDisableDeepCopy == nil || !*asked.UnsafeDisableDeepCopy; copies != tc.copies {
				t.Errorf("%s\nwant copies %t, got %t", tc.reason, tc.copies, copies)
			}
		})
	}
}

func TestAProviderConfigurationThatIsAsItWasIsNotWritten(t *testing.T) {
	t.Parallel()
	f := newFixture(t, &v1alpha1.Project{})
	pc := &v1alpha1.ClusterProviderConfig{}
	pc.SetName("default")
	if err := f.kube.Create(t.Context(), pc); err != nil {
		t.Fatalf("Create: %v", err)
	}
	// As the cache of a manager does, which says of copies alone what kind they are.
	cache := interceptor.NewClient(f.kube, interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			err := c.Get(ctx, key, o)
			asked := (&client.GetOptions{}).ApplyOptions(opts)
			gvk := v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.ClusterProviderConfigKind)
			if asked.UnsafeDisableDeepCopy != nil && *asked.UnsafeDisableDeepCopy {
				gvk = schema.GroupVersionKind{}
			}
			o.GetObjectKind().SetGroupVersionKind(gvk)
			return err
		},
	})
	for reason, mod := range map[string]func(){
		"It is as it was.": func() {},
		"It got a finalizer.": func() {
			meta.AddFinalizer(pc, "in-use.crossplane.io")
		},
	} {
		if err := cache.Get(t.Context(), client.ObjectKeyFromObject(pc), pc); err != nil {
			t.Fatalf("Get: %v", err)
		}
		had := len(pc.GetFinalizers())
		mod()
		f.writes = nil
		if err := (runtimeClient{cache}).Update(t.Context(), pc); err != nil {
			t.Errorf("%s\nUpdate: %v", reason, err)
		}
		if changed := len(pc.GetFinalizers()) != had; (len(f.writes) > 0) != changed {
			t.Errorf("%s\nwant a write %t, got %q", reason, changed, f.writes)
		}
	}
}
