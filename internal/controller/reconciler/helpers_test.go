// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"strings"
	"testing"
	"time"

	xpcontroller "github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpfake "github.com/crossplane/crossplane-runtime/v2/pkg/resource/fake"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// holdBack the call of a reconcile for some time, as the rate limit does.
func holdBack(ctx context.Context, d time.Duration) error {
	return throttled(ctx, &apierror.Error{Class: apierror.ClassThrottled, RetryAt: time.Now().Add(d)})
}

func holdBackForUnknownTime(ctx context.Context) error {
	return throttled(ctx, &apierror.Error{Class: apierror.ClassThrottled})
}

func throttled(ctx context.Context, e *apierror.Error) error {
	reconcilestate.Of(ctx).RecordFailure(e)
	return e
}

// A fakeManager has its own recorder.
type fakeManager struct {
	*xpfake.Manager
	events *record.FakeRecorder
}

func (m fakeManager) GetEventRecorderFor(string) record.EventRecorder { return m.events }

// A fixture is the reconciler of a kind as the provider sets it up, between a fake
// API server that counts what is written and an external client that a test writes.
type fixture struct {
	kube   client.WithWatch
	events *record.FakeRecorder
	outer  requeuer
	object Object

	// idInSecret: the ID is kept outside of the object.
	idInSecret bool

	// writes to the API server, such as "update status".
	writes  []string
	observe func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error)
	create  func(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error)
	update  func(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error)
}

func newFixture(t *testing.T, mg Object, opts ...managed.ReconcilerOption) *fixture {
	t.Helper()
	return newFixtureWith(t, mg, func(*fixture) {}, opts...)
}

// newFixtureWith changes the fixture before its reconciler is made.
func newFixtureWith(t *testing.T, mg Object, mod func(*fixture), opts ...managed.ReconcilerOption) *fixture {
	t.Helper()
	s := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(s); err != nil {
		t.Fatalf("cannot build scheme: %v", err)
	}
	gvk, err := apiutil.GVKForObject(mg, s)
	if err != nil {
		t.Fatalf("cannot determine the kind: %v", err)
	}
	mg.SetNamespace("team-a")
	mg.SetName("x")
	mg.SetUID("uid-of-x")
	mg.SetGeneration(1)
	mg.SetCreationTimestamp(metav1.Now())
	mg.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "default"})

	f := &fixture{events: record.NewFakeRecorder(1000), object: mg, observe: upToDate}
	f.kube = interceptor.NewClient(fake.NewClientBuilder().WithScheme(s).WithRESTMapper(mapper(s)).WithObjects(mg).WithStatusSubresource(mg).WithIndex(mg, indexManaged, managedIDs).Build(), f.count())
	mod(f)
	list := resource.MustCreateObject(gvk.GroupVersion().WithKind(gvk.Kind+"List"), s).(resource.ManagedList)
	r := Resource{
		Object:    mg,
		List:      list,
		Connector: managed.ExternalConnectorFn(f.connect),

		IDInSecret: f.idInSecret,
		Options: append(opts,
			managed.WithDeterministicExternalName(true),
			managed.WithCreationGracePeriod(0),
		),
	}
	o := Options{Options: xpcontroller.Options{Logger: logging.NewNopLogger(), PollInterval: 10 * time.Minute, Features: &feature.Flags{}}}
	o.Ownership = NewOwnership(f.kube)
	o.Ownership.kinds[gvk.Kind] = managedKind{object: r.Object, list: r.List}
	mgr := fakeManager{Manager: &xpfake.Manager{Client: f.kube, Scheme: s}, events: f.events}
	f.outer = reconciler(mgr, o, r, "test", gvk).(requeuer)
	return f
}

// mapper knows every kind of the provider.
func mapper(s *runtime.Scheme) apimeta.RESTMapper {
	m := apimeta.NewDefaultRESTMapper(nil)
	for kind := range s.KnownTypes(v1alpha1.SchemeGroupVersion) {
		m.Add(v1alpha1.SchemeGroupVersion.WithKind(kind), apimeta.RESTScopeNamespace)
	}
	return m
}

// count the writes.
func (f *fixture) count() interceptor.Funcs {
	wrote := func(verb string) { f.writes = append(f.writes, verb) }
	return interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			wrote("create")
			return c.Create(ctx, o, opts...)
		},
		Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
			wrote("update")
			return c.Update(ctx, o, opts...)
		},
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			wrote("patch")
			return c.Patch(ctx, o, p, opts...)
		},
		SubResourceUpdate: func(ctx context.Context, c client.Client, sub string, o client.Object, opts ...client.SubResourceUpdateOption) error {
			wrote("update " + sub)
			return c.SubResource(sub).Update(ctx, o, opts...)
		},
		SubResourcePatch: func(ctx context.Context, c client.Client, sub string, o client.Object, p client.Patch, opts ...client.SubResourcePatchOption) error {
			wrote("patch " + sub)
			return c.SubResource(sub).Patch(ctx, o, p, opts...)
		},
	}
}

// connect as the provider does: a usage of the configuration is tracked first.
func (f *fixture) connect(ctx context.Context, mg resource.Managed) (managed.ExternalClient, error) {
	gvk, err := apiutil.GVKForObject(mg, f.kube.Scheme())
	if err != nil {
		return nil, err
	}
	mg.GetObjectKind().SetGroupVersionKind(gvk)
	if err := resource.NewProviderConfigUsageTracker(f.kube, &v1alpha1.ProviderConfigUsage{}).Track(ctx, mg.(resource.ModernManaged)); err != nil {
		return nil, err
	}
	return managed.ExternalClientFns{
		ObserveFn: func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
			return f.observe(ctx, mg)
		},
		CreateFn: func(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
			return f.create(ctx, mg)
		},
		UpdateFn: func(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error) {
			return f.update(ctx, mg)
		},
		DisconnectFn: func(context.Context) error { return nil },
	}, nil
}

func upToDate(_ context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	mg.SetConditions(xpv2.Available())
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
}

// reconcile the object once, and return what it wrote and which events it recorded.
func (f *fixture) reconcile(t *testing.T) (res reconcile.Result, writes, events []string) {
	t.Helper()
	f.writes = nil
	res, err := f.outer.Reconcile(t.Context(), reconcile.Request{NamespacedName: client.ObjectKeyFromObject(f.object)})
	if err != nil {
		t.Fatalf("Reconcile: %v", err)
	}
	for len(f.events.Events) > 0 {
		e, _, _ := strings.Cut(<-f.events.Events, " map[")
		events = append(events, e)
	}
	return res, f.writes, events
}

// stored is the object as the API server has it.
func stored[M client.Object](t *testing.T, f *fixture, into M) M {
	t.Helper()
	if err := f.kube.Get(t.Context(), types.NamespacedName{Namespace: "team-a", Name: "x"}, into); err != nil {
		t.Fatalf("cannot get object: %v", err)
	}
	return into
}

// change the object as its owner does.
func (f *fixture) change(t *testing.T, change func(o *v1alpha1.Project)) {
	t.Helper()
	o := stored(t, f, &v1alpha1.Project{})
	change(o)
	if err := f.kube.Update(t.Context(), o); err != nil {
		t.Fatalf("cannot update object: %v", err)
	}
}
