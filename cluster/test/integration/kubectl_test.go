// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// kubeconfig is the path of a kubeconfig that all tests share.
var kubeconfig = sync.OnceValues(func() (string, error) {
	path := filepath.Join(cp.StateDir, "kubeconfig")
	return path, cp.WriteKubeConfig(path)
})

// kubectl runs the real kubectl with input, and returns its combined output.
func (tn *tenant) kubectl(input string, args ...string) (string, error) {
	tn.Helper()
	path, err := controlplane.Program(tn.Context(), "kubectl")
	tn.must(err)
	config, err := kubeconfig()
	tn.must(err)
	cmd := exec.CommandContext(tn.Context(), path, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+config, "KUBECACHEDIR="+filepath.Join(cp.StateDir, "kubectl-cache"), "KUBECTL_EXTERNAL_DIFF=")
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// documents parses a manifest without adding defaults.
func (tn *tenant) documents(manifest string) []*unstructured.Unstructured {
	tn.Helper()
	var objects []*unstructured.Unstructured
	reader := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(manifest)))
	for {
		doc, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects
		}
		tn.must(err)
		doc, err = yaml.ToJSON(doc)
		tn.must(err)
		u := &unstructured.Unstructured{}
		tn.must(u.UnmarshalJSON(doc))
		objects = append(objects, u)
	}
}

// manifest encodes objects for kubectl.
func (tn *tenant) manifest(objects []*unstructured.Unstructured) string {
	tn.Helper()
	var b strings.Builder
	for _, u := range objects {
		_, _ = fmt.Fprintf(&b, "---\n%s\n", asJSON(tn.T, u))
	}
	return b.String()
}

// stored reads an object from the API server.
func (tn *tenant) stored(written *unstructured.Unstructured) *unstructured.Unstructured {
	tn.Helper()
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(written.GroupVersionKind())
	u.SetNamespace(written.GetNamespace())
	u.SetName(written.GetName())
	tn.get(u)
	return u
}

// example reads a file of examples/ and replaces its names by the tenant's.
func (tn *tenant) example(file string, replace ...string) string {
	tn.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", file))
	tn.must(err)
	return strings.NewReplacer(append(replace, "team-a", tn.namespace, "proj_abc123", tn.project)...).Replace(string(text))
}

// defaultConfig creates the ClusterProviderConfig of the examples, which all tests share.
var defaultConfig sync.Once

func (tn *tenant) withDefaultConfig() *tenant {
	tn.Helper()
	defaultConfig.Do(func() {
		for _, u := range tn.documents("apiVersion: v1\nkind: Namespace\nmetadata: {name: crossplane-system}\n---\n" + tn.example("provider/clusterproviderconfig.yaml", "replace-me", simulator.DefaultAdminKey)) {
			if u.GetKind() == v1alpha1.ClusterProviderConfigKind {
				// As the example of WorkloadIdentityProvider asks for.
				tn.must(unstructured.SetNestedField(u.Object, v1alpha1.OrganizationKindsAllowed, "spec", "organizationKinds"))
			}
			tn.must(kube.Create(tn.Context(), u))
		}
	})
	return tn
}
