// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is generated into testdata/module")

// What is generated is compared with what is committed beside its source.
func TestWhatIsGeneratedIsAsReviewed(t *testing.T) {
	const module = "testdata/module"
	cases := map[string]struct {
		reason string
		folder string
		lists  bool
		files  []string
	}{
		"OfTheProvider": {
			reason: "Kinds, and all lists of them.",
			folder: "apis/v1alpha1",
			lists:  true,
			files: []string{
				"apis/v1alpha1/zz_generated.kinds.go", "apis/v1alpha1/zz_generated.kindlist.go",
				"docs/kinds.md", "package/crossplane.yaml", "internal/controller/zz_generated.kinds.go",
			},
		},
		"OfTests": {
			reason: "Kinds that refer to those of another package, of which nobody has a list.",
			folder: "tests/v1",
			files:  []string{"tests/v1/zz_generated.kinds.go"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			in := t.TempDir()
			if *update {
				in = module
			} else if err := os.CopyFS(in, os.DirFS(module)); err != nil {
				t.Fatal(err)
			}
			if err := run(filepath.Join(in, tc.folder), tc.lists); err != nil {
				t.Fatalf("%s\n%v", tc.reason, err)
			}
			for _, file := range tc.files {
				if diff := cmp.Diff(read(t, filepath.Join(module, file)), read(t, filepath.Join(in, file))); diff != "" {
					t.Errorf("%s\n%s, -reviewed +generated; if it is right, run the test with -update:\n%s", tc.reason, file, diff)
				}
			}
		})
	}
}

func TestAKindIsCalledAsPeopleCallIt(t *testing.T) {
	cases := map[string]struct{ reason, want string }{
		"Project":               {"One word is one.", "Project"},
		"ProjectServiceAccount": {"Words are apart, and but the first in lower case.", "Project service account"},
		"ProjectAPIKey":         {"What is spelled in capitals stays so.", "Project API key"},
		"AdminAPIKey":           {"As above.", "Admin API key"},
	}
	for kind, tc := range cases {
		if diff := cmp.Diff(tc.want, inWords(kind)); diff != "" {
			t.Errorf("%s: %s\n-want, +got:\n%s", kind, tc.reason, diff)
		}
	}
}

var celRule = regexp.MustCompile(`XValidation:rule="([^"]+)"`)

// Whichever way a reference is declared, it is kept by the same rules.
func TestReferencesWrittenByHandHaveTheGeneratedRules(t *testing.T) {
	cases := map[string]struct {
		reason string
		file   string
		of     member
	}{
		"TheProject":        {"ProjectScoped was there first.", "projectscoped.go", member{reference: reference{Go: "ProjectID", Field: "projectID"}, Name: "M", Optional: true}},
		"TheServiceAccount": {"A key can be given a name instead.", "projectapikey_types.go", member{reference: reference{Go: "ServiceAccountID", Field: "serviceAccountID"}, Name: "M", Optional: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.of.Kind = "Kind"
			file := filepath.Join(t.TempDir(), "generated.go")
			s := &source{module: &module{}, name: "v1alpha1", path: shared}
			if err := writeGo(kindsTemplate, templateData{Package: s.name, Members: []*member{&tc.of}, source: s}, file); err != nil {
				t.Fatal(err)
			}
			has := rules(read(t, filepath.Join("..", "..", "..", "apis", "v1alpha1", tc.file)))
			generated := rules(read(t, file))
			if len(generated) == 0 {
				t.Fatal("no rule was generated")
			}
			for _, rule := range generated {
				if !slices.Contains(has, rule) {
					t.Errorf("%s\n%s lacks the rule\n%s", tc.reason, tc.file, rule)
				}
			}
		})
	}
}

func rules(text string) []string {
	var all []string
	for _, m := range celRule.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

func read(tb testing.TB, file string) string {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}
