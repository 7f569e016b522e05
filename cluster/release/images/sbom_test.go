// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	spdxjson "github.com/spdx/tools-golang/json"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdxlib"
)

func testBill(t *testing.T) *spdx.Document {
	t.Helper()
	b, err := billOfMaterials(testRelease(), testProgram(), testRoots())
	if err != nil {
		t.Fatal(err)
	}
	doc := &spdx.Document{}
	if err := spdxjson.ReadInto(bytes.NewReader(b), doc); err != nil {
		t.Fatalf("the bill cannot be read back: %v\n%s", err, b)
	}
	return doc
}

func TestTheBillNamesWhatIsInTheImage(t *testing.T) {
	t.Parallel()
	doc := testBill(t)
	got := map[string]string{}
	for _, p := range doc.Packages {
		locator := ""
		for _, r := range p.PackageExternalReferences {
			locator = r.Locator
		}
		got[p.PackageName+" "+p.PackageVersion] = locator
	}
	want := map[string]string{
		"provider-openai v1.2.3":             "",
		"example.org/provider-openai v1.2.3": "pkg:golang/example.org/provider-openai@v1.2.3",
		rootsModule + " v0.0.1":              "pkg:golang/golang.org/x/crypto/x509roots/fallback@v0.0.1",
		// Go's experiments are not part of its version.
		"stdlib 1.26.5": "pkg:golang/stdlib@1.26.5",
		// purls are in lower case and escaped.
		"example.org/Mixed/Case v2.0.0+incompatible": "pkg:golang/example.org/mixed/case@v2.0.0%2Bincompatible",
		// The replacement was built, not the required module.
		"example.org/fork v1.0.1": "pkg:golang/example.org/fork@v1.0.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packages of the bill, -want +got:\n%s", diff)
	}
}

func TestTheBillConnectsItsPackages(t *testing.T) {
	t.Parallel()
	doc := testBill(t)
	if err := spdxlib.ValidateDocument(doc); err != nil {
		t.Errorf("the bill is not valid: %v", err)
	}
	var got []string
	for _, r := range doc.Relationships {
		got = append(got, string(r.RefA.ElementRefID)+" "+r.Relationship+" "+string(r.RefB.ElementRefID))
	}
	slices.Sort(got)
	want := []string{
		"DOCUMENT DESCRIBES Image",
		"Image CONTAINS CertificateAuthorities",
		"Image CONTAINS Program",
		"Program DEPENDS_ON Module-example.org-Mixed-Case-v2.0.0-incompatible",
		"Program DEPENDS_ON Module-example.org-fork-v1.0.1",
		"Program DEPENDS_ON Module-stdlib-1.26.5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("relationships of the bill, -want +got:\n%s", diff)
	}
}

func TestTheBillIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	a, err := billOfMaterials(testRelease(), testProgram(), testRoots())
	if err != nil {
		t.Fatal(err)
	}
	b, err := billOfMaterials(testRelease(), testProgram(), testRoots())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(a), string(b)); diff != "" {
		t.Errorf("two bills of the same program, -first +second:\n%s", diff)
	}
}
