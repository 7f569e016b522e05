// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"reflect"
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// The API server accepts the CustomResourceDefinitions, and keeps the rules that are generated for
// references.
func TestAGeneratedReferenceIsKeptOnceItIsSet(t *testing.T) {
	kube := serve(t)
	type member = v1alpha1.GroupMember
	cases := map[string]struct {
		reason string
		// was is what there is; nil: nothing, and an object with the other is created.
		was     *member
		becomes member
		refused bool
	}{
		"MissingAltogether": {reason: "An assignment without a group means nothing.", becomes: member{}, refused: true},
		"ByID":              {reason: "One of the three is enough.", becomes: member{GroupID: new("group_1")}},
		"ByName":            {reason: "One of the three is enough.", becomes: member{GroupIDRef: &xpv2.NamespacedReference{Name: "one"}}},
		"AnotherID":         {reason: "It would be another assignment.", was: &member{GroupID: new("group_1")}, becomes: member{GroupID: new("group_2")}, refused: true},
		"AnotherName": {
			reason:  "The name has led to an ID already.",
			was:     &member{GroupID: new("group_1"), GroupIDRef: &xpv2.NamespacedReference{Name: "one"}},
			becomes: member{GroupID: new("group_1"), GroupIDRef: &xpv2.NamespacedReference{Name: "two"}}, refused: true,
		},
		"WithoutTheID": {
			reason:  "The manifest that it was made from is applied again.",
			was:     &member{GroupID: new("group_1"), GroupIDRef: &xpv2.NamespacedReference{Name: "one"}},
			becomes: member{GroupIDRef: &xpv2.NamespacedReference{Name: "one"}},
		},
		"AnotherNameBeforeThereIsAnID": {
			reason:  "A mistake can be corrected.",
			was:     &member{GroupIDRef: &xpv2.NamespacedReference{Name: "one"}},
			becomes: member{GroupIDRef: &xpv2.NamespacedReference{Name: "two"}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			u := &v1alpha1.GroupUser{ObjectMeta: metav1.ObjectMeta{Namespace: "default", GenerateName: "user-"}}
			u.Spec.ForProvider.UserID = "user-1"
			send := func(o client.Object) error { return kube.Create(t.Context(), o) }
			if tc.was != nil {
				u.Spec.ForProvider.GroupMember = *tc.was
				if err := kube.Create(t.Context(), u); err != nil {
					t.Fatal(err)
				}
				send = func(o client.Object) error { return kube.Update(t.Context(), o) }
			}
			u.Spec.ForProvider.GroupMember = tc.becomes
			err := send(u)
			if kerrors.IsInvalid(err) != tc.refused || (err != nil && !kerrors.IsInvalid(err)) {
				t.Errorf("%s\nrefused as invalid: want %t, got error %v", tc.reason, tc.refused, err)
			}
		})
	}
}

// serve the kinds with a real API server.
func serve(tb testing.TB) client.Client {
	tb.Helper()
	c, err := controlplane.Start(tb.Context(), controlplane.Options{CRDDirectories: []string{"crds"}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := c.Stop(); err != nil {
			tb.Error(err)
		}
	})
	s := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(s); err != nil {
		tb.Fatal(err)
	}
	kube, err := client.New(c.Config, client.Options{Scheme: s})
	if err != nil {
		tb.Fatal(err)
	}
	return kube
}

func TestEveryShapeIsAKind(t *testing.T) {
	t.Parallel()
	got, want := map[string]bool{}, map[string]bool{}
	for _, k := range Kinds {
		if err := k.Validate(); err != nil {
			t.Errorf("%T: %v", k.New(), err)
		}
		got[reflect.TypeOf(k.New()).Elem().Name()] = true
	}
	s := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for name, of := range s.KnownTypes(v1alpha1.SchemeGroupVersion) {
		if of.Implements(reflect.TypeFor[reconciler.Object]()) || reflect.PointerTo(of).Implements(reflect.TypeFor[reconciler.Object]()) {
			want[name] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds: -API, +Kinds:\n%s", diff)
	}
}
