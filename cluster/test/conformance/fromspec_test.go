// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"cmp"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// fromSpecCases are about resources that the spec identifies, so that several objects can name the
// same one.
var fromSpecCases = []Case{{Name: "named_by_spec", NA: needsFromSpec, Each: func(Row) []Case {
	return []Case{
		{Name: "observed", Run: observedBySpec},
		{Name: "twice", Run: namedTwice},
		{Name: "twice_though_gone", NA: both(needsCreate, needsRemove), Run: namedTwiceThoughGone},
		{Name: "from_another_namespace", Run: namedFromAnotherNamespace},
		{Name: "in_two_projects", NA: func(r Row) string {
			if r.inProject() {
				return ""
			}
			return "it is no part of a project"
		}, Run: namedInTwoProjects},
	}
}}}

func needsFromSpec(r Row) string {
	if r.FromSpec {
		return ""
	}
	return "OpenAI assigns its ID"
}

// observedBySpec is an object that only observes an existing resource, without an external name.
func observedBySpec(e *Env, r Row) {
	id := r.Make(e)
	o := e.create(r, "an-object", observing)
	e.awaitReady(o)
	e.get(o)
	if got := meta.GetExternalName(o); got != id {
		e.Errorf("the external name is %q, want %q", got, id)
	}
	if len(atProvider(e, o)) == 0 {
		e.Error("status.atProvider is empty")
	}
	e.delete(o)
	e.awaitGone(o)
	e.assertNoMutation("though it was only observed")
	e.assertAlive(r, "after the end of an object that observed it", id)
}

// namedTwice is a second object with the same spec, which takes over once the first is deleted.
func namedTwice(e *Env, r Row) {
	first, id := e.ready(r)
	before := len(e.mutations())
	second := e.create(r, "another-object")
	e.awaitMessage(second, "managed by")
	await.Reconciled(e, kube, second)
	e.awaitMessage(second, "managed by")
	await.Reconciled(e, kube, first)
	e.awaitReady(first)
	if m := e.mutations()[before:]; len(m) != 0 {
		e.Errorf("the second object asked for changes: %+v", m)
	}

	creates := e.carriedOut(r.Routes.Create)
	e.delete(first)
	e.awaitGone(first)
	e.healed(second)
	e.assertAlive(r, "of the second object", id)
	if r.Routes.Delete != "" && e.carriedOut(r.Routes.Create) != creates+1 {
		e.Errorf("%d were created for the second object, want 1", e.carriedOut(r.Routes.Create)-creates)
	}
	e.assertEnds(r, second, id)
}

// namedTwiceThoughGone is a second object with the same spec, while the resource of the first was
// deleted outside of the provider: the second must not create it.
func namedTwiceThoughGone(e *Env, r Row) {
	first, id := e.ready(r)
	e.pause(first)
	e.forgetCaches()
	r.Remove(e, id)
	before := len(e.mutations())
	second := e.create(r, "another-object")
	e.awaitMessage(second, "managed by")
	await.Reconciled(e, kube, second)
	e.awaitMessage(second, "managed by")
	e.delete(second)
	e.awaitGone(second)
	if m := e.mutations()[before:]; len(m) != 0 {
		e.Errorf("the second object asked for changes: %+v", m)
	}
}

// namedFromAnotherNamespace is an object that names a resource of another namespace's object, which
// does not allow that.
func namedFromAnotherNamespace(e *Env, r Row) {
	first, _ := e.ready(r)
	other := e.newNamespace()
	o := e.create(r, "an-object", observing, func(o resource.ModernManaged) { o.SetNamespace(other) })
	e.awaitMessage(o, "allows no references")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "allows no references")
	if at := atProvider(e, o); len(at) != 0 {
		e.Errorf("the status discloses %v of a resource that another namespace manages", at)
	}
	e.delete(o)
	e.awaitGone(o)
	await.Reconciled(e, kube, first)
	e.awaitReady(first)
}

// namedInTwoProjects are two objects with the same name in two projects: two resources.
func namedInTwoProjects(e *Env, r Row) {
	first, id := e.ready(r)
	project := e.Project()
	e.project = e.newProject("another")
	second := e.create(r, "another-object")
	e.awaitReady(second)
	e.assertOne(r, "in the other project", second)
	e.assertEnds(r, second, cmp.Or(second.GetAnnotations()[meta.AnnotationKeyExternalName], id))
	e.project = project
	await.Reconciled(e, kube, first)
	e.awaitReady(first)
	e.assertAlive(r, "after the end of its namesake in another project", strings.Replace(id, e.project, project, 1))
}
