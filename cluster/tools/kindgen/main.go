// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command kindgen generates the Go code that all kinds of managed resources have in common: spec, status,
// methods and registration. It reads the declaration of each kind, which stands beside its Parameters and
// Observation in the API package:
//
//	// +openai:kind=Project
//	// +openai:kind:terraform=openai_project
//	//
//	// A Project is an OpenAI project: the unit that owns service accounts.
//
// Empty lines separate the comment from other code. The lines after the markers are the doc comment of the
// kind. The markers of a kind are:
//
//	+openai:kind=Project                               the kind; required
//	+openai:kind:terraform=openai_project              the Terraform resource for the same; required
//	+openai:kind:terraform=-: the reason               why Terraform has no such resource, instead
//	+openai:kind:column=ROLE,.status.atProvider.role   a column of kubectl get; any number
//	+openai:kind:controller=projectapikey              the package below internal/controller with the variable that is
//	                                                   named as the kind; default: kinds
//	+openai:kind:friendly=External key                 the name in user interfaces; default: the words of the kind
//	+openai:kind:plural=policies                       the plural; default: lowercase with an s
//	+openai:kind:project=id                            the resource is a project, so that its ID is a project's
//
// Markers of controller-gen, beside the usual ones, may follow if the comment is the last declaration of its
// file: controller-gen applies such markers to the next type, too.
//
// # References
//
// A field FooID of the Parameters with siblings FooIDRef and FooIDSelector is a reference if it has the marker
//
//	+openai:reference=Foo          FooID is the ID of what an object of kind Foo manages
//	+openai:reference=Foo,follow   FooID changes when the other object gets another ID
//
// In a comment that stands alone, the same marker declares all three fields at once, as the struct FooMember
// for kinds to embed, with validation rules that keep the fields unchanged once they are set. One of the three
// is required, unless ",optional" is added:
//
//	// +openai:reference=Foo
//	//
//	// FooID is the foo that this belongs to. Example: foo_abc123.
//
// # Rules
//
// spec.forProvider is optional if no field of the Parameters is required, and if no validation rule of them or
// of what they embed fails for empty Parameters. Rules that use oldSelf do not.
//
// A type or method that is written by hand is not generated. kindgen runs before controller-gen and angryjet,
// and reads only packages of this module.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	lists := flag.Bool("lists", false, "also write the lists of kinds for programs, docs/kinds.md and the friendly names of package/crossplane.yaml")
	flag.Usage = func() {
		_, _ = fmt.Fprintln(flag.CommandLine.Output(), "usage: kindgen [-lists] FOLDER")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *lists); err != nil {
		fmt.Fprintln(os.Stderr, "kindgen:", err)
		os.Exit(1)
	}
}

// run writes the generated files of the package in a folder.
func run(folder string, lists bool) error {
	m, err := findModule(folder)
	if err != nil {
		return err
	}
	p, err := m.load(folder)
	if err != nil {
		return err
	}
	kinds, err := p.kinds()
	if err != nil {
		return err
	}
	if len(kinds) == 0 {
		return fmt.Errorf("no kind is declared in %s: declare one with // +openai:kind=Name", folder)
	}
	if err := writeKinds(p, kinds); err != nil {
		return err
	}
	if !lists {
		return nil
	}
	return writeLists(m, p, kinds)
}
