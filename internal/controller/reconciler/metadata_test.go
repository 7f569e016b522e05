// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// patches of the object, as they were sent.
func (f *fixture) patches() *[]map[string]any {
	var sent []map[string]any
	f.kube = interceptor.NewClient(f.kube, interceptor.Funcs{
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			data, err := p.Data(o)
			if err != nil {
				return err
			}
			var patch map[string]any
			if err := json.Unmarshal(data, &patch); err != nil {
				return err
			}
			sent = append(sent, patch)
			return c.Patch(ctx, o, p, opts...)
		},
	})
	return &sent
}

// TestACreateWritesMetadataOnly shows that the writes around a create, which
// crossplane-runtime makes of the whole object, say nothing of the spec.
func TestACreateWritesMetadataOnly(t *testing.T) {
	t.Parallel()
	var sent *[]map[string]any
	f := newFixtureWith(t, &v1alpha1.Project{}, func(f *fixture) { sent = f.patches() })
	f.observe = func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
		return managed.ExternalObservation{}, nil
	}
	f.create = func(_ context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
		meta.SetExternalName(mg, "proj_1")
		return managed.ExternalCreation{}, nil
	}
	_, writes, _ := f.reconcile(t)
	for _, w := range writes {
		if w == "update" {
			t.Errorf("want no write of the whole object, got %q", writes)
		}
	}
	if len(*sent) == 0 {
		t.Fatal("nothing was patched")
	}
	for _, p := range *sent {
		if _, ok := p["metadata"]; !ok || len(p) != 1 {
			t.Errorf("want a patch of the metadata alone, got %v", p)
		}
	}
	got := stored(t, f, &v1alpha1.Project{})
	if meta.GetExternalName(got) != "proj_1" || !meta.FinalizerExists(got, managed.FinalizerName) || meta.GetExternalCreateSucceeded(got).IsZero() {
		t.Errorf("metadata: want external name, finalizer and the create's end, got %v %v", got.GetAnnotations(), got.GetFinalizers())
	}
}

// TestTheNameOfWhatWasCreatedIsWrittenWhateverHappens shows that neither a change by
// somebody else nor a failing API server loses it.
func TestTheNameOfWhatWasCreatedIsWrittenWhateverHappens(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		trouble func(t *testing.T, f *fixture)
	}{
		"ChangedMeanwhile": {"A newer version is no reason to lose it.", func(t *testing.T, f *fixture) {
			f.change(t, func(o *v1alpha1.Project) { meta.AddAnnotations(o, map[string]string{"theirs": "kept"}) })
		}},
		"ProviderEnds": {"A reconcile that is cut off still says what it made.", func(*testing.T, *fixture) {}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, &v1alpha1.Project{})
			ctx, cancel := context.WithCancel(t.Context())
			mg := stored(t, f, &v1alpha1.Project{})
			tc.trouble(t, f)
			cancel()
			meta.SetExternalName(mg, "proj_1")
			if err := (criticalAnnotations{runtimeClient{f.kube}}).UpdateCriticalAnnotations(ctx, mg); err != nil {
				t.Fatalf("%s\nUpdateCriticalAnnotations: %v", tc.reason, err)
			}
			if got := meta.GetExternalName(stored(t, f, &v1alpha1.Project{})); got != "proj_1" {
				t.Errorf("%s\nexternal name: want proj_1, got %q", tc.reason, got)
			}
		})
	}
}

func TestMetadataThatIsChanged(t *testing.T) {
	t.Parallel()
	object := func(annotations map[string]string, finalizers ...string) *v1alpha1.Project {
		o := &v1alpha1.Project{}
		o.SetUID("uid-1")
		o.SetAnnotations(annotations)
		o.SetFinalizers(finalizers)
		return o
	}
	before := object(map[string]string{"kept": "a", "changed": "b", "removed": "c"}, "theirs")
	cases := map[string]struct {
		reason string
		object *v1alpha1.Project
		want   map[string]any
	}{
		"Nothing": {"It costs no write.", before.DeepCopy(), nil},
		"Annotations": {"What somebody else wrote is not repeated.", object(map[string]string{"kept": "a", "changed": "x", "new": "y"}, "theirs"), map[string]any{
			"uid": before.GetUID(), "annotations": map[string]any{"changed": "x", "new": "y", "removed": nil},
		}},
		"Finalizers": {"The list is written as a whole.", object(before.GetAnnotations(), "theirs", "ours"), map[string]any{
			"uid": before.GetUID(), "finalizers": []string{"theirs", "ours"},
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, metadataOf(before).patch(tc.object)); diff != "" {
				t.Errorf("%s\npatch: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAnOldVersionOfAnObjectIsNotWritten shows that a create begins only with what is
// current.
func TestAnOldVersionOfAnObjectIsNotWritten(t *testing.T) {
	t.Parallel()
	f := newFixture(t, &v1alpha1.Project{})
	old := stored(t, f, &v1alpha1.Project{})
	f.change(t, func(o *v1alpha1.Project) { o.Spec.ForProvider.Name = new("changed") })
	meta.SetExternalName(old, "proj_1")
	if err := (runtimeClient{f.kube}).Update(t.Context(), old); !kerrors.IsConflict(err) {
		t.Errorf("Update: want a conflict, got %v", err)
	}
	if got := meta.GetExternalName(stored(t, f, &v1alpha1.Project{})); got != "" {
		t.Errorf("external name: want none, got %q", got)
	}
}

// TestAPausedObjectKeepsItsExternalName shows that what kubectl replace drops comes back although
// the runtime does nothing for a paused object: it may be deleted meanwhile.
func TestAPausedObjectKeepsItsExternalName(t *testing.T) {
	t.Parallel()
	p := &v1alpha1.Project{}
	meta.AddAnnotations(p, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
	p.Status.AtProvider.ID = "proj_1"
	f := newFixture(t, p)
	f.reconcile(t)
	got := stored(t, f, &v1alpha1.Project{})
	if meta.GetExternalName(got) != "proj_1" || !meta.FinalizerExists(got, managed.FinalizerName) {
		t.Errorf("want external name and finalizer, got %v %v", got.GetAnnotations(), got.GetFinalizers())
	}
	if c := got.GetCondition(xpv2.TypeSynced); c.Reason != xpv2.ReasonReconcilePaused {
		t.Errorf("Synced: want it paused, got %+v", c)
	}
	if _, writes, _ := f.reconcile(t); len(writes) > 0 {
		t.Errorf("want nothing written again, got %q", writes)
	}
}
