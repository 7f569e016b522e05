// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// exampleObjects are all examples that can be applied as they are, with the provider running.
func exampleObjects(tn *tenant) []*unstructured.Unstructured {
	observed := tn.handmade()
	var objects []*unstructured.Unstructured
	for _, pattern := range []string{"*.yaml", "quickstart/*.yaml", "provider/*.yaml"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", pattern))
		tn.must(err)
		for _, file := range files {
			file = filepath.Join(filepath.Dir(pattern), filepath.Base(file))
			for _, u := range tn.documents(tn.example(file, "key_abc123", observed)) {
				ours := u.GroupVersionKind().GroupVersion() == v1alpha1.SchemeGroupVersion
				if u.GetKind() == v1alpha1.ClusterProviderConfigKind {
					u.SetName(tn.namespace + "-" + u.GetName()) // cluster-scoped
				}
				if ours || u.GetKind() == "Namespace" {
					objects = append(objects, u)
				}
			}
		}
	}
	if len(objects) < 15 {
		tn.Fatalf("there are only %d examples", len(objects))
	}
	return objects
}

// everyField are manifests with every field of every spec.
func everyField(tn *tenant) []*unstructured.Unstructured {
	tn.handmade()
	return tn.documents(strings.NewReplacer(
		"NAMESPACE", tn.namespace, "PROJECT", tn.project, "ACCOUNT", tn.account,
		"ORGANIZATION", simulator.DefaultOrganizationID, "BASEURL", strings.TrimSuffix(sim.BaseURL(), "/"),
	).Replace(everyFieldManifest(tn)))
}

// composites are the composite resources of examples/platform, by Composition.
var composites = map[string]string{
	"platform/composition.yaml":         "platform/tenant/access.yaml",
	"platform/composition-keyless.yaml": "platform/tenant/access-keyless.yaml",
	"platform/claim/composition.yaml":   "platform/claim/claim.yaml",
}

// composedObjects are the objects that the Compositions of examples/platform compose, and the
// WorkloadIdentityProvider that one of them refers to.
func composedObjects(tn *tenant) []*unstructured.Unstructured {
	provider := tn.ofKind(tn.example("keyless/1-platform.yaml", "namespace: platform", "namespace: "+tn.namespace), "WorkloadIdentityProvider")
	unstructured.RemoveNestedField(provider.Object, "spec", "providerConfigRef")
	objects := []*unstructured.Unstructured{provider}
	for composition, composite := range composites {
		of := tn.ofKind(tn.example(composite), "OpenAIAccess", "OpenAIAccessClaim")
		of.SetName(strings.NewReplacer("/", "-", ".yaml", "").Replace(composite[len("platform/"):]))
		owner := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: of.GetName()}}
		tn.create(owner)
		steps, _, err := unstructured.NestedSlice(tn.documents(tn.example(composition, "namespace: platform", "namespace: "+tn.namespace))[0].Object, "spec", "pipeline")
		tn.must(err)
		resources, _, err := unstructured.NestedSlice(steps[0].(map[string]any), "input", "resources")
		tn.must(err)
		for _, r := range resources {
			u := &unstructured.Unstructured{Object: r.(map[string]any)["base"].(map[string]any)}
			u.SetNamespace(tn.namespace)
			u.SetName(of.GetName())
			u.SetOwnerReferences([]metav1.OwnerReference{meta.AsController(meta.TypedReferenceTo(owner, corev1.SchemeGroupVersion.WithKind("ConfigMap")))})
			switch u.GetKind() {
			case "FederationRule":
				tn.must(unstructured.SetNestedField(u.Object, of.GetName(), "spec", "forProvider", "subject", "kubernetesServiceAccount"))
				tn.must(unstructured.SetNestedField(u.Object, of.GetName()+"-openai", "spec", "writeConfigMapToRef", "name"))
			case "ProjectAPIKey":
				for _, field := range []string{"readOnly", "permissions", "rotation"} {
					if v, ok, _ := unstructured.NestedFieldCopy(of.Object, "spec", field); ok {
						tn.must(unstructured.SetNestedField(u.Object, v, "spec", "forProvider", field))
					}
				}
				tn.must(unstructured.SetNestedField(u.Object, of.GetName()+"-openai", "spec", "writeConnectionSecretToRef", "name"))
			}
			objects = append(objects, u)
		}
	}
	return objects
}

// ofKind is the one document of a manifest that has one of some kinds.
func (tn *tenant) ofKind(manifest string, kinds ...string) *unstructured.Unstructured {
	tn.Helper()
	all := slices.DeleteFunc(tn.documents(manifest), func(u *unstructured.Unstructured) bool { return !slices.Contains(kinds, u.GetKind()) })
	if len(all) != 1 {
		tn.Fatalf("%d documents are of %v, want one", len(all), kinds)
	}
	return all[0]
}

// handmadeKeys are signing keys of another cluster.
const handmadeKeys = `{"keys": [{"kty": "EC", "crv": "P-256", "kid": "handmade", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`

// handmade creates what examples refer to and somebody else makes: a ConfigMap, and a service
// account with two keys. One of them is stored in a Secret; the ID of the other is returned.
func (tn *tenant) handmade() string {
	tn.Helper()
	tn.create(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "other-cluster-keys"}, Data: map[string]string{"jwks.json": handmadeKeys}})
	account := tn.newAccount("nightly-jobs")
	var ids []string
	for i := range 2 {
		k, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(fmt.Sprint("handmade-", i))})
		tn.must(err)
		if ids = append(ids, k.ID); i == 0 {
			tn.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "handmade-key"}, StringData: map[string]string{"OPENAI_API_KEY": k.Value}})
		}
	}
	return ids[1]
}
