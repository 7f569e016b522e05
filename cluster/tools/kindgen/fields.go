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

// A field of a struct, or of a struct that it embeds.
type field struct {
	name, json string
	typ        string
	required   bool
	doc        *ast.CommentGroup
	pos        token.Pos
	// in is the package that declares the field, and file its file there.
	in   *source
	file *ast.File
	// member is the FooMember that the field is generated for; nil: it is written by hand.
	member *member
}

// typeText is a type as Go writes it, such as *string.
func typeText(e ast.Expr) string { return types.ExprString(e) }

// fields of a struct, including those of the structs that it embeds.
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
			all = append(all, s.declaredFields(st.file, f)...)
			continue
		}
		in, embedded, err := s.embedded(st, f)
		if err != nil {
			return nil, err
		}
		more, err := in.fields(embedded)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot read the embedded struct: %w", s.position(f.Pos()), err)
		}
		all = append(all, more...)
	}
	return all, nil
}

// embedded returns the package and the name of a struct that another one embeds.
func (s *source) embedded(st structure, f *ast.Field) (*source, string, error) {
	from, name, ok := strings.Cut(typeText(f.Type), ".")
	if !ok {
		return s, from, nil
	}
	in, err := s.imported(st.file, from)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", s.position(f.Pos()), err)
	}
	return in, name, nil
}

// hasRule reports whether a struct, or one that it embeds, may have a validation rule that an
// empty value fails: any rule without oldSelf. The API server refuses a default that fails a
// rule.
func (s *source) hasRule(name string) (bool, error) {
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
		if hasRule, err := in.hasRule(embedded); hasRule || err != nil {
			return hasRule, err
		}
	}
	return false, nil
}

// declaredFields are the fields that one line of a struct declares.
func (s *source) declaredFields(file *ast.File, f *ast.Field) []field {
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
		all = append(all, field{name: n.Name, json: parts[0], typ: typeText(f.Type), required: required, doc: f.Doc, pos: f.Pos(), in: s, file: file})
	}
	return all
}

// find a field by its Go name.
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

// column returns the type, and the format if any, of a column of kubectl for the field.
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
