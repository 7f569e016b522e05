// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// namedProjects returns the IDs of all projects that a managed resource names in spec.forProvider, or as
// part of its external name, sorted. It finds them by the names of fields and the form of values, so that
// no kind can forget to report one.
func namedProjects(mg resource.Managed) ([]string, error) {
	spec := reflect.Indirect(reflect.ValueOf(mg)).FieldByName("Spec")
	if !spec.IsValid() || !spec.FieldByName("ForProvider").IsValid() {
		return nil, fmt.Errorf("cannot look for projects in the spec of %T", mg)
	}
	text, err := json.Marshal(spec.FieldByName("ForProvider").Interface())
	if err != nil {
		return nil, fmt.Errorf("cannot look for projects in the spec of %q: %w", mg.GetName(), err)
	}
	var requested any
	if err := json.Unmarshal(text, &requested); err != nil {
		return nil, fmt.Errorf("cannot look for projects in the spec of %q: %w", mg.GetName(), err)
	}
	found := idSet{}
	found.walk(requested, anyText)
	if name := meta.GetExternalName(mg); !projectForm.MatchString(name) {
		// An external name that is a project's ID is checked by the kind.
		found.text(name, anyText)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// A place classifies the texts at some place of a spec.
type place int

const (
	// anyText: a text is an ID if it has the form of a project's ID, or contains one.
	anyText place = iota
	// idText: each text is the ID of a project.
	idText
	// freeText: texts are not IDs of projects.
	freeText
)

var (
	// projectForm matches the ID of a project.
	projectForm = regexp.MustCompile(`(?i)^proj_[A-Za-z0-9_-]+$`)

	// separators in composite IDs, such as role-api-project-viewer__proj_abc123.
	separators = regexp.MustCompile(`__|[/\s]+`)

	// projectField matches the names of fields with projects or their IDs.
	projectField = regexp.MustCompile(`(?i)projects?(ids?)?$`)

	// otherServiceField matches the names of fields with projects of other services than OpenAI.
	otherServiceField = regexp.MustCompile(`(?i)(gcp|google|gitlab|github|cloud|firebase)projects?(ids?)?$`)

	// freeField matches the names of fields that users fill with any text, and of maps whose keys and
	// values have a meaning elsewhere.
	freeField = regexp.MustCompile(`(?i)(name|^(names|description|title|comment|trigger|metadata|labels|annotations|tags|claims))$`)

	// referenceField matches the names of references and selectors of Kubernetes objects.
	referenceField = regexp.MustCompile(`(Refs?|Selectors?)$|^(refs?|selectors?)$`)
)

// An idSet is a set of project IDs.
type idSet map[string]bool

// walk adds the IDs in a JSON value at a place.
func (s idSet) walk(value any, at place) {
	switch v := value.(type) {
	case string:
		s.text(v, at)
	case []any:
		for _, e := range v {
			s.walk(e, at)
		}
	case map[string]any:
		for field, e := range v {
			if at != freeText {
				// Keys of maps may be IDs of projects.
				s.text(field, anyText)
			}
			s.walk(e, placeOf(field, e, at))
		}
	}
}

// text adds the IDs in a text at a place: the text itself, or parts of it.
func (s idSet) text(t string, at place) {
	switch {
	case t == "" || at == freeText:
	case at == idText:
		s[t] = true
	default:
		for _, part := range separators.Split(t, -1) {
			if projectForm.MatchString(part) {
				s[part] = true
			}
		}
	}
}

// placeOf returns the place of a field's value, by that of its parent.
func placeOf(field string, value any, parent place) place {
	switch {
	case parent == freeText, referenceField.MatchString(field) && !isPlain(value):
		return freeText
	case parent == idText && (strings.EqualFold(field, "id") || strings.EqualFold(field, "ids")):
		return idText
	case projectField.MatchString(field) && !otherServiceField.MatchString(field):
		return idText
	case freeField.MatchString(field):
		return freeText
	}
	return anyText
}

// isPlain reports whether a value is a text, or a list of texts.
func isPlain(value any) bool {
	if l, ok := value.([]any); ok {
		return !slices.ContainsFunc(l, func(e any) bool { return !isPlain(e) })
	}
	_, ok := value.(string)
	return ok
}
