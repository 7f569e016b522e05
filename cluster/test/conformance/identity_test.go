// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// identityCases are about which external resource an object manages.
var identityCases = []Case{
	{Name: "imported", Run: imported},
	{Name: "observed", Run: observed},
	{Name: "observed_but_absent", NA: func(r Row) string {
		if r.FromSpec && r.Routes.Create == "" {
			return "it always exists"
		}
		return ""
	}, Run: observedButAbsent},
	{Name: "claimed_twice", Run: claimedTwice},
}

// named sets the external name of an object.
func named(id string) func(resource.ModernManaged) {
	return func(o resource.ModernManaged) { meta.SetExternalName(o, id) }
}

// observing sets the managementPolicies of an object to Observe.
func observing(o resource.ModernManaged) {
	o.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
}

func imported(e *Env, r Row) {
	id := r.Make(e)
	o := e.create(r, "an-object", named(id))
	e.awaitReady(o)
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
	e.assertAlive(r, "after its import", id)
	if n := e.count(r.Routes.Create); n != 0 && !r.createsByUpdate() {
		e.Errorf("%d calls to create what was imported, want none", n)
	}
	if got := meta.GetExternalName(o); got != id {
		e.Errorf("the object has %q, want %q", got, id)
	}
	e.assertEnds(r, o, id)
}

func observed(e *Env, r Row) {
	id := r.Make(e)
	// Its spec has other values than the resource.
	o := e.create(r, "an-object", named(id), observing)
	e.awaitReady(o)
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
	if len(atProvider(e, o)) == 0 {
		e.Error("status.atProvider is empty")
	}
	e.assertNoMutation("while it only observes")
	e.delete(o)
	e.awaitGone(o)
	e.assertNoMutation("though it only observed")
	e.assertAlive(r, "after the end of an object that observed it", id)
}

func observedButAbsent(e *Env, r Row) {
	mods := []func(resource.ModernManaged){observing}
	if !r.FromSpec {
		mods = append(mods, named(unknown(r.Make(e))))
	}
	alive := r.Alive(e)
	o := e.create(r, "an-object", mods...)
	e.awaitMessage(o, "not exist")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "not exist")
	e.assertNoMutation("while it only observes")
	e.assertAlive(r, "while an object observes nothing", alive...)
	e.delete(o)
	e.awaitGone(o)
	e.assertNoMutation("though it only observed")
}

// unknown is a valid external name of no resource.
func unknown(id string) string {
	const end = "fake"
	return id[:max(len(id)-len(end), 0)] + end
}

func claimedTwice(e *Env, r Row) {
	first, id := e.ready(r)
	before := len(e.mutations())
	second := e.create(r, "another-object", named(id))
	message := await.Problem(e, kube, second)
	// If the spec identifies the resource, its ID was looked up and must not be disclosed.
	want := id + `" is managed by`
	if r.FromSpec {
		want = "what the spec names is managed by"
	}
	if !strings.Contains(message, want) {
		e.Errorf("the problem reads %q, want %q in it", message, want)
	}
	await.Reconciled(e, kube, second)
	if again := await.Problem(e, kube, second); again != message {
		e.Errorf("the problem reads %q, and at the next try %q", message, again)
	}
	e.delete(second)
	e.awaitGone(second)
	if m := e.mutations()[before:]; len(m) != 0 {
		e.Errorf("the second object asked for changes: %+v", m)
	}
	await.Reconciled(e, kube, first)
	e.awaitReady(first)
	e.assertAlive(r, "after the end of a second object", id)
}

// atProvider returns status.atProvider.
func atProvider(e *Env, o resource.Managed) map[string]any {
	e.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	e.must(err)
	status, _ := content["status"].(map[string]any)
	at, _ := status["atProvider"].(map[string]any)
	return at
}
