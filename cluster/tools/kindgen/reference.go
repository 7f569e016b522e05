// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// A reference is a field that holds the ID of what another object manages.
type reference struct {
	// Field is its name in a manifest, and Go in the struct.
	Field, Go string
	Kind      string
	Follow    bool
	// to is the package of the kind.
	to *source
}

// references among the fields of a kind, those of what it embeds included.
func references(parameters, observation []field) ([]reference, error) {
	var all []reference
	for _, f := range parameters {
		value, ok := marker(f.doc, "openai:reference")
		if !ok {
			if i := slices.IndexFunc(lines(f.doc), func(l string) bool { return strings.HasPrefix(l, "+openai:") }); i >= 0 {
				return nil, fmt.Errorf("%s: there is no marker %q of a field: the one that there is is +openai:reference=Kind", f.in.at(f.pos), lines(f.doc)[i])
			}
			continue
		}
		r := reference{Field: f.json, Go: f.name, to: f.in}
		var option string
		r.Kind, option, _ = strings.Cut(value, ",")
		r.Follow = option == "follow"
		if from, kind, ok := strings.Cut(r.Kind, "."); ok {
			var err error
			if r.to, err = f.in.imported(f.file, from); err != nil {
				return nil, fmt.Errorf("%s: %w", f.in.at(f.pos), err)
			}
			r.Kind = kind
		}
		if err := r.check(f, option, parameters, observation); err != nil {
			return nil, fmt.Errorf("%s: reference %s: %w", f.in.at(f.pos), f.name, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// check that a reference has what makes it one.
func (r reference) check(f field, option string, parameters, observation []field) error {
	ref, _ := find(parameters, f.name+"Ref")
	selector, _ := find(parameters, f.name+"Selector")
	_, observed := find(observation, f.name)
	switch {
	case option != "" && option != "follow":
		return fmt.Errorf("%q is no option: write ,follow or nothing", option)
	case f.typ != "*string":
		return fmt.Errorf("its type is %s: make it *string", f.typ)
	case ref.typ != "*xpv2.NamespacedReference":
		return fmt.Errorf("it has no sibling for a name: add %sRef *xpv2.NamespacedReference", f.name)
	case !strings.HasSuffix(selector.typ, "NamespacedSelector"):
		return fmt.Errorf("it has no sibling for labels: add %sSelector *NamespacedSelector", f.name)
	case !observed:
		return fmt.Errorf("what was observed does not tell where it led to: add %s string to the Observation", f.name)
	case !r.to.declares(r.Kind):
		return fmt.Errorf("package %s declares no kind %q: correct the marker", r.to.path, r.Kind)
	}
	return nil
}

// declares reports whether the package declares a kind.
func (s *source) declares(kind string) bool {
	return slices.ContainsFunc(s.files, func(f *ast.File) bool {
		return slices.ContainsFunc(f.Comments, func(c *ast.CommentGroup) bool {
			name, ok := marker(c, "openai:kind")
			return ok && name == kind
		})
	})
}
