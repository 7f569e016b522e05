// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	extv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	extv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	extv2 "github.com/crossplane/crossplane/apis/v2/apiextensions/v2"
	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	pkgv1beta1 "github.com/crossplane/crossplane/apis/v2/pkg/v1beta1"
	"github.com/openai/openai-go/v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
)

func projectNamed(name string) openai.AdminOrganizationProjectNewParams {
	return openai.AdminOrganizationProjectNewParams{Name: name}
}

const examples = "../../examples"

// ofOthers matches documents of kinds whose Go types are not imported.
var ofOthers = regexp.MustCompile(`(?m)^apiVersion: (platform\.example\.org|monitoring\.coreos\.com)/`)

// Kubernetes drops unknown fields, so that a typo in an example would remain unnoticed.
func TestExamplesHaveNoUnknownFields(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, rbacv1.AddToScheme, v1alpha1.AddToScheme,
		extv1.AddToScheme, extv1alpha1.AddToScheme, extv2.AddToScheme, pkgv1.AddToScheme, pkgv1beta1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	kinds := map[string]bool{}
	for file, data := range exampleFiles(t) {
		documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
		for {
			document, err := documents.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			// "make e2e" tests the kinds of the platform example with a real Crossplane, and
			// cluster/test/monitoring those of the Prometheus Operator.
			if ofOthers.Match(document) {
				continue
			}
			_, gvk, err := decoder.Decode(document, nil, nil)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			kinds[gvk.Kind] = true
		}
	}
	for kind := range scheme.KnownTypes(v1alpha1.SchemeGroupVersion) {
		// The provider creates usages itself, and the remaining kinds are lists and options.
		wanted := strings.HasPrefix(kind, "Project") || kind == "ProviderConfig" || kind == "ClusterProviderConfig"
		if wanted && !strings.HasSuffix(kind, "List") && !kinds[kind] {
			t.Errorf("there is no example of a %s", kind)
		}
	}
}

func TestExamplesHoldNoKeys(t *testing.T) {
	for file, data := range exampleFiles(t) {
		if canary.KeyLike.Match(data) {
			t.Errorf("%s seems to hold an API key", file)
		}
	}
}

func exampleFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("there are no examples")
	}
	return files
}
