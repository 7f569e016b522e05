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

	"github.com/openai/openai-go/v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func projectNamed(name string) openai.AdminOrganizationProjectNewParams {
	return openai.AdminOrganizationProjectNewParams{Name: name}
}

const examples = "../../examples"

// Kubernetes drops fields that it does not know, so that a typo in an example
// would go unnoticed.
func TestExamplesHaveNoUnknownFields(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	if err := addInstallation(scheme); err != nil {
		t.Fatal(err)
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
			_, gvk, err := decoder.Decode(document, nil, nil)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			kinds[gvk.Kind] = true
		}
	}
	for kind := range scheme.KnownTypes(v1alpha1.SchemeGroupVersion) {
		// The provider makes usages itself; the rest is machinery of every group.
		wanted := strings.HasPrefix(kind, "Project") || kind == "ProviderConfig" || kind == "ClusterProviderConfig"
		if wanted && !strings.HasSuffix(kind, "List") && !kinds[kind] {
			t.Errorf("there is no example of a %s", kind)
		}
	}
}

func TestExamplesHoldNoKeys(t *testing.T) {
	key := regexp.MustCompile(`sk-[A-Za-z0-9]{8,}`)
	for file, data := range exampleFiles(t) {
		if key.Match(data) {
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
