// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command kindgen writes what every kind of a managed resource has in common, from the
// declarations beside its Parameters and Observation:
//
//	// +openai:kind=Project
//	// +openai:kind:terraform=openai_project
//	//
//	// A Project is an OpenAI project: the unit that owns service accounts.
//
// The comment stands by itself. What follows the markers is the doc comment of the kind.
// Further markers:
//
//	+openai:kind:column=ROLE,.status.atProvider.role   a column of kubectl get; any number
//	+openai:kind:controller=projectapikey              the package below internal/controller that has the kind as a
//	                                                   variable, unless kinds
//	+openai:kind:friendly=External key                 the name for people, unless that of the kind in words
//	+openai:kind:plural=policies                       unless lowercase and an s
//	+openai:kind:project=id                            the ID of the thing is that of a project
//	+openai:kind:terraform=-: the reason               there is no such Terraform resource
//
// Markers of controller-gen that the kind has beside the usual ones may follow, if the comment is
// the last thing of its file: controller-gen takes such markers for the next type's, too.
//
// A field FooID of the Parameters that has siblings FooIDRef and FooIDSelector is marked as a
// reference by +openai:reference=Foo; with ",follow" its ID changes with the other object's. A comment
// that stands by itself declares all three at once, as the struct FooMember for kinds to embed, with the
// rules that keep them once they are set; one of the three has to be set, unless ",optional" is added:
//
//	// +openai:reference=Foo
//	//
//	// FooID is the foo that this belongs to. Example: foo_abc123.
//
// Users may leave spec.forProvider out if no field is required, and no rule of the Parameters, or of what
// they embed, can be broken by leaving out: rules on oldSelf cannot.
//
// A type or method that is written by hand is left out. It runs before controller-gen and angryjet,
// and understands Go files of the module only.
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
