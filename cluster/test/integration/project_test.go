// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestProjectsAreManaged(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "managed"}}
	p.Spec.ProviderConfigReference = tn.configRef()
	p.Spec.ForProvider.Residency = new("EU_STORAGE_PROCESSING")
	tn.create(p)
	tn.awaitReady(p)
	id := p.Status.AtProvider.ID

	change(tn, p, func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new("renamed") })
	tn.await("the new name", func() (bool, string) {
		o, err := tn.openai.Get(t.Context(), id)
		tn.must(err)
		tn.get(p)
		return o.Name == "renamed" && p.Status.AtProvider.Name == "renamed", o.Name
	})
	tn.delete(p)
	tn.awaitGone(p)
	o, err := tn.openai.Get(t.Context(), id)
	tn.must(err)
	if o.Status != "archived" {
		t.Errorf("the project is %q after its object was deleted, want archived", o.Status)
	}
}
