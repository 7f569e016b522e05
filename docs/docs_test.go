// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package docs_test keeps the documentation from going out of date where that is
// cheap to notice.
package docs_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	xpextv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	pkgv1beta1 "github.com/crossplane/crossplane/apis/v2/pkg/v1beta1"
	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// root of the repository, as seen from this folder.
const root = ".."

var (
	// fence is a block of code, after a comment that may name the file it quotes.
	fence = regexp.MustCompile("(?s)(?:<!-- (\\S+) -->\n)?```(\\w*)\n(.*?)```\n")
	// span is code in a line.
	span = regexp.MustCompile("`[^`\n]*`")
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// heading is what an anchor leads to.
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// The README leaves out comments, and writes short what YAML lets it.
func TestTheREADMEShowsTheQuickstart(t *testing.T) {
	const folder = "examples/quickstart"
	quickstart, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*.yaml"))
	if err != nil || len(quickstart) == 0 {
		t.Fatalf("no quickstart was found: %v", err)
	}
	var want []any
	for _, f := range quickstart {
		rel, err := filepath.Rel(root, f)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, documents(t, read(t, filepath.ToSlash(rel)))...)
	}
	shown := map[string][]any{}
	for _, m := range fence.FindAllStringSubmatch(read(t, "README.md"), -1) {
		if m[1] != "" {
			shown[m[1]] = documents(t, m[3])
		}
	}
	if diff := cmp.Diff(map[string][]any{folder: want}, shown); diff != "" {
		t.Errorf("manifests after a comment with their folder, -%s +README.md:\n%s", folder, diff)
	}
}

func TestTheREADMEsConfigurationIsTheExample(t *testing.T) {
	examples := documents(t, read(t, "examples/provider/clusterproviderconfig.yaml"))
	for _, m := range fence.FindAllStringSubmatch(read(t, "README.md"), -1) {
		if !strings.Contains(m[3], "kind: ClusterProviderConfig\n") {
			continue
		}
		for _, have := range documents(t, m[3]) {
			if !containsEqual(examples, have) {
				t.Errorf("README.md shows a ClusterProviderConfig that is not the one in examples/provider:\n%s", m[3])
			}
		}
		return
	}
	t.Error("README.md shows no ClusterProviderConfig")
}

// kinds that manifests may have. Those of other API groups, such as composite resources, may be
// anything.
func kinds(t *testing.T) *runtime.Scheme {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		v1alpha1.AddToScheme, corev1.AddToScheme, appsv1.AddToScheme, networkingv1.AddToScheme,
		pkgv1.AddToScheme, pkgv1beta1.AddToScheme, xpextv1alpha1.AddToScheme,
	} {
		if err := add(s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestManifestsHaveNoUnknownFields(t *testing.T) {
	scheme := kinds(t)
	for _, file := range markdown(t) {
		for _, m := range fence.FindAllStringSubmatch(read(t, file), -1) {
			if m[2] == "yaml" {
				knownFields(t, scheme, file, m[3])
			}
		}
	}
	for _, folder := range []string{".", "consumer", "provider"} {
		manifests, err := filepath.Glob(filepath.Join(root, "examples", folder, "*.yaml"))
		if err != nil || len(manifests) == 0 {
			t.Fatalf("no manifest was found in examples/%s: %v", folder, err)
		}
		for _, f := range manifests {
			rel, err := filepath.Rel(root, f)
			if err != nil {
				t.Fatal(err)
			}
			knownFields(t, scheme, rel, read(t, filepath.ToSlash(rel)))
		}
	}
}

func knownFields(t *testing.T, scheme *runtime.Scheme, file, text string) {
	t.Helper()
	for _, d := range documents(t, text) {
		o, ok := d.(map[string]any)
		if !ok {
			continue
		}
		gvk := schema.FromAPIVersionAndKind(fmt.Sprint(o["apiVersion"]), fmt.Sprint(o["kind"]))
		if !scheme.IsVersionRegistered(gvk.GroupVersion()) {
			continue
		}
		into, err := scheme.New(gvk)
		if err != nil {
			t.Errorf("%s shows a %s, which there is not: %v", file, gvk.Kind, err)
			continue
		}
		strict(t, file, o, into)
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	for _, file := range markdown(t) {
		text := span.ReplaceAllString(fence.ReplaceAllString(read(t, file), ""), "")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			path, anchor, _ := strings.Cut(m[1], "#")
			target := file
			if path != "" {
				target = filepath.Join(filepath.Dir(file), filepath.FromSlash(path))
			}
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s links to %q, which does not exist", file, m[1])
				continue
			}
			if anchor != "" && !hasAnchor(read(t, target), anchor) {
				t.Errorf("%s links to %q, which has no such heading", file, m[1])
			}
		}
	}
}

// Every test that terraform-parity.md names has to be in the file that it says.
func TestNamedTestsExist(t *testing.T) {
	const file = "docs/terraform-parity.md"
	text := read(t, file)
	sources := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^- \*\*([A-Z])\*\* \[([^\]]+)\]`).FindAllStringSubmatch(text, -1) {
		sources[m[1]] = read(t, m[2])
	}
	group := regexp.MustCompile("\\b([A-Z]) ((?:`Test[^`]+`(?:, )?)+)")
	name := regexp.MustCompile("`(Test\\w+)(?:/(\\w+))?`")
	found := 0
	for _, m := range group.FindAllStringSubmatch(text, -1) {
		for _, n := range name.FindAllStringSubmatch(m[2], -1) {
			found++
			if !strings.Contains(sources[m[1]], "func "+n[1]+"(") {
				t.Errorf("%s names %s in %s, where it is not", file, n[1], m[1])
			}
			if n[2] != "" && !strings.Contains(sources[m[1]], fmt.Sprintf("%q: {", n[2])) {
				t.Errorf("%s names the case %s of %s, which it does not have", file, n[2], n[1])
			}
		}
	}
	if found == 0 {
		t.Errorf("%s names no tests", file)
	}
}

// Every test that any other document names has to be somewhere.
func TestTestsThatDocumentsNameExist(t *testing.T) {
	var sources strings.Builder
	for _, file := range files(t, "_test.go") {
		sources.WriteString(read(t, file))
	}
	for _, file := range markdown(t) {
		for _, m := range regexp.MustCompile("`(Test\\w+)").FindAllStringSubmatch(read(t, file), -1) {
			if !strings.Contains(sources.String(), "func "+m[1]+"(") {
				t.Errorf("%s names %s, which there is not", file, m[1])
			}
		}
	}
}

func TestAnnotationsAndEventsAreDocumented(t *testing.T) {
	const keys = "internal/controller/projectapikey"
	for _, c := range []struct{ sources, pattern, docs, row string }{
		{keys, `= annotationPrefix \+ "([a-z-]+)"`, "docs/secret.md", "(?m)`(openai.crossplane.io/)?%s`"},
		{keys, `reason(?::| :?=) "([A-Z]\w+)"`, "docs/key-lifecycle.md", "(?m)^\\| `%s` \\|"},
		{"internal", `"openai\.crossplane\.io/([a-z-]+)"`, "docs/", `openai\.crossplane\.io/%s\b`},
	} {
		var doc strings.Builder
		for _, file := range markdown(t) {
			if strings.HasPrefix(file, c.docs) {
				doc.WriteString(read(t, file))
			}
		}
		names := regexp.MustCompile(c.pattern).FindAllStringSubmatch(sources(t, c.sources), -1)
		if len(names) == 0 {
			t.Errorf("nothing like %s was found in %s", c.pattern, c.sources)
		}
		for _, m := range names {
			if !regexp.MustCompile(fmt.Sprintf(c.row, m[1])).MatchString(doc.String()) {
				t.Errorf("%s does not document %s of %s", c.docs, m[1], c.sources)
			}
		}
	}
}

func TestTheREADMEShowsTheColumnsOfAKey(t *testing.T) {
	want := []string{"NAME"}
	for _, crd := range theCRDs(t) {
		if crd.Spec.Names.Kind != "ProjectAPIKey" {
			continue
		}
		for _, c := range crd.Spec.Versions[0].AdditionalPrinterColumns {
			want = append(want, c.Name)
		}
	}
	pattern := regexp.MustCompile("(?m)^" + strings.Join(want, " +") + "\nprojectapikey")
	if !pattern.MatchString(read(t, "README.md")) {
		t.Errorf("README.md shows no ProjectAPIKey with the columns %s", strings.Join(want, " "))
	}
}

// Flags may be hidden, which the table leaves out.
func TestFlagsAreDocumentedWithTheirDefaults(t *testing.T) {
	table := read(t, "docs/operations.md")
	flag := regexp.MustCompile(`app\.Flag\("([a-z-]+)".*`)
	value := regexp.MustCompile(`\.Default\("([^"]+)"\)`)
	defined := map[string]bool{"version": true}
	for _, m := range flag.FindAllStringSubmatch(sources(t, "cmd/provider"), -1) {
		defined[m[1]] = true
		if strings.Contains(m[0], ".Hidden()") {
			continue
		}
		row := regexp.MustCompile("(?m)^\\| `--" + m[1] + "`.*$").FindString(table)
		if row == "" {
			t.Errorf("docs/operations.md does not document --%s", m[1])
			continue
		}
		// On or off is a word in the table.
		if v := value.FindStringSubmatch(m[0]); len(v) == 2 && v[1] != "true" && !strings.Contains(row, "`"+v[1]+"`") {
			t.Errorf("docs/operations.md does not say that the default of --%s is %s", m[1], v[1])
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `--([a-z-]+)`").FindAllStringSubmatch(table, -1) {
		if !defined[m[1]] {
			t.Errorf("docs/operations.md documents --%s, which does not exist", m[1])
		}
	}
}

// markdown lists the Markdown files of the repository.
func markdown(t *testing.T) []string {
	t.Helper()
	return files(t, ".md")
}

// files of the repository whose names end so.
func files(t *testing.T, suffix string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "_output" || name == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, suffix) {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			found = append(found, rel)
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("no %s files were found: %v", suffix, err)
	}
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// documents of a YAML text.
func documents(t *testing.T, text string) []any {
	t.Helper()
	var out []any
	r := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for {
		b, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var o any
		if err := yaml.Unmarshal(b, &o); err != nil {
			t.Fatalf("%v in\n%s", err, b)
		}
		out = append(out, o)
	}
}

// strict fails if a manifest has a field that its type has not.
func strict(t *testing.T, file string, manifest, into any) {
	t.Helper()
	b, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Errorf("%s shows a manifest that is not right: %v", file, err)
	}
}

func containsEqual(all []any, one any) bool {
	for _, o := range all {
		if reflect.DeepEqual(o, one) {
			return true
		}
	}
	return false
}

// hasAnchor reports whether a heading gets an anchor, the way that GitHub makes it.
func hasAnchor(text, anchor string) bool {
	drop := regexp.MustCompile(`[^a-z0-9 _-]`)
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		if strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}
