// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
)

func metadata(t *testing.T) metav1.PartialObjectMetadata {
	t.Helper()
	var m metav1.PartialObjectMetadata
	if err := yaml.Unmarshal([]byte(read(t, "package/crossplane.yaml")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestThePackagesIconIsTheFile(t *testing.T) {
	const prefix = "data:image/svg+xml;base64,"
	uri := metadata(t).Annotations["meta.crossplane.io/iconURI"]
	icon, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(uri, prefix))
	if err != nil {
		t.Fatalf("the icon of package/crossplane.yaml cannot be read: %v", err)
	}
	want := read(t, "package/icon.svg")
	if diff := cmp.Diff(want, string(icon)); diff != "" {
		t.Errorf("set the icon of package/crossplane.yaml to %s, -file +package:\n%s",
			prefix+base64.StdEncoding.EncodeToString([]byte(want)), diff)
	}
}

func TestEveryKindHasAFriendlyName(t *testing.T) {
	const prefix = "friendly-kind-name.meta.crossplane.io/"
	got := map[string]bool{}
	for name := range metadata(t).Annotations {
		if kind, ok := strings.CutPrefix(name, prefix); ok {
			got[kind] = true
		}
	}
	want := map[string]bool{}
	for _, crd := range theCRDs(t) {
		want[crd.Spec.Names.Singular+"."+crd.Spec.Group] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("annotations %s… of package/crossplane.yaml, -CRDs +package:\n%s", prefix, diff)
	}
}

// theCRDs of the package.
func theCRDs(t *testing.T) []apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "package", "crds", "*.yaml"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no CRDs were found: %v", err)
	}
	crds := make([]apiextensionsv1.CustomResourceDefinition, len(found))
	for i, f := range found {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(b, &crds[i]); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
	}
	return crds
}
