// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// The other tests depend on the families that are read from descriptions.
func TestFamiliesAreReadAsTheyAreExported(t *testing.T) {
	t.Parallel()
	families := realFamilies(t)
	for name, want := range map[string]family{
		"provider_openai_requests_total":                    {labels: []string{"provider_config", "route", "outcome"}},
		"provider_openai_keys":                              {labels: []string{"state"}},
		"crossplane_managed_resource_ready":                 {labels: []string{"gvk"}},
		"crossplane_managed_resource_deletion_seconds":      {labels: []string{"gvk"}, histogram: true},
		"upjet_resource_ext_api_duration":                   {labels: []string{"operation"}, histogram: true},
		"workqueue_queue_duration_seconds":                  {labels: []string{"name", "controller"}, histogram: true},
		"process_resident_memory_bytes":                     {},
		"provider_openai_next_key_expiry_timestamp_seconds": {},
	} {
		got, ok := families[name]
		if !ok {
			t.Errorf("%s is not exported", name)
			continue
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(family{})); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

// documented matches the row of a family in the table of metrics.
var documented = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([^|]*) \\|")

func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	families := realFamilies(t)
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(b), "\n## Metrics\n")
	if !ok {
		t.Fatal("docs/operations.md has no section Metrics")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]bool{}
	for _, m := range documented.FindAllStringSubmatch(section, -1) {
		rows[m[1]] = true
		f, ok := families[m[1]]
		if !ok {
			t.Errorf("docs/operations.md has a row for the metric %s, which does not exist", m[1])
			continue
		}
		var want []string
		for _, l := range f.labels {
			want = append(want, "`"+l+"`")
		}
		if diff := cmp.Diff(strings.Join(want, ", "), m[2]); diff != "" {
			t.Errorf("docs/operations.md has other labels for %s: -want, +got:\n%s", m[1], diff)
		}
	}
	for name := range families {
		if strings.HasPrefix(name, "provider_openai_") && !rows[name] {
			t.Errorf("docs/operations.md has no row for the metric %s", name)
		}
	}
}

// Each metric of the provider has a panel.
func TestOurMetricsAreShown(t *testing.T) {
	t.Parallel()
	var shown []string
	for _, p := range readDashboard(t).Panels {
		for _, target := range p.Targets {
			shown = append(shown, target.Expr)
		}
	}
	for name := range realFamilies(t) {
		if strings.HasPrefix(name, "provider_openai_") && !slices.ContainsFunc(shown, func(expr string) bool { return strings.Contains(expr, name+"{") }) {
			t.Errorf("no panel shows %s", name)
		}
	}
}

func realFamilies(t *testing.T) map[string]family {
	t.Helper()
	families, err := exported()
	if err != nil {
		t.Fatalf("cannot determine what the provider exports: %v", err)
	}
	return families
}

// folder with the files that users apply and import.
var folder = filepath.Join("..", "..", "..", "examples", "monitoring")

// readStrict reads a YAML file of the folder, and fails for unknown fields.
func readStrict(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	j, err := yaml.ToJSON(b)
	if err != nil {
		t.Fatalf("%s is not YAML: %v", name, err)
	}
	d := json.NewDecoder(bytes.NewReader(j))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s cannot be read: %v", name, err)
	}
}
