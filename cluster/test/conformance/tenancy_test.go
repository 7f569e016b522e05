// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/openai/openai-go/v3/option"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// tenancyCases are about the resources that an object may access.
var tenancyCases = []Case{
	{Name: "project_not_allowed", Config: func(c *v1alpha1.ClusterProviderConfigSpec) {
		c.AllowedProjectIDs, c.OrganizationKinds = []string{"proj_another"}, v1alpha1.OrganizationKindsDenied
	}, Run: refused},
	{Name: "organization_kinds_denied", NA: needsOrganization, Config: func(c *v1alpha1.ClusterProviderConfigSpec) { c.OrganizationKinds = v1alpha1.OrganizationKindsDenied }, Run: refused},
	{Name: "organization_kinds_denied_later", NA: needsOrganization, Run: deniedLater},
	{Name: "project_archived", NA: func(r Row) string {
		if r.inProject() {
			return ""
		}
		return "it is no part of a project"
	}, Each: func(Row) []Case {
		return []Case{{Name: "meanwhile", Run: archivedMeanwhile}, {Name: "before", NA: needsCreate, Run: archivedBefore}}
	}},
}

func needsOrganization(r Row) string {
	if r.ofOrganization() {
		return ""
	}
	return "it is no kind of the organization: allowedProjectIDs govern it"
}

// deniedLater is a resource that the configuration allowed when it was created, and does not allow
// any more: the object can delete it, and nothing else.
func deniedLater(e *Env, r Row) {
	o, id := e.ready(r)
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: e.namespace}}
	await.Change(e, kube, pc, func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.OrganizationKinds = v1alpha1.OrganizationKindsDenied })
	e.awaitMessage(o, "does not allow")
	before := len(e.mutations())
	if len(r.Changes) > 0 {
		e.change(o, r.Changes[0])
	}
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "does not allow")
	if m := e.mutations()[before:]; len(m) != 0 {
		e.Errorf("changes were asked for that are not allowed: %+v", m)
	}
	e.assertEnds(r, o, id)
}

// refused is an object that the configuration does not allow: it causes no call.
func refused(e *Env, r Row) {
	o := e.create(r, "an-object")
	// While the provider starts, the message is another one.
	e.awaitMessage(o, "allow")
	message := await.Problem(e, kube, o)
	if !strings.Contains(message, e.namespace) {
		e.Errorf("the problem reads %q, want the configuration %q in it", message, e.namespace)
	}
	await.Reconciled(e, kube, o)
	if again := await.Problem(e, kube, o); again != message {
		e.Errorf("the problem reads %q, and at the next try %q", message, again)
	}
	e.delete(o)
	e.awaitGone(o)
	if calls := e.calls(); len(calls) != 0 {
		e.Errorf("OpenAI was asked on behalf of what is not allowed: %+v", calls)
	}
}

// archive the project outside of the provider.
func (e *Env) archive() {
	e.Helper()
	_, err := e.OpenAI.Projects.Archive(e.Context(), e.Project(), option.WithMaxRetries(0))
	e.must(err)
}

func archivedMeanwhile(e *Env, r Row) {
	o, _ := e.ready(r)
	e.forgetCaches()
	before := len(e.mutations())
	e.archive()
	e.awaitMessage(o, "archived")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "archived")
	if m := e.mutations()[before:]; len(m) != 0 {
		e.Errorf("changes were asked for in an archived project: %+v", m)
	}
	e.delete(o)
	e.awaitGone(o)
}

func archivedBefore(e *Env, r Row) {
	o := e.object(r, "an-object")
	e.archive()
	e.must(kube.Create(e.Context(), o))
	e.awaitMessage(o, "archived")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "archived")
	if n := e.carriedOut(r.Routes.Create); n != 0 {
		e.Errorf("%d were created in an archived project", n)
	}
	e.delete(o)
	e.awaitGone(o)
}
