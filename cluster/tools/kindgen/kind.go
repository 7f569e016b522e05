// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// prefix of the markers that declare a kind.
const prefix = "+openai:kind"

// A kind is what is declared of a managed resource, and what follows from its fields.
type kind struct {
	Name, Plural, Friendly string
	// Controller is the package, below internal/controller, of the variable that is named as the
	// kind.
	Controller string
	// Terraform is the name of the resource in Terraform providers; empty: NoTerraform says why
	// there is none.
	Terraform, NoTerraform string
	Columns                []column
	// Doc are the lines of the doc comment, and Markers those for controller-gen.
	Doc, Markers []string

	// SpecOptional and ParametersOptional report whether users may leave out spec and
	// spec.forProvider.
	SpecOptional, ParametersOptional bool
	References                       []reference

	HasID, HasCreatedHere, IsProject, ObservesProject, HasOrganization, HasProject bool

	in *source
	// at is the position of the declaration, such as project_types.go:11.
	at string
}

// A column of kubectl get.
type column struct{ Name, Type, Format, Path string }

var (
	kindName   = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	columnName = regexp.MustCompile(`^[A-Z][A-Z0-9-]*$`)
	columnPath = regexp.MustCompile(`^\.(spec\.forProvider|status\.atProvider)\.(\w+)$`)
)

// kinds that the package declares, by name.
func (s *source) kinds() ([]*kind, error) {
	var all []*kind
	for _, f := range s.files {
		for _, c := range f.Comments {
			if !slices.ContainsFunc(lines(c), func(l string) bool { return strings.HasPrefix(l, prefix) }) {
				continue
			}
			k := &kind{in: s, at: s.position(c.Pos())}
			if !standsAlone(f, c) {
				return nil, fmt.Errorf("%s: the declaration of a kind is part of something else: set it apart with empty lines", k.at)
			}
			if err := k.declare(f, c); err != nil {
				return nil, fmt.Errorf("%s: %w", k.at, err)
			}
			if err := k.inspectFields(); err != nil {
				return nil, err
			}
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b *kind) int { return cmp.Compare(a.Name, b.Name) })
	for i := range all[min(1, len(all)):] {
		if all[i].Name == all[i+1].Name {
			return nil, fmt.Errorf("%s: kind %s is declared at %s too: remove one", all[i+1].at, all[i].Name, all[i].at)
		}
	}
	return all, nil
}

// declare reads a declaration.
func (k *kind) declare(f *ast.File, c *ast.CommentGroup) error {
	for _, l := range lines(c) {
		switch {
		case strings.HasPrefix(l, prefix):
			if err := k.applyMarker(strings.TrimPrefix(l, prefix)); err != nil {
				return err
			}
		case strings.HasPrefix(l, "+"):
			k.Markers = append(k.Markers, l)
		case l != "" || len(k.Doc) > 0:
			k.Doc = append(k.Doc, l)
		}
	}
	if k.Plural == "" {
		k.Plural = strings.TrimSuffix(strings.ToLower(k.Name), "s") + "s"
	}
	if k.Friendly == "" {
		k.Friendly = inWords(k.Name)
	}
	if k.Controller == "" {
		k.Controller = defaultController
	}
	return k.checkDeclaration(f, c)
}

// defaultController is the package, below internal/controller, of kinds that name none.
const defaultController = "kinds"

// nextWord matches the beginning of a word within the name of a kind.
var nextWord = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)

// inWords is the name of a kind in words, such as Project API key.
func inWords(name string) string {
	words := strings.Fields(nextWord.ReplaceAllString(name, "$1$3 $2$4"))
	for i, w := range words[min(1, len(words)):] {
		if w != strings.ToUpper(w) {
			words[i+1] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

// checkDeclaration fails if a declaration is incomplete.
func (k *kind) checkDeclaration(f *ast.File, c *ast.CommentGroup) error {
	last := f.Decls[len(f.Decls)-1]
	switch {
	case k.Name == "":
		return fmt.Errorf("no name of a kind: add %s=Name", prefix)
	case !strings.HasPrefix(strings.Join(k.Doc, " "), k.A()+" "):
		return fmt.Errorf("kind %s has no doc comment: begin one with %q after the markers", k.Name, k.A())
	case k.Terraform == "" && k.NoTerraform == "":
		return fmt.Errorf("kind %s does not say what Terraform calls it: add %s:terraform=openai_name, or %s:terraform=-: the reason", k.Name, prefix, prefix)
	case len(k.Markers) > 0 && last.End() > c.Pos():
		return fmt.Errorf("controller-gen would take %q for the next type, too: move the declaration of kind %s to the end of its file", k.Markers[0], k.Name)
	}
	return nil
}

// applyMarker reads a marker, such as :friendly=Project.
func (k *kind) applyMarker(m string) error {
	name, value, _ := strings.Cut(m, "=")
	if value == "" {
		return fmt.Errorf("%s%s has no value: add = and a value", prefix, m)
	}
	var into *string
	switch name {
	case "":
		if !kindName.MatchString(value) {
			return fmt.Errorf("%q is no name of a kind: write it like ProjectAPIKey", value)
		}
		into = &k.Name
	case ":plural":
		into = &k.Plural
	case ":friendly":
		into = &k.Friendly
	case ":controller":
		into = &k.Controller
	case ":terraform":
		into = &k.Terraform
		if value == "-" {
			return fmt.Errorf("%s%s gives no reason: write -: and why there is no such resource", prefix, m)
		}
		if reason, ok := strings.CutPrefix(value, "-: "); ok {
			into, value = &k.NoTerraform, reason
		}
	case ":project":
		k.IsProject = value == "id"
		if !k.IsProject {
			return fmt.Errorf("%s%s means nothing: write id, or leave it out", prefix, m)
		}
		return nil
	case ":column":
		return k.column(value)
	default:
		return fmt.Errorf("there is no marker %s%s: see the comment of cluster/tools/kindgen/main.go", prefix, name)
	}
	if *into != "" {
		return fmt.Errorf("%s%s is there twice: remove one", prefix, name)
	}
	*into = value
	return nil
}

// column reads the value of a column marker, such as ROLE,.status.atProvider.role.
func (k *kind) column(value string) error {
	name, path, _ := strings.Cut(value, ",")
	if !columnName.MatchString(name) || !columnPath.MatchString(path) {
		return fmt.Errorf("%s:column=%s is no column: write it like ROLE,.status.atProvider.role", prefix, value)
	}
	k.Columns = append(k.Columns, column{Name: name, Path: path})
	return nil
}

// inspectFields derives from the fields of the kind what is not declared.
func (k *kind) inspectFields() error {
	parameters, perr := k.in.fields(k.Name + "Parameters")
	observation, oerr := k.in.fields(k.Name + "Observation")
	if err := errors.Join(perr, oerr); err != nil {
		return fmt.Errorf("%s: kind %s is not complete: write both of its structs: %w", k.at, k.Name, err)
	}
	hasRule, err := k.in.hasRule(k.Name + "Parameters")
	if err != nil {
		return err
	}
	k.ParametersOptional = !hasRule && !anyRequired(parameters)
	k.SpecOptional = k.ParametersOptional
	if spec, ok := k.in.structs[k.Name+"Spec"]; ok {
		k.SpecOptional = true
		for _, f := range spec.Fields.List {
			k.SpecOptional = k.SpecOptional && !anyRequired(k.in.declaredFields(spec.file, f))
		}
	}
	_, k.HasID = find(observation, "ID")
	_, k.HasCreatedHere = find(observation, "CreatedHere")
	_, k.ObservesProject = find(observation, "ProjectID")
	_, k.HasOrganization = find(parameters, "OrganizationID")
	_, k.HasProject = find(parameters, "ProjectID")
	if err := k.inspectColumns(parameters, observation); err != nil {
		return err
	}
	k.References, err = references(parameters, observation)
	return err
}

// inspectColumns derives the types of the columns from the fields that they show.
func (k *kind) inspectColumns(parameters, observation []field) error {
	for i := range k.Columns {
		c := &k.Columns[i]
		path := columnPath.FindStringSubmatch(c.Path)
		all := observation
		if path[1] == "spec.forProvider" {
			all = parameters
		}
		at := slices.IndexFunc(all, func(f field) bool { return f.json == path[2] })
		if at < 0 {
			return fmt.Errorf("%s: column %s of kind %s leads to %s, which there is not: correct it", k.at, c.Name, k.Name, c.Path)
		}
		var err error
		if c.Type, c.Format, err = all[at].column(); err != nil {
			return fmt.Errorf("%s: column %s of kind %s: %w", k.at, c.Name, k.Name, err)
		}
	}
	return nil
}

// A is the name of the kind with its article, as at the beginning of a sentence.
func (k *kind) A() string {
	return "A" + strings.TrimPrefix(an(k.Name), "a")
}

// Summary is the first sentence of the doc comment.
func (k *kind) Summary() string {
	doc := strings.Join(k.Doc, " ")
	if first, _, ok := strings.Cut(doc, ". "); ok {
		return first + "."
	}
	return doc
}

// Noun is the friendly name as within a sentence.
func (k *kind) Noun() string {
	if len(k.Friendly) > 1 && k.Friendly[1] >= 'a' {
		return strings.ToLower(k.Friendly[:1]) + k.Friendly[1:]
	}
	return k.Friendly
}

// Without reports whether a part of the kind has to be generated because it is not written by
// hand: a type by the end of its name, or a method with a dot before its name.
func (k *kind) Without(what string) bool {
	if method, ok := strings.CutPrefix(what, "."); ok {
		return !k.in.methods[k.Name+"."+method]
	}
	_, ok := k.in.structs[k.Name+what]
	return !ok
}
