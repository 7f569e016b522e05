// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

// shared is the package, relative to the module, of the types that all kinds use.
const shared = "apis/v1alpha1"

var (
	//go:embed kinds.go.tmpl
	kindsText string
	//go:embed kindlist.go.tmpl
	kindListText string
	//go:embed controllers.go.tmpl
	controllersText string

	kindsTemplate    = template.Must(template.New("kinds").Funcs(template.FuncMap{"an": an}).Parse(kindsText))
	kindListTemplate = template.Must(template.New("kindlist").Parse(kindListText))

	controllersTemplate = template.Must(template.New("controllers").Parse(controllersText))
)

// templateData is the input of the templates.
type templateData struct {
	Package string
	Kinds   []*kind
	Members []*member
	source  *source
}

// Controllers are the packages of the kinds' controllers.
func (p templateData) Controllers() []string {
	var all []string
	for _, k := range p.Kinds {
		all = append(all, path.Join(p.source.module.path, "internal/controller", k.Controller))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Imports of other packages of this module.
func (p templateData) Imports() []string {
	found := map[string]bool{}
	if own := path.Join(p.source.module.path, shared); own != p.source.path {
		found[own] = true
	}
	for _, k := range p.Kinds {
		for _, r := range k.References {
			found[r.to.path] = r.to != p.source
		}
	}
	var all []string
	for i, needed := range found {
		if needed {
			all = append(all, i)
		}
	}
	slices.Sort(all)
	return all
}

// Shared is a type of the shared package as the generated package refers to it.
func (p templateData) Shared(name string) string {
	if path.Join(p.source.module.path, shared) == p.source.path {
		return name
	}
	return path.Base(shared) + "." + name
}

// Of is the kind of a reference as the generated package refers to it.
func (p templateData) Of(r reference) string {
	if r.to == p.source {
		return r.Kind
	}
	return r.to.name + "." + r.Kind
}

// an is a name with its article.
func an(name string) string {
	if strings.ContainsAny(name[:1], "AEIOaeio") {
		return "an " + name
	}
	return "a " + name
}

// writeKinds writes the types and methods of the kinds.
func writeKinds(s *source, kinds []*kind) error {
	members, err := s.members()
	if err != nil {
		return err
	}
	return writeGo(kindsTemplate, templateData{Package: s.name, Kinds: kinds, Members: members, source: s}, filepath.Join(s.dir, "zz_generated.kinds.go"))
}

// writeGo writes a formatted Go file.
func writeGo(t *template.Template, p templateData, file string) error {
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("cannot fill in the template of %s: %w", filepath.Base(file), err)
	}
	code, err := format.Source(b.Bytes())
	if err != nil {
		return fmt.Errorf("cannot format %s, which is a mistake in the template: %w", filepath.Base(file), err)
	}
	return writeFile(file, code)
}

func writeFile(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return fmt.Errorf("cannot make a folder for what was generated: %w", err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // They are source code, not secrets.
		return fmt.Errorf("cannot write what was generated: %w", err)
	}
	return nil
}
