// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAKeyThatIsKnownToBeDeadIsNotReadyWhileItsSuccessorWaitsForTheRateLimit(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		mod    func(cr *v1alpha1.ProjectAPIKey)
		end    func(tn *tenant, key *v1alpha1.ProjectAPIKey)
		why    string
	}{
		"Expired": {
			reason: "OpenAI refuses it from then on.",
			mod: func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ExpiresIn = &metav1.Duration{Duration: 10 * time.Second}
			},
			end: func(*tenant, *v1alpha1.ProjectAPIKey) {},
			why: "has expired",
		},
		"Revoked": {
			reason: "Somebody revoked it at OpenAI.",
			end: func(tn *tenant, key *v1alpha1.ProjectAPIKey) {
				// Backdated, because a list that lags may not show a recently issued key.
				change(tn, tn.secret("dead"), func(s *corev1.Secret) {
					s.Annotations["openai.crossplane.io/issued-at"] = time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)
				})
				tn.revokeKey(meta.GetExternalName(key))
				tn.forgetCaches()
			},
			why: "OpenAI no longer knows key",
		},
		"Overwritten": {
			reason: "Consumers read what is no key.",
			end: func(tn *tenant, _ *v1alpha1.ProjectAPIKey) {
				change(tn, tn.secret("dead"), func(s *corev1.Secret) { s.Data["OPENAI_API_KEY"] = []byte("nonsense") })
			},
			why: "no longer holds the value",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t).withAdminKey() // other tests would wait for the 429 too
			key := tn.key("dead")
			if tc.mod != nil {
				tc.mod(key)
			}
			tn.create(key)
			tn.awaitReady(key)
			_, err := sim.AddFault(simulator.Fault{
				Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultRateLimitHeader, Duration: 10 * time.Minute,
			})
			tn.must(err)
			tc.end(tn, key)
			tn.awaitNotReady(tc.why, key)
			if n := len(sim.Keys(tn.project)); n > 1 {
				t.Errorf("%s\n%d keys, although none could be issued", tc.reason, n)
			}
		})
	}
}
