// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A new field of a kind has to be added to testdata/everyfield.yaml, or to the example of the kind
// if it has no manifest there.
func TestTheManifestsWithEveryFieldLeaveNoneOut(t *testing.T) {
	t.Parallel()
	tn := &tenant{T: t}
	got := map[string]bool{}
	for _, u := range append(tn.documents(everyFieldManifest(tn)), examplesInFull(tn)...) {
		addManifestPaths(u.Object["spec"], u.GetKind(), got)
	}
	want := map[string]bool{}
	for _, crd := range packageCRDs(tn) {
		if spec, ok := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]; ok {
			addSchemaPaths(&spec, crd.Spec.Names.Kind, want)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("fields: -in the CRDs, +in the manifests:\n%s", diff)
	}
}

// This kind stands for all that have only an example.
func TestAnExampleInFullLacksOnlyWhatItsKindAloneHas(t *testing.T) {
	t.Parallel()
	const kind = "ProjectServiceAccount"
	cases := map[string]struct {
		reason string
		drop   string
		want   []string
	}{
		"WithAllFieldsOfItsOwn": {reason: "What all kinds have is filled in."},
		"WithoutOneOfItsOwn":    {reason: "Nobody else can know a valid value.", drop: "role", want: []string{kind + ".forProvider.role"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := &tenant{T: t}
			crds := packageCRDs(tn)
			crd := crds[slices.IndexFunc(crds, func(c *extensionsv1.CustomResourceDefinition) bool { return c.Spec.Names.Kind == kind })]
			want, got := map[string]bool{}, map[string]bool{}
			spec := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
			addSchemaPaths(&spec, kind, want)
			for _, u := range tn.documents(tn.example(strings.ToLower(kind) + ".yaml")) {
				unstructured.RemoveNestedField(u.Object, "spec", "forProvider", tc.drop)
				withCommonFields(tn, u, crd)
				addManifestPaths(u.Object["spec"], kind, got)
			}
			maps.DeleteFunc(want, func(path string, _ bool) bool { return got[path] })
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(want))); diff != "" {
				t.Errorf("%s\nfields that the example lacks, -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// everyFieldManifest is testdata/everyfield.yaml with its placeholders replaced.
func everyFieldManifest(tn *tenant) string {
	tn.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "everyfield.yaml"))
	tn.must(err)
	return string(text)
}

// examplesInFull are the examples of kinds without a manifest in testdata/everyfield.yaml,
// completed by the fields that all kinds have. They can be created, but do not become Ready.
func examplesInFull(tn *tenant) []*unstructured.Unstructured {
	tn.Helper()
	has := map[string]bool{}
	for _, u := range tn.documents(everyFieldManifest(tn)) {
		has[u.GetKind()] = true
	}
	var objects []*unstructured.Unstructured
	for _, crd := range packageCRDs(tn) {
		kind := crd.Spec.Names.Kind
		if has[kind] || !slices.Contains(crd.Spec.Names.Categories, "managed") {
			continue
		}
		for _, u := range tn.documents(tn.example(strings.ToLower(kind) + ".yaml")) {
			if u.GetKind() == kind {
				withCommonFields(tn, u, crd)
				objects = append(objects, u)
			}
		}
	}
	return objects
}

// withCommonFields adds to a manifest the fields that all kinds have, and completes its references.
func withCommonFields(tn *tenant, u *unstructured.Unstructured, crd *extensionsv1.CustomResourceDefinition) {
	tn.Helper()
	set := func(value any, path ...string) {
		if _, ok, err := unstructured.NestedFieldNoCopy(u.Object, path...); err == nil && !ok {
			tn.must(unstructured.SetNestedField(u.Object, value, path...))
		}
	}
	set([]any{"*"}, "spec", "managementPolicies")
	set(map[string]any{"kind": "ProviderConfig", "name": "full"}, "spec", "providerConfigRef")
	set(map[string]any{"name": "full"}, "spec", "writeConnectionSecretToRef")

	parameters, _, err := unstructured.NestedMap(u.Object, "spec", "forProvider")
	tn.must(err)
	policy := map[string]any{"resolution": "Required", "resolve": "Always"}
	for field := range crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"].Properties["forProvider"].Properties {
		id, isRef := strings.CutSuffix(field, "Ref")
		used := parameters[id] != nil || parameters[id+"Ref"] != nil || parameters[id+"Selector"] != nil
		switch {
		case field == "organizationID":
			set("org-abc123", "spec", "forProvider", field)
		case isRef && strings.HasSuffix(id, "ID") && (used || id == "projectID"):
			set("id_abc123", "spec", "forProvider", id)
			tn.must(unstructured.SetNestedMap(u.Object, map[string]any{"name": "known", "namespace": "known", "policy": policy}, "spec", "forProvider", id+"Ref"))
			tn.must(unstructured.SetNestedMap(u.Object, map[string]any{
				"matchLabels": map[string]any{"team": "known"}, "matchControllerRef": false, "namespace": "known", "policy": policy,
			}, "spec", "forProvider", id+"Selector"))
		}
	}
}

// packageCRDs returns the CustomResourceDefinitions of the package.
func packageCRDs(tn *tenant) []*extensionsv1.CustomResourceDefinition {
	tn.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "package", "crds", "*.yaml"))
	tn.must(err)
	crds := make([]*extensionsv1.CustomResourceDefinition, 0, len(files))
	for _, file := range files {
		data, err := os.ReadFile(file)
		tn.must(err)
		crd := &extensionsv1.CustomResourceDefinition{}
		tn.must(yaml.Unmarshal(data, crd))
		crds = append(crds, crd)
	}
	return crds
}

// addSchemaPaths adds the paths of a schema's fields. A map of strings has no further paths.
func addSchemaPaths(schema *extensionsv1.JSONSchemaProps, path string, to map[string]bool) {
	to[path] = true
	if schema.Items != nil && schema.Items.Schema != nil {
		schema = schema.Items.Schema
	}
	for name, p := range schema.Properties {
		addSchemaPaths(&p, path+"."+name, to)
	}
}

// addManifestPaths adds the paths of a manifest's fields.
func addManifestPaths(value any, path string, to map[string]bool) {
	to[path] = true
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			// The schema does not list the keys of label maps.
			if !slices.Contains([]string{".matchLabels", ".labels", ".annotations"}, filepath.Ext(path)) {
				addManifestPaths(v[name], path+"."+name, to)
			}
		}
	case []any:
		for i := range v {
			addManifestPaths(v[i], path, to)
		}
	}
}

// Not parallel: all tests share the CustomResourceDefinition.
func TestAFieldThatTheProviderDoesNotKnowIsKept(t *testing.T) {
	tn := newTenant(t)
	const field = "ofANewerRelease"
	crd := &unstructured.Unstructured{}
	crd.SetGroupVersionKind(extensionsv1.SchemeGroupVersion.WithKind("CustomResourceDefinition"))
	crd.SetName("projectapikeys." + v1alpha1.SchemeGroupVersion.Group)
	setSchema := func(mod func(parameters map[string]any)) {
		change(tn, crd, func(u *unstructured.Unstructured) {
			versions := u.Object["spec"].(map[string]any)["versions"].([]any)
			parameters, _, err := unstructured.NestedFieldNoCopy(versions[0].(map[string]any), "schema", "openAPIV3Schema", "properties", "spec", "properties", "forProvider", "properties")
			tn.must(err)
			mod(parameters.(map[string]any))
		})
	}
	setSchema(func(p map[string]any) { p[field] = map[string]any{"type": "string"} })
	defer setSchema(func(p map[string]any) { delete(p, field) })

	key := withField(t, tn.key("newer"), "precious", "spec", "forProvider", field)
	tn.await("a CustomResourceDefinition with the field", func() (bool, string) {
		err := client.WithFieldValidation(kube, "Strict").Create(t.Context(), key.DeepCopy(), client.DryRunAll)
		return err == nil, asJSON(t, err)
	})
	tn.create(key)
	tn.awaitSteadyState(key)
	if got, _, _ := unstructured.NestedString(tn.stored(key).Object, "spec", "forProvider", field); got != "precious" {
		t.Errorf("the field is %q after the provider wrote to the object, want precious", got)
	}
	tn.delete(key)
	tn.awaitGone(key)
}
