// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestEveryKindHasAController shows that no kind of the API is without a controller, and that
// none leaves out what it needs.
func TestEveryKindHasAController(t *testing.T) {
	s, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	got, want := map[string]bool{}, map[string]bool{}
	for _, k := range Kinds {
		gvk, err := apiutil.GVKForObject(k.New(), s)
		if err != nil {
			t.Fatal(err)
		}
		got[gvk.Kind] = true
		if err := k.Validate(); err != nil {
			t.Errorf("%s: %v", gvk.Kind, err)
		}
	}
	for _, i := range v1alpha1.Kinds() {
		want[i.Kind] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds with a controller: -API, +controllers:\n%s", diff)
	}
}
