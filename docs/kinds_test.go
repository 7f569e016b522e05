// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// The plurals are made up by two programs, which have to agree.
func TestTheListOfKindsIsThatOfTheCRDs(t *testing.T) {
	want := map[string]string{}
	for _, crd := range theCRDs(t) {
		if slices.Contains(crd.Spec.Names.Categories, "managed") {
			want[crd.Spec.Names.Kind] = crd.Spec.Names.Plural
		}
	}
	got := map[string]string{}
	for _, k := range v1alpha1.Kinds() {
		got[k.Kind] = k.Plural
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds and their plurals, -CRDs +list; run make generate:\n%s", diff)
	}
}

func TestEveryKindHasAnExample(t *testing.T) {
	for _, k := range v1alpha1.Kinds() {
		file := "examples/" + strings.ToLower(k.Kind) + ".yaml"
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Errorf("kind %s has no example, which users begin with and tests apply: write %s: %v", k.Kind, file, err)
			continue
		}
		of := func(d any) bool {
			o, ok := d.(map[string]any)
			return ok && o["kind"] == k.Kind && o["apiVersion"] == v1alpha1.SchemeGroupVersion.String()
		}
		if !slices.ContainsFunc(documents(t, string(text)), of) {
			t.Errorf("%s shows no %s of %s", file, k.Kind, v1alpha1.SchemeGroupVersion)
		}
	}
}

func TestEveryKindIsInTheTableOfKinds(t *testing.T) {
	table := read(t, "docs/kinds.md")
	for _, k := range v1alpha1.Kinds() {
		if (k.Terraform == "") == (k.NoTerraform == "") {
			t.Errorf("kind %s says neither or both of what Terraform calls it and why it does not: %+v", k.Kind, k)
		}
		terraform := "none: " + k.NoTerraform
		if k.Terraform != "" {
			terraform = "`" + k.Terraform + "`"
		}
		lower := strings.ToLower(k.Kind)
		row := fmt.Sprintf("| [%s](api.md#%s) | %s | %s | [%s.yaml](../examples/%s.yaml) |\n", k.Kind, lower, k.Summary, terraform, lower, lower)
		if !strings.Contains(table, row) {
			t.Errorf("docs/kinds.md lacks this row; run make generate:\n%s", row)
		}
	}
}
