// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A module of Go, whose packages are parsed on demand.
type module struct {
	root, path string
	fset       *token.FileSet
	loaded     map[string]*source
}

// A source is the handwritten part of one package.
type source struct {
	module     *module
	dir, path  string
	name       string
	group      string
	files      []*ast.File
	structs    map[string]structure
	methods    map[string]bool
	underlying map[string]string
}

// A structure is a struct type with its doc comment and its file, which has the imports.
type structure struct {
	*ast.StructType
	doc  *ast.CommentGroup
	file *ast.File
}

var modulePath = regexp.MustCompile(`(?m)^module (\S+)$`)

// findModule finds the module of a folder.
func findModule(folder string) (*module, error) {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot find %q: %w", folder, err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if m := modulePath.FindSubmatch(text); err == nil && m != nil {
			return &module{root: dir, path: string(m[1]), fset: token.NewFileSet(), loaded: map[string]*source{}}, nil
		}
		if dir == filepath.Dir(dir) {
			return nil, fmt.Errorf("%q is in no Go module: run kindgen below a go.mod", folder)
		}
		dir = filepath.Dir(dir)
	}
}

// load reads the package of a folder, without its tests and generated files.
func (m *module) load(folder string) (*source, error) {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot find %q: %w", folder, err)
	}
	rel, err := filepath.Rel(m.root, dir)
	if err != nil {
		return nil, fmt.Errorf("%q is not below %q: %w", folder, m.root, err)
	}
	importPath := path.Join(m.path, filepath.ToSlash(rel))
	if s := m.loaded[importPath]; s != nil {
		return s, nil
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, fmt.Errorf("cannot list %q: %w", dir, err)
	}
	s := &source{module: m, dir: dir, path: importPath, structs: map[string]structure{}, methods: map[string]bool{}, underlying: map[string]string{}}
	for _, name := range names {
		if base := filepath.Base(name); strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "zz_generated") {
			continue
		}
		f, err := parser.ParseFile(m.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("cannot read Go: %w", err)
		}
		s.addFile(f)
	}
	if len(s.files) == 0 {
		return nil, fmt.Errorf("there is no Go in %q: name the folder of a package", folder)
	}
	m.loaded[importPath] = s
	return s, nil
}

// addFile adds the declarations of a file.
func (s *source) addFile(f *ast.File) {
	s.files = append(s.files, f)
	s.name = f.Name.Name
	if group, ok := marker(f.Doc, "groupName"); ok {
		s.group = group
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				s.methods[strings.TrimPrefix(typeText(d.Recv.List[0].Type), "*")+"."+d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				t, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				if st, ok := t.Type.(*ast.StructType); ok {
					s.structs[t.Name.Name] = structure{StructType: st, doc: cmp.Or(t.Doc, d.Doc), file: f}
				} else {
					s.underlying[t.Name.Name] = typeText(t.Type)
				}
			}
		}
	}
}

// imported returns the package of the module that a file imports under a name.
func (s *source) imported(f *ast.File, name string) (*source, error) {
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("cannot read the import %s: %w", i.Path.Value, err)
		}
		known := path.Base(p)
		if i.Name != nil {
			known = i.Name.Name
		}
		if known != name {
			continue
		}
		below, ok := strings.CutPrefix(p, s.module.path+"/")
		if !ok {
			return nil, fmt.Errorf("%s is not of this module, and kindgen cannot look into it: write its fields out", p)
		}
		return s.module.load(filepath.Join(s.module.root, filepath.FromSlash(below)))
	}
	return nil, fmt.Errorf("%s is not imported: import it in this file", name)
}

// position in the source, relative to the module.
func (s *source) position(pos token.Pos) string {
	p := s.module.fset.Position(pos)
	if rel, err := filepath.Rel(s.module.root, p.Filename); err == nil {
		p.Filename = filepath.ToSlash(rel)
	}
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// lines of a comment without its slashes.
func lines(c *ast.CommentGroup) []string {
	var all []string
	if c == nil {
		return nil
	}
	for _, line := range c.List {
		scan := bufio.NewScanner(strings.NewReader(line.Text))
		for scan.Scan() {
			all = append(all, strings.TrimPrefix(strings.TrimPrefix(scan.Text(), "//"), " "))
		}
	}
	return all
}

// marker returns the value of a marker in a comment, and whether the comment has it.
func marker(c *ast.CommentGroup, name string) (string, bool) {
	for _, line := range lines(c) {
		rest, ok := strings.CutPrefix(line, "+"+name)
		if ok && rest == "" {
			return "", true
		}
		if value, is := strings.CutPrefix(rest, "="); ok && is {
			return value, true
		}
	}
	return "", false
}
