// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// aKind is as short as a kind can be. It ends in line 16 of its file.
const aKind = `package v1

import xpv2 "example.com/elsewhere/v2"

// +openai:kind=Thing
// +openai:kind:friendly=Thing
// +openai:kind:terraform=example_thing
//
// A Thing is a thing.

type ThingParameters struct{
}

type ThingObservation struct {
	ID string
}
`

func TestAMistakeIsReportedWithItsPlaceAndItsRemedy(t *testing.T) {
	swap := func(old, replacement string) string { return strings.Replace(aKind, old, replacement, 1) }
	parameter := func(lines string) string { return swap("ThingParameters struct{", "ThingParameters struct{\n"+lines) }
	const marked = "// +openai:reference=Thing\n"
	cases := map[string]struct {
		reason string
		file   string
		// lists are asked for, too.
		lists bool
		want  string
	}{
		"NoKind":          {reason: "A folder was mistaken.", file: "package v1", want: "no kind is declared in FOLDER: declare one with // +openai:kind=Name"},
		"NoGo":            {reason: "It is not Go.", file: "package", want: "cannot read Go: FOLDER/types.go:1:8: expected 'IDENT', found 'EOF'"},
		"NameMissing":     {reason: "Which kind it is cannot be guessed.", file: swap("// +openai:kind=Thing\n", ""), want: "types.go:5: no name of a kind: add +openai:kind=Name"},
		"NameLikeAField":  {reason: "Kubernetes wants CamelCase.", file: swap("kind=Thing", "kind=thing"), want: "types.go:5: \"thing\" is no name of a kind: write it like ProjectAPIKey"},
		"NoValue":         {reason: "Half a marker.", file: swap("friendly=Thing", "friendly"), want: "types.go:5: +openai:kind:friendly has no value: add = and a value"},
		"UnknownMarker":   {reason: "A slip of the pen is not to be lost.", file: swap("friendly=Thing", "nickname=Thing"), want: "types.go:5: there is no marker +openai:kind:nickname: see the comment of cluster/tools/kindgen/main.go"},
		"TwiceTheSame":    {reason: "Which of them counts?", file: swap("terraform=example_thing", "friendly=Other"), want: "types.go:5: +openai:kind:friendly is there twice: remove one"},
		"NoTerraform":     {reason: "The table of kinds tells it.", file: swap("// +openai:kind:terraform=example_thing\n", ""), want: "types.go:5: kind Thing does not say what Terraform calls it: add +openai:kind:terraform=openai_name, or +openai:kind:terraform=-: the reason"},
		"NoReason":        {reason: "The table of kinds tells it.", file: swap("=example_thing", "=-"), want: "types.go:5: +openai:kind:terraform=- gives no reason: write -: and why there is no such resource"},
		"NoDocComment":    {reason: "kubectl explain shows it.", file: swap("// A Thing is a thing.\n", ""), want: "types.go:5: kind Thing has no doc comment: begin one with \"A Thing\" after the markers"},
		"ProjectOf":       {reason: "Only one value means something.", file: swap("terraform=example_thing", "project=name"), want: "types.go:5: +openai:kind:project=name means nothing: write id, or leave it out"},
		"NoColumn":        {reason: "A path is needed.", file: swap("terraform=example_thing", "column=ROLE"), want: "types.go:5: +openai:kind:column=ROLE is no column: write it like ROLE,.status.atProvider.role"},
		"ColumnToNowhere": {reason: "It would always be empty.", file: swap("terraform=example_thing", "terraform=x\n// +openai:kind:column=ROLE,.status.atProvider.role"), want: "types.go:5: column ROLE of kind Thing leads to .status.atProvider.role, which there is not: correct it"},
		"ColumnOfAStruct": {
			reason: "kubectl would show Go.", file: strings.Replace(swap("ID string", "Role struct{} `json:\"role\"`"), "terraform=example_thing", "terraform=x\n// +openai:kind:column=ROLE,.status.atProvider.role", 1),
			want: "types.go:5: column ROLE of kind Thing: kubectl cannot show a struct{}: choose another field",
		},
		"NoParameters":    {reason: "They are written by hand.", file: swap("type ThingParameters", "type OtherParameters"), want: "types.go:5: kind Thing is not complete: write both of its structs: package example.com/provider/v1 has no struct ThingParameters"},
		"DeclaredTwice":   {reason: "Which of them counts?", file: aKind + "\n// +openai:kind=Thing\n// +openai:kind:friendly=Thing\n// +openai:kind:terraform=x\n//\n// A Thing is a thing.\n", want: "types.go:18: kind Thing is declared at types.go:5 too: remove one"},
		"NotByItself":     {reason: "It would be the doc comment of the parameters, too.", file: swap("thing.\n\n", "thing.\n"), want: "types.go:5: the declaration of a kind is part of something else: set it apart with empty lines"},
		"ForTheNextType":  {reason: "controller-gen reads comments above a type.", file: swap("//\n// A Thing", "// +kubebuilder:storageversion\n//\n// A Thing"), want: "types.go:5: controller-gen would take \"+kubebuilder:storageversion\" for the next type, too: move the declaration of kind Thing to the end of its file"},
		"EmbedsElsewhere": {reason: "Other modules are not read.", file: parameter("xpv2.Some"), want: "types.go:5: kind Thing is not complete: write both of its structs: types.go:12: example.com/elsewhere/v2 is not of this module, and kindgen cannot look into it: write its fields out"},
		"EmbedsUnknown":   {reason: "A slip of the pen.", file: parameter("some.Some"), want: "types.go:5: kind Thing is not complete: write both of its structs: types.go:12: some is not imported: import it in this file"},
		"FieldMarker":     {reason: "A slip of the pen is not to be lost.", file: parameter("// +openai:ref=Thing\nAID *string"), want: "types.go:13: reference AID: there is no marker \"+openai:ref=Thing\" of a field: write +openai:reference=Kind, or remove it"},
		"RefersToNoKind":  {reason: "A slip of the pen.", file: parameter("// +openai:reference=Other\nAID *string"), want: "types.go:13: reference AID: package example.com/provider/v1 declares no kind \"Other\": correct the marker, or add +openai:kind=Other there"},
		"NoOption":        {reason: "A slip of the pen.", file: parameter("// +openai:reference=Thing,folow\nAID *string"), want: "types.go:13: reference AID: \"folow\" is no option of a reference: write follow, optional or nothing"},
		"OptionalField":   {reason: "What is written by hand has rules by hand.", file: parameter("// +openai:reference=Thing,optional\nAID *string"), want: "types.go:13: reference AID: optional is for declarations by themselves: remove it, and mark the field as +optional"},
		"NotAPointer":     {reason: "It may be left out.", file: parameter(marked + "AID string"), want: "types.go:13: reference AID: its type is string: make it *string"},
		"NoRef":           {reason: "A reference by name.", file: parameter(marked + "AID *string"), want: "types.go:13: reference AID: it has no sibling for a name: add AIDRef *xpv2.NamespacedReference"},
		"NoSelector":      {reason: "A reference by labels.", file: parameter(marked + "AID *string\nAIDRef *xpv2.NamespacedReference"), want: "types.go:13: reference AID: it has no sibling for labels: add AIDSelector *NamespacedSelector"},
		"NotObserved": {
			reason: "A reference goes on with what was observed.", file: parameter(marked + "AID *string\nAIDRef *xpv2.NamespacedReference\nAIDSelector *NamespacedSelector"),
			want: "types.go:13: reference AID: what was observed does not tell where it led to: add AID string to the Observation",
		},
		"MemberWithoutAField": {reason: "Its comment names it.", file: aKind + "\n" + marked + "//\n// The thing that this belongs to.\n", want: "types.go:18: the comment on what refers to a Thing does not begin with the name of a field: begin it like ThingID is the"},
		"MemberWithMore":      {reason: "It is no kind.", file: aKind + "\n" + marked + "// +optional\n//\n// ThingID is it.\n", want: "types.go:18: \"+optional\" has no place beside +openai:reference: remove it"},
		"MemberTwice": {
			reason: "Both would have the same name.", file: aKind + strings.Repeat("\n"+marked+"//\n// ThingID is it.\n", 2),
			want: "types.go:22: ThingMember is declared at types.go:18 too: remove one",
		},
		"NoGroup": {reason: "Friendly names have the group.", file: aKind, lists: true, want: "package example.com/provider/v1 has no group: add +groupName= to its doc comment"},
		"NoPlaceForNames": {
			reason: "It has to be somewhere among the annotations.", file: "// Package v1 is.\n//\n// +groupName=example.com\n" + aKind, lists: true,
			want: "package/crossplane.yaml: the friendly names of kinds have no place: add the lines \"# BEGIN managed resources, by make generate\" and \"# END managed resources\" to the annotations",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			folder := filepath.Join(root, "v1")
			for file, text := range map[string]string{
				"go.mod": "module example.com/provider\n", "v1/types.go": tc.file, "package/crossplane.yaml": "metadata: {}\n", "docs/index.md": "",
			} {
				put(t, filepath.Join(root, file), text)
			}
			got := "no error"
			if err := run(folder, tc.lists); err != nil {
				got = err.Error()
			}
			got = strings.NewReplacer(folder, "FOLDER", "v1/types.go", "types.go", root+"/", "").Replace(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nerror: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func put(tb testing.TB, file, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}
