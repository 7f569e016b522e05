// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// withAdminKey gives the tenant an admin key of its own, and thereby a rate limit of its own.
func (tn *tenant) withAdminKey() *tenant {
	tn.Helper()
	value := "sk-admin-SIMULATED-" + tn.namespace
	sim.AddAdminKey(simulator.AdminKey{Value: value, OrganizationID: simulator.DefaultOrganizationID})
	tn.setAdminKey(value)
	return tn
}

// calls counts the calls of a route in the tenant's project so far.
func (tn *tenant) calls(route simulator.Route) int {
	n := 0
	for _, c := range sim.Calls() {
		if c.Route == route && strings.Contains(c.Path, tn.project) {
			n++
		}
	}
	return n
}

// Not parallel: events are written one after the other. Among those of many tests this test's event
// would come too late.
func TestAThrottledObjectWaitsWithoutAnError(t *testing.T) {
	tn, other := newTenant(t).withAdminKey(), newTenant(t).withAdminKey()
	first := tn.key("first")
	tn.create(first)
	tn.awaitReady(first)

	const wait = 12 * time.Second
	_, err := sim.AddFault(simulator.Fault{
		Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultRateLimitBody, Duration: wait, Count: 1,
	})
	tn.must(err)
	change(tn, first, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	})
	var reported string
	tn.await("the event about the wait", func() (bool, string) {
		l := &corev1.EventList{}
		tn.must(kube.List(context.Background(), l, client.InNamespace(tn.namespace)))
		reported = ""
		for i := range l.Items {
			if e := &l.Items[i]; e.InvolvedObject.Name == "first" && e.Reason == "WaitingForRateLimit" {
				reported += fmt.Sprintf("%d × %s\n", max(e.Count, 1), e.Message)
			}
		}
		return reported != "", "no such event"
	})
	if !strings.HasPrefix(reported, "1 × Waiting for OpenAI's rate limit until about ") {
		t.Errorf("the event says %q", reported)
	}
	tn.get(first)
	for _, c := range []xpv2.ConditionType{xpv2.TypeReady, xpv2.TypeSynced} {
		if got := first.GetCondition(c); got.Status != corev1.ConditionTrue {
			t.Errorf("%s: want it to stay True, got %+v", c, got)
		}
	}

	// The rate limit of one credential must not delay another one.
	beside := other.key("beside")
	other.create(beside)
	other.awaitReady(beside)
	if n := tn.calls(simulator.RouteCreateServiceAccountAPIKey); n != 2 {
		t.Errorf("calls to issue a key while waiting: want the first and the refused one, got %d", n)
	}

	id := meta.GetExternalName(first)
	tn.await("the rotation", func() (bool, string) {
		tn.get(first)
		return meta.GetExternalName(first) != id, asJSON(t, first.Status)
	})
	tn.workingKey("first")
}

func TestAnUpToDateObjectCostsNoWrite(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	p := &v1alpha1.Project{}
	p.Namespace, p.Name = tn.namespace, tn.namespace+"-idle"
	p.Spec.ProviderConfigReference = tn.configRef()
	key := tn.key("idle")
	tn.create(p)
	tn.create(key)
	tn.awaitReady(p, key)

	// The first list after a key was issued can add to its status.
	listed := tn.calls(simulator.RouteListProjectAPIKeys)
	await := func(more int) {
		tn.await("polls", func() (bool, string) {
			n := tn.calls(simulator.RouteListProjectAPIKeys)
			return n >= listed+more, fmt.Sprint(n)
		})
	}
	await(2)
	secret := tn.secret("idle")
	tn.get(p)
	tn.get(key)
	want := []string{p.ResourceVersion, key.ResourceVersion, secret.ResourceVersion}
	await(6)
	tn.get(p)
	tn.get(key)
	if diff := cmp.Diff(want, []string{p.ResourceVersion, key.ResourceVersion, tn.secret("idle").ResourceVersion}); diff != "" {
		t.Errorf("resource versions over four polls: -before, +after:\n%s", diff)
	}
}

func TestKeysOfAProjectShareAList(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	const many = 12
	var keys []*v1alpha1.ProjectAPIKey
	for i := range many {
		key := tn.key(fmt.Sprintf("shared-%02d", i))
		// No poll happens during this test.
		meta.AddAnnotations(key, map[string]string{meta.AnnotationKeyPollInterval: "1h"})
		keys = append(keys, key)
		tn.create(key)
	}
	for _, key := range keys {
		tn.awaitReady(key)
		tn.workingKey(key.Name)
	}
	got := map[simulator.Route]int{}
	for _, c := range sim.Calls() {
		if strings.Contains(c.Path, tn.project) {
			got[c.Route]++
		}
	}
	if got[simulator.RouteCreateServiceAccountAPIKey] != many || got[simulator.RouteGetProjectAPIKey] != 0 || got[simulator.RouteListProjectAPIKeys] != 1 {
		t.Errorf("calls for %d keys: want %d to issue them, 1 list and no other read, got %v", many, many, got)
	}
	for _, key := range keys {
		tn.delete(key)
	}
	for _, key := range keys {
		tn.awaitGone(key)
	}
	if n := tn.calls(simulator.RouteListProjectAPIKeys); n != 1 {
		t.Errorf("lists after all were revoked: want 1 still, got %d", n)
	}
}
