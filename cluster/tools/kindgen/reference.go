// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// A reference is a field for the ID of what an object of another kind manages.
type reference struct {
	// Field is its JSON name, and Go its name in the struct.
	Field, Go string
	Kind      string
	Follow    bool

	optional bool
	// to is the package of the kind.
	to *source
}

// parseReference reads the value of a marker, such as ProjectServiceAccount,follow.
func parseReference(s *source, f *ast.File, value string) (reference, error) {
	options := strings.Split(value, ",")
	r := reference{Kind: options[0], to: s}
	for _, o := range options[1:] {
		switch o {
		case "follow":
			r.Follow = true
		case "optional":
			r.optional = true
		default:
			return r, fmt.Errorf("%q is no option of a reference: write follow, optional or nothing", o)
		}
	}
	if from, kind, ok := strings.Cut(r.Kind, "."); ok {
		var err error
		if r.to, err = s.imported(f, from); err != nil {
			return r, err
		}
		r.Kind = kind
	}
	_, err := r.to.declaration(r.Kind)
	return r, err
}

// references among the fields of a kind, including those that it embeds.
func references(parameters, observation []field) ([]reference, error) {
	var all []reference
	for _, f := range parameters {
		r, ok, err := f.reference()
		if ok && err == nil {
			err = r.check(f, parameters, observation)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: reference %s: %w", f.in.position(f.pos), f.name, err)
		}
		if ok {
			all = append(all, r)
		}
	}
	return all, nil
}

// reference returns the reference that the field is, and whether it is one.
func (f field) reference() (reference, bool, error) {
	if f.member != nil {
		return f.member.reference, f.name == f.member.Go, nil
	}
	value, ok := marker(f.doc, "openai:reference")
	if !ok {
		if i := slices.IndexFunc(lines(f.doc), func(l string) bool { return strings.HasPrefix(l, "+openai:") }); i >= 0 {
			return reference{}, false, fmt.Errorf("there is no marker %q of a field: write +openai:reference=Kind, or remove it", lines(f.doc)[i])
		}
		return reference{}, false, nil
	}
	r, err := parseReference(f.in, f.file, value)
	if r.optional {
		err = errors.New("optional is for declarations by themselves: remove it, and mark the field as +optional")
	}
	r.Field, r.Go = f.json, f.name
	return r, true, err
}

// check that the fields that belong to a reference are there.
func (r reference) check(f field, parameters, observation []field) error {
	ref, _ := find(parameters, f.name+"Ref")
	selector, _ := find(parameters, f.name+"Selector")
	observed, _ := find(observation, f.name)
	switch {
	case f.typ != "*string":
		return fmt.Errorf("its type is %s: make it *string", f.typ)
	case ref.typ != "*xpv2.NamespacedReference":
		return fmt.Errorf("it has no sibling for a name: add %sRef *xpv2.NamespacedReference", f.name)
	case !strings.HasSuffix(selector.typ, "NamespacedSelector"):
		return fmt.Errorf("it has no sibling for labels: add %sSelector *NamespacedSelector", f.name)
	case observed.typ != "string":
		return fmt.Errorf("what was observed does not tell where it led to: add %s string to the Observation", f.name)
	}
	return nil
}

// declaration of a kind of the package.
func (s *source) declaration(name string) (*kind, error) {
	for _, f := range s.files {
		for _, c := range f.Comments {
			if is, ok := marker(c, "openai:kind"); ok && is == name {
				k := &kind{in: s, at: s.position(c.Pos())}
				if err := k.declare(f, c); err != nil {
					return nil, fmt.Errorf("%s: %w", k.at, err)
				}
				return k, nil
			}
		}
	}
	return nil, fmt.Errorf("package %s declares no kind %q: correct the marker, or add %s=%s there", s.path, name, prefix, name)
}
