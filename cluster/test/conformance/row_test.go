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

// A Row describes a kind to the cases.
type Row struct {
	// Kind of the objects.
	Kind string

	// Family of the simulator whose routes serve the kind.
	Family string

	// CreateFamily is the family with the create route, if it is another one.
	CreateFamily string

	// Routes are those of the families, filled in by register.
	Routes Routes

	// Spec returns the forProvider of an object, with a value in each field that can be changed.
	// The Env creates what it needs, such as a project. The name is unique.
	Spec func(e *Env, name string) Fields

	// Make creates a resource outside of the provider, and returns its external name. What always
	// exists is only named.
	Make func(e *Env) string

	// Alive lists the external names of all existing resources of the kind, except those that the
	// Env created. What always exists is included.
	Alive func(e *Env) []string

	// Changes are the fields that OpenAI can change in place.
	Changes []Change

	// Drift changes, outside of the provider, one of the fields in Changes. Nil: nothing can be
	// changed, or the change cannot be observed, as NotApplicable says.
	Drift func(e *Env, id string)

	// Remove deletes the resource with an external name outside of the provider. Nil: that is not
	// possible.
	Remove func(e *Env, id string)

	// RemoveParent deletes the parent of the resource, and the resource with it, outside of the
	// provider. Nil: its parent is a project, or it has none.
	RemoveParent func(e *Env, id string)

	// NotRecreated is part of an object's message after its resource was deleted outside of the
	// provider, if the kind does not recreate it. Empty: it does.
	NotRecreated string

	// ShownOnce reports that the reply to a create has a value that cannot be read again. It is
	// stored in a Secret; after a lost reply the resource is deleted and created again.
	ShownOnce bool

	// Stays reports that OpenAI could delete the resource, and that objects of the kind do not.
	Stays bool

	// FromSpec reports that the spec identifies the resource, not the external name.
	FromSpec bool

	// ByBody reports that the resource belongs to a project that its path does not name.
	ByBody bool

	// Reads is another route that a poll uses: that of what the resource depends on. Empty: there is none.
	Reads simulator.Route

	// Own are cases for this kind only.
	Own []Case

	// NotApplicable has the reasons why cases do not apply, by their paths, where these do not
	// follow from other fields.
	NotApplicable map[string]string
}

// rows of all kinds. register adds them.
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

// Routes of a kind; empty where OpenAI has no such call. Create and Update may be equal.
type Routes simulator.Operations

// Fields below spec.forProvider, by their names in JSON.
type Fields map[string]any

// into sets the fields in an object. It fails for a field that the kind does not have.
func (f Fields) into(o resource.Managed) error {
	raw, err := json.Marshal(map[string]any{"spec": map[string]any{"forProvider": f}})
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(o)
}

// A Change is a new value of a field that OpenAI can change in place.
type Change struct {
	// Field below spec.forProvider.
	Field string
	// Want is another value than that of Row.Spec.
	Want any
	// At returns the value at OpenAI, read outside of the provider.
	At func(e *Env, id string) any
}

// at is Change.At as a string, for numbers of any type.
func (c Change) at(e *Env, id string) string { return fmt.Sprint(c.At(e, id)) }

func (c Change) want() string { return fmt.Sprint(c.Want) }

// read is the route that shows whether a resource exists.
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

// inProject reports whether resources of the kind are part of a project.
func (r Row) inProject() bool {
	for _, route := range r.Routes.all() {
		if !strings.Contains(string(route), "/projects/{project_id}/") {
			return r.ByBody
		}
	}
	return true
}

// ofOrganization reports whether resources of the kind belong to the organization as a whole.
// Projects do not.
func (r Row) ofOrganization() bool {
	return !r.inProject() && !strings.Contains(string(r.Routes.read()), "/projects")
}

// createsByUpdate reports whether creates and updates are the same call, so that they cannot be
// counted apart.
func (r Row) createsByUpdate() bool { return r.Routes.Create == r.Routes.Update }

// mostCreates is the number of creates that are allowed after a lost reply.
func (r Row) mostCreates() int {
	if r.ShownOnce {
		return 2
	}
	return 1
}
