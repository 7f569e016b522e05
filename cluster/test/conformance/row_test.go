// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A Row is a kind as the cases see it.
type Row struct {
	// Kind of the objects.
	Kind string

	// Family of the simulator whose routes are OpenAI's calls for it.
	Family string

	// CreateFamily is the one that creates, if that is another.
	CreateFamily string

	// Routes are those of the families, filled in by register.
	Routes Routes

	// Spec is the forProvider of an object that asks for something in each field that can be
	// changed. What it needs, such as a project, is made by the Env. The name is not another
	// object's.
	Spec func(e *Env, name string) Fields

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

	// RemoveParent has somebody end, at OpenAI, what it is below, and what has an external name
	// with that. Nil: it is below a project, or nothing.
	RemoveParent func(e *Env, id string)

	// NotRecreated is part of what an object says whose own thing somebody ended, if the
	// kind makes no other in its place. Empty: it does.
	NotRecreated string

	// ShownOnce reports that a reply shows something which cannot be asked for again, so that
	// an object keeps it in a Secret, and what a lost reply made is ended and made anew.
	ShownOnce bool

	// Stays reports that OpenAI could end it, and that its objects leave it.
	Stays bool

	// FromSpec reports that the spec tells the identity, and not the external name.
	FromSpec bool

	// ByBody reports that it belongs to a project that its path does not name.
	ByBody bool

	// Own are cases of this kind alone.
	Own []Case

	// NotApplicable says, by the path of a case, why it does not apply, where that does not
	// follow from the rest of the row.
	NotApplicable map[string]string
}

// rows are all kinds. Only register fills it, from the rows' own files.
var rows []Row

// register adds a row.
func register(r Row) Row {
	r.Routes = Routes(simulator.FamilyRoutes(r.Family))
	r.Routes.Create = simulator.FamilyRoutes(cmp.Or(r.CreateFamily, r.Family)).Create
	if r.Stays {
		r.Routes.Delete = ""
	}
	rows = append(rows, r)
	return r
}

// Routes of a kind; empty where OpenAI has no such call. Create and Update may be the same.
type Routes simulator.Operations

// Fields below spec.forProvider, by their names in JSON.
type Fields map[string]any

// into an object, over the fields that it has. It fails for one that the kind does not have.
func (f Fields) into(o resource.Managed) error {
	raw, err := json.Marshal(map[string]any{"spec": map[string]any{"forProvider": f}})
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(o)
}

// A Change is one of a field that OpenAI can change in place.
type Change struct {
	// Field below spec.forProvider.
	Field string
	// Want is another value than that of Row.Spec.
	Want any
	// At is the value that OpenAI has for what has an external name, as somebody else sees it.
	At func(e *Env, id string) any
}

// at is Change.At as text, which is the same whatever the type of a number.
func (c Change) at(e *Env, id string) string { return fmt.Sprint(c.At(e, id)) }

func (c Change) want() string { return fmt.Sprint(c.Want) }

// read is the route that shows whether something exists.
func (r Routes) read() simulator.Route { return cmp.Or(r.List, r.Get) }

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
			return r.ByBody
		}
	}
	return true
}

// ofOrganization reports whether what the kind stands for belongs to the organization as a
// whole. Projects do not.
func (r Row) ofOrganization() bool {
	return !r.inProject() && !strings.Contains(string(r.Routes.read()), "/projects")
}

// createsByUpdate reports whether one call creates and changes, so that to count it tells
// nothing.
func (r Row) createsByUpdate() bool { return r.Routes.Create == r.Routes.Update }

// mostCreates is how often something may be created after the reply to a create was lost.
func (r Row) mostCreates() int {
	if r.ShownOnce {
		return 2
	}
	return 1
}
