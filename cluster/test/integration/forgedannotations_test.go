// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// farFuture is a date that the provider never writes.
const farFuture = "2036-01-01T00:00:00Z"

// stateAnnotation is the full name of an annotation of the provider.
func stateAnnotation(name string) string { return "openai.crossplane.io/" + name }

// nameKey issues a key of this name outside of the provider, as anybody with access to the project
// can.
func (tn *tenant) nameKey(name string) {
	tn.Helper()
	_, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name)})
	tn.must(err)
}

func TestANameAtOpenAIStopsNoKeyFromBeingIssued(t *testing.T) {
	t.Parallel()
	for name, serial := range map[string]string{"Highest": "1073741824", "AtTheBound": "1048575", "Zeros": "002", "Sign": "+2", "Next": "2"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key("squatted")
			tn.create(key)
			tn.awaitReady(key)
			tn.nameKey(ownerHashOf(key) + "-" + serial + "-squatted")
			value := tn.workingKey("squatted")
			for _, trigger := range []string{"once", "again"} {
				change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
					cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: &trigger}
				})
				value = tn.awaitSuccessor("squatted", value)
			}
			tn.awaitReady(key)
			before := tn.calls(simulator.RouteCreateServiceAccountAPIKey)
			tn.reconcileAgain(3, key)
			if tn.workingKey("squatted") != value || tn.calls(simulator.RouteCreateServiceAccountAPIKey) != before {
				t.Error("another key was issued without a request")
			}
		})
	}
}

func TestDatesYearsAheadDelayNeitherRotationNorDeletion(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("dated")
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("dated")
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("once"), Overlap: &metav1.Duration{Duration: time.Hour}}
	})
	second := tn.awaitSuccessor("dated", first)
	tn.awaitReady(key)

	retiring := key.Status.AtProvider.Retiring
	if len(retiring) != 1 {
		t.Fatalf("retiring keys: want the previous one, got %+v", retiring)
	}
	change(tn, tn.secret("dated"), func(s *corev1.Secret) {
		for _, name := range []string{"issued-at", "issued-at-openai", "scopes-applied-at"} {
			s.Annotations[stateAnnotation(name)] = farFuture
		}
		s.Annotations[stateAnnotation("retiring-keys")] = fmt.Sprintf(`{%q:{"revokeAt":%q,"replacedAt":%q,"expires":true}}`, retiring[0].ID, farFuture, farFuture)
	})
	tn.await("a corrected annotation", func() (bool, string) {
		a := tn.secret("dated").Annotations
		return !strings.Contains(asJSON(t, a), "2036"), asJSON(t, a)
	})
	tn.awaitReady(key)
	if got := key.Status.AtProvider.Retiring; len(got) != 1 || time.Until(got[0].RevokeAt.Time) > time.Hour {
		t.Errorf("the previous key lives for longer than its overlap: %+v", got)
	}
	if tn.workingKey("dated") != second {
		t.Error("the key was replaced without a request")
	}

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation.Interval = &metav1.Duration{Duration: 10 * time.Second}
		cr.Spec.ForProvider.Rotation.Overlap = &metav1.Duration{Duration: 10 * time.Second}
	})
	tn.awaitSuccessor("dated", second)
	tn.annotate(key, annotations{stateAnnotation("keys-in-flight"): `{"99":"` + farFuture + `"}`, meta.AnnotationKeyExternalCreateSucceeded: farFuture})
	tn.delete(key)
	tn.await("the revocation of all keys", func() (bool, string) { return len(tn.liveIDs()) == 0, asJSON(t, tn.liveIDs()) })
}

func TestASuccessYearsAheadStopsNoKeyFromBeingIssued(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("succeeded", func(cr *v1alpha1.ProjectAPIKey) {
		meta.AddAnnotations(cr, map[string]string{meta.AnnotationKeyExternalCreateSucceeded: farFuture})
	})
	tn.create(key)
	tn.awaitReady(key)
	tn.workingKey("succeeded")
}

func TestGarbageInStateAnnotationsHoldsUpNoDeletion(t *testing.T) {
	t.Parallel()
	const pasted = "sk-svcacct-FAKE-pasted-into-an-annotation"
	cases := map[string]struct {
		object annotations
		secret map[string]string
	}{
		"names-no-ids": {
			object: annotations{meta.AnnotationKeyExternalName: "../../proj/api_keys/key_1"},
			secret: map[string]string{"key-id": "../key_1", "project-id": "../proj", "retiring-keys": `{"../key":{}}`},
		},
		"values": {
			object: annotations{meta.AnnotationKeyExternalName: "sk-svcacct-FAKE-pasted-as-a-name"},
			secret: map[string]string{"key-id": pasted, "issued-at": pasted, "retiring-keys": `{"` + pasted + `":{}}`},
		},
		"unreadable": {secret: map[string]string{"key-serial": "x", "retiring-keys": "{", "granted-lifetime": "for ever"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key(name)
			tn.create(key)
			tn.awaitReady(key)
			tn.pause(key)
			change(tn, tn.secret(name), func(s *corev1.Secret) {
				for k, v := range tc.secret {
					s.Annotations[stateAnnotation(k)] = v
				}
			})
			if tc.object != nil {
				tn.annotate(key, tc.object)
			}
			tn.delete(key)
			tn.annotate(key, annotations{meta.AnnotationKeyReconciliationPaused: nil})
			tn.awaitGone(key)
			if live := tn.liveIDs(); len(live) != 0 {
				t.Errorf("keys %v outlive their object", live)
			}
			if strings.Contains(logs.String(), pasted) {
				t.Error("the value of a key is in the log")
			}
		})
	}
}

func TestThousandsOfInventedKeysCostNoCalls(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("invented")
	tn.create(key)
	tn.awaitReady(key)
	value, asked := tn.workingKey("invented"), tn.calls(simulator.RouteGetProjectAPIKey)
	invented := map[string]any{}
	for i := range 4000 {
		invented[fmt.Sprintf("key_%d", i)] = map[string]any{"revokeAt": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	}
	// The annotations of an object are limited to 256 KiB.
	text := asJSON(t, invented)
	change(tn, tn.secret("invented"), func(s *corev1.Secret) { s.Annotations[stateAnnotation("retiring-keys")] = text })
	if got := tn.awaitProblem(key); !strings.Contains(got, `"openai.crossplane.io/retiring-keys"`) || !strings.Contains(got, "remove it") {
		t.Errorf("want a problem that names the annotation and the remedy, got %q", got)
	}
	if n := tn.calls(simulator.RouteGetProjectAPIKey); n != asked {
		t.Errorf("%d keys were asked for by their IDs", n-asked)
	}
	if tn.workingKey("invented") != value {
		t.Error("the key was replaced")
	}
	tn.delete(key)
	tn.awaitGone(key)
	if n := tn.calls(simulator.RouteGetProjectAPIKey) - asked; n > 10 {
		t.Errorf("%d keys were asked for by their IDs to delete one", n)
	}
	if live := tn.liveIDs(); len(live) != 0 {
		t.Errorf("keys %v outlive their object", live)
	}
}
