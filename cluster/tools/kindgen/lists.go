// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	begin = "    # BEGIN managed resources, by make generate\n"
	end   = "    # END managed resources\n"

	friendlyKind = "friendly-kind-name.meta.crossplane.io/"
)

// writeLists writes the lists of all kinds of the provider.
func writeLists(m *module, s *source, kinds []*kind) error {
	if s.group == "" {
		return fmt.Errorf("package %s has no group: add +groupName= to its doc comment", s.path)
	}
	p := templateData{Package: s.name, Kinds: kinds, source: s}
	if err := writeGo(kindListTemplate, p, filepath.Join(s.dir, "zz_generated.kindlist.go")); err != nil {
		return err
	}
	if err := writeGo(controllersTemplate, p, filepath.Join(m.root, "internal", "controller", "zz_generated.kinds.go")); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(m.root, "docs", "kinds.md"), table(kinds)); err != nil {
		return err
	}
	file := filepath.Join(m.root, "package", "crossplane.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("cannot read the package's metadata: %w", err)
	}
	if text, err = withFriendlyNames(text, s.group, kinds); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return writeFile(file, text)
}

// table of the kinds in Markdown.
func table(kinds []*kind) []byte {
	var b bytes.Buffer
	b.WriteString("<!-- Generated from apis/ by make generate: do not edit. -->\n\n# Kinds\n\n")
	b.WriteString("The managed resources of the provider, and what the Terraform providers for OpenAI call the same.\n\n")
	b.WriteString("| kind | what it is | Terraform | example |\n| --- | --- | --- | --- |\n")
	for _, k := range kinds {
		terraform := "none: " + k.NoTerraform
		if k.Terraform != "" {
			terraform = "`" + k.Terraform + "`"
		}
		lower := strings.ToLower(k.Name)
		fmt.Fprintf(&b, "| [%s](api.md#%s) | %s | %s | [%s.yaml](../examples/%s.yaml) |\n",
			k.Name, lower, strings.ReplaceAll(k.Summary(), "|", "\\|"), terraform, lower, lower)
	}
	return b.Bytes()
}

// withFriendlyNames returns the metadata of the package with the friendly names of the kinds
// between the markers.
func withFriendlyNames(text []byte, group string, kinds []*kind) ([]byte, error) {
	before, rest, ok := bytes.Cut(text, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return nil, fmt.Errorf("the friendly names of kinds have no place: add the lines %q and %q to the annotations", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(begin)
	for _, k := range kinds {
		fmt.Fprintf(&b, "    %s%s.%s: %s\n", friendlyKind, strings.ToLower(k.Name), group, k.Friendly)
	}
	b.WriteString(end)
	b.Write(after)
	return b.Bytes(), nil
}
