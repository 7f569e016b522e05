// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// keyStateRemovals remove state annotations from a Secret, as tools do that overwrite a Secret or
// copy only its data.
var keyStateRemovals = map[string]func(s *corev1.Secret){
	"all-annotations":        func(s *corev1.Secret) { s.Annotations = nil },
	"annotations-and-labels": func(s *corev1.Secret) { s.Annotations, s.Labels = nil, nil },
	"what-was-applied": func(s *corev1.Secret) {
		maps.DeleteFunc(s.Annotations, func(k, _ string) bool { return strings.HasPrefix(k, "openai.crossplane.io/applied-") })
	},
}

// keyState returns the state annotations of a Secret without times and lifetimes, which are read
// again from OpenAI.
func keyState(s *corev1.Secret) map[string]string {
	kept := map[string]string{}
	for k, v := range s.Annotations {
		if k, ok := strings.CutPrefix(k, "openai.crossplane.io/"); ok && !strings.Contains(k, "-at") && !strings.HasSuffix(k, "-lifetime") {
			kept[k] = v
		}
	}
	return kept
}

// awaitKeyState awaits that a Secret has the state annotations that it had before.
func (tn *tenant) awaitKeyState(before *corev1.Secret) {
	tn.Helper()
	tn.await("the state annotations of "+before.Name, func() (bool, string) {
		diff := cmp.Diff(keyState(before), keyState(tn.secret(before.Name)))
		return diff == "", diff
	})
}

func TestRemovedStateAnnotationsDoNotChangeTheDesiredState(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	type params = v1alpha1.ProjectAPIKeyParameters
	wishes := map[string]func(p *params){
		"trigger": func(p *params) { p.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("once")} },
		"expiry":  func(p *params) { p.ExpiresIn = &metav1.Duration{Duration: time.Hour} },
		"name":    func(p *params) { p.Name = new("named") },
		"scopes":  func(p *params) { p.Scopes = []string{"model.read", "api.files.read"} },
	}
	type kept struct {
		key  *v1alpha1.ProjectAPIKey
		wish string
		how  string
	}
	var all []kept
	for wish, want := range wishes {
		for how := range keyStateRemovals {
			key := tn.key(wish+"-"+how, func(cr *v1alpha1.ProjectAPIKey) { want(&cr.Spec.ForProvider) })
			tn.create(key)
			all = append(all, kept{key, wish, how})
		}
	}
	for _, k := range all {
		t.Run(k.key.Name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			tn.awaitReady(k.key)
			id, value, secret := meta.GetExternalName(k.key), tn.workingKey(k.key.Name), tn.secret(k.key.Name)
			before, _ := sim.KeyByValue(value)
			change(tn, tn.secret(k.key.Name), keyStateRemovals[k.how])
			tn.awaitKeyState(secret)
			tn.reconcileAgain(3, k.key)
			tn.awaitReady(k.key)
			if meta.GetExternalName(k.key) != id || tn.workingKey(k.key.Name) != value {
				t.Errorf("the key was replaced")
			}
			// The simulator's expiry has fractions of a second, so that an update would change it.
			after, _ := sim.KeyByValue(value)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the key at OpenAI: -before, +after:\n%s", diff)
			}
			if diff := cmp.Diff(secret.Labels, tn.secret(k.key.Name).Labels); diff != "" {
				t.Errorf("labels of the Secret: -before, +after:\n%s", diff)
			}
		})
	}
	t.Cleanup(func() {
		if n := tn.calls(simulator.RouteCreateServiceAccountAPIKey); n != len(all) {
			t.Errorf("%d keys were issued for %d objects", n, len(all))
		}
	})
}

func TestARetiringKeyKeepsItsTimeWhenItsStateAnnotationsAreRemoved(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	for how, clear := range keyStateRemovals {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			key := tn.key(how)
			tn.create(key)
			tn.awaitReady(key)
			first := tn.workingKey(how)
			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
			})
			second := tn.awaitSuccessor(how, first)
			tn.await("an end of the previous key", func() (bool, string) {
				tn.get(key)
				k, _ := sim.KeyByValue(first)
				return len(key.Status.AtProvider.Retiring) == 1 && !k.ExpiresAt.IsZero(), asJSON(t, key.Status)
			})
			tn.awaitReady(key)
			retiring, secret := key.Status.AtProvider.Retiring, tn.secret(how)
			change(tn, tn.secret(how), clear)
			tn.awaitKeyState(secret)
			tn.reconcileAgain(3, key)
			tn.awaitReady(key)
			if diff := cmp.Diff(retiring, key.Status.AtProvider.Retiring); diff != "" {
				t.Errorf("retiring keys: -before, +after:\n%s", diff)
			}
			if tn.workingKey(how) != second || !sim.Works(first) {
				t.Error("one of the two keys ended")
			}
		})
	}
}

func TestATriggerThatChangesAfterTheStateAnnotationsWereRemovedRotatesOnce(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]bool{"OnceItIsThereAgain": true, "AtOnce": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key("asked", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("once")}
			})
			tn.create(key)
			tn.awaitReady(key)
			first, before := tn.workingKey("asked"), tn.secret("asked")
			change(tn, tn.secret("asked"), keyStateRemovals["annotations-and-labels"])
			if wait {
				tn.awaitKeyState(before)
			}
			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Rotation.Trigger = new("again") })
			second := tn.awaitSuccessor("asked", first)
			tn.reconcileAgain(3, key)
			tn.awaitReady(key)
			if n := tn.calls(simulator.RouteCreateServiceAccountAPIKey); n != 2 || tn.workingKey("asked") != second {
				t.Errorf("%d keys were issued, want the first and its successor", n)
			}
			if !sim.Works(first) {
				t.Error("the previous key was refused at once, while consumers still use it")
			}
		})
	}
}

func TestARotationIsRequestedByAnAnnotation(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("requested")
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("requested")
	const requested = "openai.crossplane.io/rotate-requested-at"
	for i, text := range []string{"2026-11-26T01:15:00Z", "once more, please"} {
		tn.annotate(key, annotations{requested: text})
		value = tn.awaitSuccessor("requested", value)
		tn.reconcileAgain(2, key)
		tn.awaitReady(key)
		if n := tn.calls(simulator.RouteCreateServiceAccountAPIKey); n != i+2 || tn.workingKey("requested") != value {
			t.Errorf("%d keys were issued after request %d, want %d", n, i+1, i+2)
		}
	}
	tn.annotate(key, annotations{requested: nil})
	tn.reconcileAgain(2, key)
	if tn.workingKey("requested") != value {
		t.Error("the key was replaced although nobody requested it")
	}
}
