// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestTheAPIServerRefusesWhatNoKeyCanBe(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	named := func(name string) func(*v1alpha1.ProjectAPIKey) {
		return func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Name = &name }
	}
	cases := map[string]struct {
		reason string
		mod    func(cr *v1alpha1.ProjectAPIKey)
		// want is part of the refusal; empty: the value is accepted.
		want string
	}{
		"AnExpiryThatIsTooSoon":      {"No successor can be there in time.", expiresIn(9 * time.Second), "expiresIn must be from 10s"},
		"TheSoonestExpiry":           {"The limit itself is allowed.", expiresIn(10 * time.Second), ""},
		"ANameThatBeginsWithABlank":  {"OpenAI may cut it off, and the name would differ for ever.", named(" x"), "name must not"},
		"ANameThatEndsWithABlank":    {"As above.", named("x "), "name must not"},
		"ANameWithABlankInTheMiddle": {"Names are for people.", named("x y"), ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := kube.Create(t.Context(), tn.key("bounds", tc.mod), client.DryRunAll)
			if (err == nil) != (tc.want == "") || (err != nil && !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s\nerror is %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}
