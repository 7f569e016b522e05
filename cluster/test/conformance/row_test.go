// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A Row is a kind as the cases see it.
type Row struct {
	// Kind of the objects.
	Kind string

	// Routes are OpenAI's calls for it.
	Routes Routes

	// New is an object of the kind that asks for something in each field that can be
	// changed. What it needs, such as a project, is made by the Env. The name is not another
	// object's; metadata and the configuration are set by the case.
	New func(e *Env, name string) resource.ModernManaged

	// Make makes at OpenAI, as somebody else would, what an object can stand for, and
	// returns its external name. What always exists is only named.
	Make func(e *Env) string

	// Alive lists the external names of all of the kind that lives at OpenAI, but for what
	// the Env made. What always exists is alive.
	Alive func(e *Env) []string

	// Changes are the fields that OpenAI can change in place.
	Changes []Change

	// Drift has somebody else change, at OpenAI, one of the fields in Changes. Nil: nothing
	// can be changed, or nobody can see it, as NotApplicable says.
	Drift func(e *Env, id string)

	// Remove has somebody else end, at OpenAI, what has an external name. Nil: nobody can.
	Remove func(e *Env, id string)

	// NotRecreated is part of what an object says whose own thing somebody ended, if the
	// kind makes no other in its place. Empty: it does.
	NotRecreated string

	// ShownOnce reports that a reply shows something which cannot be asked for again, so
	// that what a lost reply made is ended and made anew.
	ShownOnce bool

	// FromSpec reports that the spec tells the identity, and not the external name.
	FromSpec bool

	// NotApplicable says, by the path of a case, why it does not apply, where that does not
	// follow from the rest of the row.
	NotApplicable map[string]string
}

// Routes of a kind; empty where OpenAI has no such call. Create and Update may be the same.
type Routes struct {
	List, Get, Create, Update, Delete simulator.Route
}

// A Change is one of a field that OpenAI can change in place.
type Change struct {
	// Field below spec.forProvider.
	Field string
	// Set the field of an object to another value than that of Row.New.
	Set func(o resource.ModernManaged)
	// At is the value that OpenAI has for what has an external name, as somebody else sees it.
	At func(e *Env, id string) string
	// Want is that value after the change.
	Want string
}

// read is the route that shows whether something exists.
func (r Routes) read() simulator.Route {
	if r.List != "" {
		return r.List
	}
	return r.Get
}

func (r Routes) all() []simulator.Route {
	var all []simulator.Route
	for _, route := range []simulator.Route{r.List, r.Get, r.Create, r.Update, r.Delete} {
		if route != "" {
			all = append(all, route)
		}
	}
	return all
}

// inProject reports whether what the kind stands for is part of a project.
func (r Row) inProject() bool {
	for _, route := range r.Routes.all() {
		if !strings.Contains(string(route), "/projects/{project_id}/") {
			return false
		}
	}
	return true
}

// ofOrganization reports whether what the kind stands for belongs to the organization as a
// whole. Projects do not.
func (r Row) ofOrganization() bool {
	return !r.inProject() && !strings.Contains(string(r.Routes.read()), "/projects")
}

// mostCreates is how often something may be created after the reply to a create was lost.
func (r Row) mostCreates() int {
	if r.ShownOnce {
		return 2
	}
	return 1
}
