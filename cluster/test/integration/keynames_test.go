// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"regexp"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAKeyIsKnownByTheBeginningOfItsName(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tn := newTenant(t, g.serve)
	// It is not documented whether OpenAI or a gateway truncates long names.
	g.intercept(interception{matches: aboutKeys, rewrite: truncatedNames(20)})
	_, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultResetAfter, Count: 1})
	tn.must(err)
	key := tn.key("long", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Name = new("a-name-that-nobody-keeps-whole") })
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("long")
	if k, _ := sim.KeyByValue(first); !regexp.MustCompile(`^[0-9a-f]{10}-2-a-name-that-nobody-keeps-whole$`).MatchString(k.Name) {
		t.Errorf("the second key is called %q", k.Name)
	}
	tn.reconcileAgain(3, key)
	tn.awaitReady(key)
	if n := tn.calls(simulator.RouteCreateServiceAccountAPIKey); n != 2 || tn.workingKey("long") != first {
		t.Errorf("%d keys were issued, want one whose reply was lost, and another", n)
	}
	if diff := cmp.Diff([]string{meta.GetExternalName(key)}, tn.liveIDs()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	})
	tn.awaitSuccessor("long", first)
	tn.awaitReady(key)
	if n := len(tn.liveIDs()); n != 2 {
		t.Errorf("%d keys live, want the previous one and its successor", n)
	}
	// Without the state annotations, only the names of keys show which ones the object manages.
	tn.pause(key)
	tn.delete(tn.secret("long"))
	tn.annotate(key, annotations{meta.AnnotationKeyExternalName: nil})
	tn.delete(key)
	tn.annotate(key, annotations{meta.AnnotationKeyReconciliationPaused: nil})
	tn.awaitGone(key)
	if live := tn.liveIDs(); len(live) != 0 {
		t.Errorf("keys live on after their object: %v", live)
	}
}
