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

// namedProjects are the IDs of the projects that a managed resource names below
// spec.forProvider, or inside of its external name, in order. They are told by the names of
// fields and by the form of values, so that no kind can forget one.
func namedProjects(mg resource.Managed) ([]string, error) {
	spec := reflect.Indirect(reflect.ValueOf(mg)).FieldByName("Spec")
	if !spec.IsValid() || !spec.FieldByName("ForProvider").IsValid() {
		return nil, fmt.Errorf("cannot look for projects in the spec of %T", mg)
	}
	text, err := json.Marshal(spec.FieldByName("ForProvider").Interface())
	if err != nil {
		return nil, fmt.Errorf("cannot look for projects in the spec of %q: %w", mg.GetName(), err)
	}
	var asked any
	if err := json.Unmarshal(text, &asked); err != nil {
		return nil, fmt.Errorf("cannot look for projects in the spec of %q: %w", mg.GetName(), err)
	}
	found := idSet{}
	found.walk(asked, anyText)
	if name := meta.GetExternalName(mg); !projectForm.MatchString(name) {
		// What is a project's ID as a whole is for the kind to tell.
		found.text(name, anyText)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// A place says what the texts at some place of a spec are.
type place int

const (
	// anyText: a text names a project if it has the form of a project's ID.
	anyText place = iota
	// idText: each text is the ID of a project.
	idText
	// freeText: texts are no IDs, or those of other objects in Kubernetes, which are looked up.
	freeText
)

var (
	// projectForm matches the ID of a project.
	projectForm = regexp.MustCompile(`(?i)^proj_[A-Za-z0-9_-]+$`)

	// seams of composite IDs, such as role-api-project-viewer__proj_abc123.
	seams = regexp.MustCompile(`__|[/\s]+`)

	// projectField matches the names of fields that hold projects, or their IDs.
	projectField = regexp.MustCompile(`(?i)projects?(ids?)?$`)

	// foreignField matches those of fields that hold projects of others than OpenAI.
	foreignField = regexp.MustCompile(`(?i)(gcp|google|gitlab|github|cloud|firebase)projects?(ids?)?$`)

	// freeField matches the names of fields that people fill as they like, and of maps of
	// such fields, which somebody else gives a meaning.
	freeField = regexp.MustCompile(`(?i)(name|^(names|description|title|comment|trigger|metadata|labels|annotations|tags|claims))$`)

	// referenceField matches the names of fields that lead to objects in Kubernetes.
	referenceField = regexp.MustCompile(`(Refs?|Selectors?)$|^(refs?|selectors?)$`)
)

type idSet map[string]bool

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
				// The IDs of projects may be keys as well.
				s.text(field, anyText)
			}
			s.walk(e, placeOf(field, e, at))
		}
	}
}

// text at a place: an ID, or one that is made of several.
func (s idSet) text(t string, at place) {
	switch {
	case t == "" || at == freeText:
	case at == idText:
		s[t] = true
	default:
		for _, part := range seams.Split(t, -1) {
			if projectForm.MatchString(part) {
				s[part] = true
			}
		}
	}
}

// placeOf a field's value, whose parent is at a place.
func placeOf(field string, value any, parent place) place {
	switch {
	case parent == freeText, referenceField.MatchString(field) && !isPlain(value):
		return freeText
	case parent == idText && (strings.EqualFold(field, "id") || strings.EqualFold(field, "ids")):
		return idText
	case projectField.MatchString(field) && !foreignField.MatchString(field):
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
