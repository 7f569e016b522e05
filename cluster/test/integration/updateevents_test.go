// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestTheEventOfAnUpdateSaysWhatChanged(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		object func(tn *tenant) resource.Managed
		change func(o resource.Managed)
		want   []string
	}{
		"Project": {
			func(tn *tenant) resource.Managed {
				return tn.projectObject("a", func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new("a") })
			},
			func(o resource.Managed) { o.(*v1alpha1.Project).Spec.ForProvider.Name = new("b") },
			[]string{`name "a" -> "b"`},
		},
		"ServiceAccount": {
			func(tn *tenant) resource.Managed { return tn.accountObject("a") },
			func(o resource.Managed) {
				p := &o.(*v1alpha1.ProjectServiceAccount).Spec.ForProvider
				p.Name, p.Role = new("b"), "owner"
			},
			[]string{`name "a" -> "b"`, `role "member" -> "owner"`},
		},
		"Key": {
			func(tn *tenant) resource.Managed {
				return tn.key("a", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Scopes = []string{"model.read"} })
			},
			func(o resource.Managed) {
				o.(*v1alpha1.ProjectAPIKey).Spec.ForProvider.Scopes = []string{"api.files.read"}
			},
			[]string{"scopes"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			o := tc.object(tn)
			tn.create(o)
			tn.awaitReady(o)
			change(tn, o, tc.change)
			tn.awaitEventWith(o, "UpdatedExternalResource", tc.want...)
		})
	}
}
