// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"maps"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// lifecycleCases are about create, update and delete without errors, and about changes outside of
// the provider.
var lifecycleCases = []Case{
	{Name: "created_once", NA: needsCreate, Run: createdOnce},
	{Name: "up_to_date", Run: upToDate},
	{Name: "changed", NA: needsUpdate, Each: func(r Row) []Case {
		var each []Case
		for _, c := range r.Changes {
			each = append(each, Case{Name: c.Field, Run: func(e *Env, r Row) { changed(e, r, c) }})
		}
		return each
	}},
	{Name: "drift_put_right", NA: needsUpdate, Run: driftPutRight},
	{Name: "ended_by_somebody_else", NA: needsRemove, Run: endedBySomebodyElse},
	{Name: "deleted", Run: deleted},
	{Name: "deleted_after_its_end", NA: needsRemove, Run: deletedAfterItsEnd},
	{Name: "deleted_after_its_parents_end", NA: func(r Row) string {
		if r.RemoveParent == nil {
			return "it is below a project, or nothing"
		}
		return ""
	}, Run: deletedAfterItsParentsEnd},
}

func needsRemove(r Row) string {
	if r.Remove == nil {
		return "nobody can end it"
	}
	return ""
}

func createdOnce(e *Env, r Row) {
	o := e.create(r, "an-object")
	e.awaitReady(o)
	await.Reconciled(e, kube, o)
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
	e.assertOne(r, "after two more reconciles", o)
	if n := e.count(r.Routes.Create); n != 1 && !r.createsByUpdate() {
		e.Errorf("%d calls to create it, want 1", n)
	}
}

func upToDate(e *Env, r Row) {
	o, id := e.ready(r)
	e.awaitReconciles(o, 1)
	e.get(o)
	version, before := o.GetResourceVersion(), len(e.calls())
	e.awaitReconciles(o, 3)
	e.get(o)
	if o.GetResourceVersion() != version {
		e.Errorf("the object was written although nothing changed: %s", await.State(o))
	}
	for _, c := range e.calls()[before:] {
		if c.Route != r.Routes.read() && c.Route != r.Reads {
			e.Errorf("%s %s although nothing changed: want only calls of %q", c.Method, c.Path, r.Routes.read())
		}
	}
	e.assertAlive(r, "after three polls", id)
}

func changed(e *Env, r Row, c Change) {
	o, id := e.ready(r)
	if c.at(e, id) == c.want() {
		e.Fatalf("%s is %q before the change as well: the row proves nothing", c.Field, c.want())
	}
	before := e.count(r.Routes.Update)
	e.change(o, c)
	await.Condition(e, fmt.Sprintf("%s %q at OpenAI", c.Field, c.want()), func() (bool, string) {
		got := c.at(e, id)
		return got == c.want(), fmt.Sprintf("%q", got)
	})
	e.awaitReady(o)
	await.Reconciled(e, kube, o)
	if n := e.count(r.Routes.Update) - before; n != 1 {
		e.Errorf("%d calls to change %s, want 1", n, c.Field)
	}
	if got := meta.GetExternalName(o); got != id {
		e.Errorf("the object has %q after a change in place, want %q still", got, id)
	}
	e.assertAlive(r, "after a change in place", id)
}

// fields are the values at OpenAI of the fields that can be changed.
func (e *Env) fields(r Row, id string) map[string]string {
	all := map[string]string{}
	for _, c := range r.Changes {
		all[c.Field] = c.at(e, id)
	}
	return all
}

func driftPutRight(e *Env, r Row) {
	o, id := e.ready(r)
	want := e.fields(r, id)
	before := e.count(r.Routes.Update)
	// For as long as lists may lag, the provider prefers what it wrote itself.
	e.forgetCaches()
	r.Drift(e, id)
	if e.count(r.Routes.Update) == before && maps.Equal(want, e.fields(r, id)) {
		e.Fatal("nothing drifted: the row proves nothing")
	}
	await.Condition(e, "what is asked for at OpenAI", func() (bool, string) {
		diff := cmp.Diff(want, e.fields(r, id))
		return diff == "", diff
	})
	e.awaitReady(o)
	e.assertOne(r, "after a drift", o)
}

func endedBySomebodyElse(e *Env, r Row) {
	o, id := e.ready(r)
	before := e.count(r.Routes.Create)
	e.forgetCaches()
	r.Remove(e, id)
	if r.NotRecreated != "" {
		e.awaitMessage(o, r.NotRecreated)
		await.Reconciled(e, kube, o)
		e.awaitMessage(o, r.NotRecreated)
		if n := e.count(r.Routes.Create) - before; n != 0 {
			e.Errorf("%d others were created, want none", n)
		}
		e.assertAlive(r, "after its end")
		e.delete(o)
		e.awaitGone(o)
		return
	}
	await.Condition(e, "another in its place", func() (bool, string) {
		return e.carriedOut(r.Routes.Create) > before, fmt.Sprint(e.count(r.Routes.Create))
	})
	await.Condition(e, "its external name", func() (bool, string) {
		e.get(o)
		return await.IsReady(o) && cmp.Equal(r.Alive(e), []string{meta.GetExternalName(o)}), await.State(o)
	})
	await.Reconciled(e, kube, o)
	e.assertOne(r, "after it was created again", o)
	if n := e.count(r.Routes.Create) - before; n != 1 {
		e.Errorf("%d others were created, want 1", n)
	}
}

func deleted(e *Env, r Row) {
	o, id := e.ready(r)
	before := len(e.mutations())
	e.assertEnds(r, o, id)
	want := []simulator.Route{}
	if r.Routes.Delete != "" {
		want = append(want, r.Routes.Delete)
	}
	got := []simulator.Route{}
	for _, c := range e.mutations()[before:] {
		got = append(got, c.Route)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		e.Errorf("changes that were asked for: -want, +got:\n%s", diff)
	}
}

func deletedAfterItsEnd(e *Env, r Row) {
	o, id := e.ready(r)
	creates := e.count(r.Routes.Create)
	e.pause(o)
	// The provider ignores a missing list entry shortly after a create.
	e.forgetCaches()
	r.Remove(e, id)
	e.delete(o)
	await.Annotate(e, kube, o, map[string]any{meta.AnnotationKeyReconciliationPaused: nil})
	e.awaitGone(o)
	if slices.Contains(r.Alive(e), id) || e.count(r.Routes.Create) != creates {
		e.Errorf("living at OpenAI after the end of the object: %q", r.Alive(e))
	}
}

// deletedAfterItsParentsEnd deletes an object after its parent, when its list is not found any
// more.
func deletedAfterItsParentsEnd(e *Env, r Row) {
	o, id := e.ready(r)
	before := len(e.mutations())
	e.forgetCaches()
	r.RemoveParent(e, id)
	await.Problem(e, kube, o)
	e.delete(o)
	e.awaitGone(o)
	for _, c := range e.mutations()[before:] {
		if c.CarriedOut {
			e.Errorf("%s %s was carried out though the parent is gone", c.Method, c.Path)
		}
	}
}

// pause an object until its annotation is removed, and await that the provider has noticed.
func (e *Env) pause(o resource.Managed) {
	e.Helper()
	await.Annotate(e, kube, o, map[string]any{meta.AnnotationKeyReconciliationPaused: "true"})
	await.Condition(e, "a pause", func() (bool, string) {
		e.get(o)
		return string(o.GetCondition("Synced").Reason) == "ReconcilePaused", await.State(o)
	})
}
