// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A member is a generated struct that kinds embed to refer to an object of another kind: a field
// for an ID, and two that name or select the object.
type member struct {
	reference

	// Name of the struct.
	Name string
	// Noun is the kind of the other object, as within a sentence.
	Noun     string
	Doc      []string
	Optional bool

	comment *ast.CommentGroup
}

var idField = regexp.MustCompile(`^[A-Z]\w*ID$`)

// standsAlone reports whether a comment is not part of a declaration, such as its doc comment.
func standsAlone(f *ast.File, c *ast.CommentGroup) bool {
	return !slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
		from := d.Pos()
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
		case *ast.FuncDecl:
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
		}
		return from <= c.Pos() && c.Pos() <= d.End()
	})
}

// members that the package declares, by name.
func (s *source) members() ([]*member, error) {
	var all []*member
	for _, f := range s.files {
		for _, c := range f.Comments {
			value, ok := marker(c, "openai:reference")
			if !ok || !standsAlone(f, c) {
				continue
			}
			m := &member{comment: c}
			if err := m.declare(s, f, value); err != nil {
				return nil, fmt.Errorf("%s: %w", s.position(c.Pos()), err)
			}
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *member) int { return cmp.Compare(a.Name, b.Name) })
	for i := range all[min(1, len(all)):] {
		if all[i].Name == all[i+1].Name {
			return nil, fmt.Errorf("%s: %s is declared at %s too: remove one", s.position(all[i+1].comment.Pos()), all[i].Name, s.position(all[i].comment.Pos()))
		}
	}
	return all, nil
}

// member that the package declares with a name.
func (s *source) member(name string) (*member, error) {
	all, err := s.members()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(m *member) bool { return m.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("package %s has no struct %s", s.path, name)
	}
	return all[i], nil
}

// declare reads the declaration of a member.
func (m *member) declare(s *source, f *ast.File, value string) error {
	for _, l := range lines(m.comment) {
		switch {
		case strings.HasPrefix(l, "+openai:reference="):
		case strings.HasPrefix(l, "+"):
			return fmt.Errorf("%q has no place beside +openai:reference: remove it", l)
		case l != "" || len(m.Doc) > 0:
			m.Doc = append(m.Doc, l)
		}
	}
	var err error
	if m.reference, err = parseReference(s, f, value); err != nil {
		return err
	}
	m.Go, _, _ = strings.Cut(strings.Join(m.Doc, " "), " ")
	if !idField.MatchString(m.Go) {
		return fmt.Errorf("the comment on what refers to a %s does not begin with the name of a field: begin it like %sID is the", m.Kind, m.Kind)
	}
	m.Field, m.Name, m.Optional = jsonName(m.Go), m.Kind+"Member", m.optional
	to, err := m.to.declaration(m.Kind)
	if err != nil {
		return err
	}
	m.Noun = to.Noun()
	return nil
}

// fields of the struct.
func (m *member) fields(s *source) []field {
	one := func(suffix, typ string, doc *ast.CommentGroup) field {
		return field{name: m.Go + suffix, json: m.Field + suffix, typ: typ, doc: doc, pos: m.pos(), in: s, member: m}
	}
	return []field{
		one("", "*string", m.comment),
		one("Ref", "*xpv2.NamespacedReference", nil),
		one("Selector", "*NamespacedSelector", nil),
	}
}

func (m *member) pos() token.Pos { return m.comment.Pos() }

// RefDoc is the comment of the field for a name.
func (m *member) RefDoc() []string {
	return wrap(fmt.Sprintf("%[1]sRef names the %[2]s that %[3]s is taken from. One of another namespace has to allow that, "+
		"with the annotation openai.crossplane.io/allow-references-from. It cannot name another %[2]s once %[3]s is set. "+
		"Example: {name: example}.", m.Go, m.Kind, m.Field))
}

// SelectorDoc is the comment on the field for labels.
func (m *member) SelectorDoc() []string {
	return wrap(fmt.Sprintf("%sSelector selects, by label or by common controller, the one %s that %s is taken from. "+
		"It cannot be changed once %s is set. Example: {matchLabels: {team: example}}.", m.Go, m.Kind, m.Field, m.Field))
}

// jsonName is the JSON name of a field, such as identityProviderID for IdentityProviderID.
func jsonName(name string) string {
	upper := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsUpper(r) })
	switch {
	case upper < 0:
		return strings.ToLower(name)
	case upper > 1:
		upper--
	}
	return strings.ToLower(name[:upper]) + name[upper:]
}

// wrap a comment at the width of those written by hand.
func wrap(comment string) []string {
	const width = 84
	var all []string
	line := ""
	for word := range strings.FieldsSeq(comment) {
		if line != "" && len(line)+1+len(word) > width {
			all = append(all, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(all, line)
}
