// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A field of a struct, or of one that it embeds.
type field struct {
	name, json string
	typ        string
	required   bool
	doc        *ast.CommentGroup
	pos        token.Pos
	// in is the package that the field is written in, and file its file there.
	in   *source
	file *ast.File
	// member is what the field is generated with; nil: it is written by hand.
	member *member
}

// text of an expression, such as *string.
func text(e ast.Expr) string { return types.ExprString(e) }

// fields of a struct with those that it embeds.
func (s *source) fields(name string) ([]field, error) {
	st, ok := s.structs[name]
	if !ok {
		m, err := s.member(name)
		if err != nil {
			return nil, err
		}
		return m.fields(s), nil
	}
	var all []field
	for _, f := range st.Fields.List {
		if len(f.Names) > 0 {
			all = append(all, s.named(st.file, f)...)
			continue
		}
		in, embedded, err := s.embedded(st, f)
		if err != nil {
			return nil, err
		}
		more, err := in.fields(embedded)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot look into what is embedded: %w", s.at(f.Pos()), err)
		}
		all = append(all, more...)
	}
	return all, nil
}

// embedded is the package, and the name there, of a struct that another one embeds.
func (s *source) embedded(st structure, f *ast.Field) (*source, string, error) {
	from, name, ok := strings.Cut(text(f.Type), ".")
	if !ok {
		return s, from, nil
	}
	in, err := s.imported(st.file, from)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", s.at(f.Pos()), err)
	}
	return in, name, nil
}

// demands reports whether a struct, or one that it embeds, may have a rule that an empty value breaks:
// any but those that compare it with its former value. The API server accepts no default that breaks
// a rule.
func (s *source) demands(name string) (bool, error) {
	st, ok := s.structs[name]
	if !ok {
		m, err := s.member(name)
		return err == nil && !m.Optional, err
	}
	for _, l := range lines(st.doc) {
		if strings.HasPrefix(l, "+kubebuilder:validation:XValidation:") && !strings.Contains(l, "oldSelf") {
			return true, nil
		}
	}
	for _, f := range st.Fields.List {
		if len(f.Names) > 0 {
			continue
		}
		in, embedded, err := s.embedded(st, f)
		if err != nil {
			return false, err
		}
		if demands, err := in.demands(embedded); demands || err != nil {
			return demands, err
		}
	}
	return false, nil
}

// named are the fields that one line of a struct declares.
func (s *source) named(file *ast.File, f *ast.Field) []field {
	var tag string
	if f.Tag != nil {
		if t, err := strconv.Unquote(f.Tag.Value); err == nil {
			tag = reflect.StructTag(t).Get("json")
		}
	}
	parts := strings.Split(tag, ",")
	required := !slices.Contains(parts[1:], "omitempty")
	for _, name := range []string{"optional", "kubebuilder:validation:Optional"} {
		if _, ok := marker(f.Doc, name); ok {
			required = false
		}
	}
	all := make([]field, 0, len(f.Names))
	for _, n := range f.Names {
		all = append(all, field{name: n.Name, json: parts[0], typ: text(f.Type), required: required, doc: f.Doc, pos: f.Pos(), in: s, file: file})
	}
	return all
}

// find a field by its name in Go.
func find(all []field, name string) (field, bool) {
	i := slices.IndexFunc(all, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return all[i], true
}

// anyRequired reports whether users have to write one of the fields.
func anyRequired(all []field) bool {
	return slices.ContainsFunc(all, func(f field) bool { return f.required })
}

// column is the type, and the format if any, that a column of kubectl has for a field.
func (f field) column() (typ, format string, err error) {
	name := strings.TrimPrefix(f.typ, "*")
	if u, ok := f.in.underlying[name]; ok {
		name = u
	}
	switch name {
	case "string", "[]string":
		return "string", "", nil
	case "int", "int32", "int64":
		return "integer", "", nil
	case "bool":
		return "boolean", "", nil
	case "metav1.Time":
		return "string", "date-time", nil
	case "metav1.Duration":
		return "string", "", nil
	}
	return "", "", fmt.Errorf("kubectl cannot show a %s: choose another field", f.typ)
}
