// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A field that is added to a kind is added to testdata/everyfield.yaml too.
func TestTheManifestsWithEveryFieldLeaveNoneOut(t *testing.T) {
	t.Parallel()
	tn := &tenant{T: t}
	text, err := os.ReadFile(filepath.Join("testdata", "everyfield.yaml"))
	tn.must(err)
	got := map[string]bool{}
	for _, u := range tn.documents(string(text)) {
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
