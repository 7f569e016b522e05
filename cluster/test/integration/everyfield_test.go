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

// A field that is added to a kind is added to testdata/everyfield.yaml too, or to the example of the
// kind if it has no manifest there.
func TestTheManifestsWithEveryFieldLeaveNoneOut(t *testing.T) {
	t.Parallel()
	tn := &tenant{T: t}
	got := map[string]bool{}
	for _, u := range append(tn.documents(everyFieldText(tn)), examplesInFull(tn)...) {
		written(u.Object["spec"], u.GetKind(), got)
	}
	want := map[string]bool{}
	for _, crd := range theCRDs(tn) {
		if spec, ok := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]; ok {
			defined(&spec, crd.Spec.Names.Kind, want)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("fields: -in the CRDs, +in the manifests:\n%s", diff)
	}
}

// The kind stands for those that have an example only.
func TestAnExampleInFullLacksOnlyWhatItsKindAloneHas(t *testing.T) {
	t.Parallel()
	const kind = "ProjectServiceAccount"
	cases := map[string]struct {
		reason string
		drop   string
		want   []string
	}{
		"WithAllFieldsOfItsOwn": {reason: "What all kinds have is filled in."},
		"WithoutOneOfItsOwn":    {reason: "Nobody else can tell what a good value is.", drop: "role", want: []string{kind + ".forProvider.role"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := &tenant{T: t}
			crds := theCRDs(tn)
			crd := crds[slices.IndexFunc(crds, func(c *extensionsv1.CustomResourceDefinition) bool { return c.Spec.Names.Kind == kind })]
			want, got := map[string]bool{}, map[string]bool{}
			spec := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
			defined(&spec, kind, want)
			for _, u := range tn.documents(tn.example(strings.ToLower(kind) + ".yaml")) {
				unstructured.RemoveNestedField(u.Object, "spec", "forProvider", tc.drop)
				inFull(tn, u, crd)
				written(u.Object["spec"], kind, got)
			}
			maps.DeleteFunc(want, func(path string, _ bool) bool { return got[path] })
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(want))); diff != "" {
				t.Errorf("%s\nfields that the example lacks, -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// everyFieldText are manifests that are written for the purpose, with words to be replaced.
func everyFieldText(tn *tenant) string {
	tn.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "everyfield.yaml"))
	tn.must(err)
	return string(text)
}

// examplesInFull are the examples of kinds that testdata/everyfield.yaml has no manifest of, with
// the fields of all kinds. They can be created, but lead nowhere.
func examplesInFull(tn *tenant) []*unstructured.Unstructured {
	tn.Helper()
	has := map[string]bool{}
	for _, u := range tn.documents(everyFieldText(tn)) {
		has[u.GetKind()] = true
	}
	var objects []*unstructured.Unstructured
	for _, crd := range theCRDs(tn) {
		kind := crd.Spec.Names.Kind
		if has[kind] || !slices.Contains(crd.Spec.Names.Categories, "managed") {
			continue
		}
		for _, u := range tn.documents(tn.example(strings.ToLower(kind) + ".yaml")) {
			if u.GetKind() == kind {
				inFull(tn, u, crd)
				objects = append(objects, u)
			}
		}
	}
	return objects
}

// inFull adds to a manifest the fields that all kinds have, and completes its references.
func inFull(tn *tenant, u *unstructured.Unstructured, crd *extensionsv1.CustomResourceDefinition) {
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

// theCRDs of the package.
func theCRDs(tn *tenant) []*extensionsv1.CustomResourceDefinition {
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

// defined adds the paths of a schema. What is in a map of strings has no paths.
func defined(schema *extensionsv1.JSONSchemaProps, path string, to map[string]bool) {
	to[path] = true
	if schema.Items != nil && schema.Items.Schema != nil {
		schema = schema.Items.Schema
	}
	for name, p := range schema.Properties {
		defined(&p, path+"."+name, to)
	}
}

// written adds the paths of a manifest.
func written(value any, path string, to map[string]bool) {
	to[path] = true
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			// Labels are texts, which the schema does not name.
			if !slices.Contains([]string{".matchLabels", ".labels", ".annotations"}, filepath.Ext(path)) {
				written(v[name], path+"."+name, to)
			}
		}
	case []any:
		for i := range v {
			written(v[i], path, to)
		}
	}
}

// Not parallel: the CustomResourceDefinition is everybody's.
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
	tn.awaitSettled(key)
	if got, _, _ := unstructured.NestedString(tn.stored(key).Object, "spec", "forProvider", field); got != "precious" {
		t.Errorf("the field is %q after the provider wrote to the object, want precious", got)
	}
	tn.delete(key)
	tn.awaitGone(key)
}
