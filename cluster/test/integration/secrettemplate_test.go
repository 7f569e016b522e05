// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func secretMetadata(m v1alpha1.SecretMetadata) func(*v1alpha1.ProjectAPIKey) {
	return func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.SecretTemplate = &v1alpha1.SecretTemplate{Metadata: m} }
}

// awaitMetadata awaits that a Secret has a label and an annotation; empty: that it lacks them.
func (tn *tenant) awaitMetadata(secret, label, annotation string) {
	tn.Helper()
	tn.await("the metadata of the Secret", func() (bool, string) {
		s := tn.secret(secret)
		if s == nil {
			return false, "there is no Secret"
		}
		return s.Labels["team"] == label && s.Annotations["example.com/note"] == annotation, asJSON(tn.T, s.ObjectMeta)
	})
}

func TestASecretHasTheMetadataThatAPolicyDemands(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	probe := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "probe"}}
	tn.refuseSecrets(`has(object.metadata.labels) && "team" in object.metadata.labels`, probe)
	key := tn.key("labelled", secretMetadata(v1alpha1.SecretMetadata{
		Labels:      map[string]v1alpha1.LabelValue{"team": "checkout"},
		Annotations: map[string]v1alpha1.AnnotationValue{"example.com/note": "whatever people write: äöü"},
	}))
	tn.create(key)
	tn.awaitReady(key)
	tn.awaitMetadata("labelled", "checkout", "whatever people write: äöü")
	value := tn.workingKey("labelled")

	s := tn.secret("labelled")
	s.Labels["team"] = "other"
	s.Labels["theirs"] = "stays"
	tn.must(kube.Update(context.Background(), s))
	tn.awaitMetadata("labelled", "checkout", "whatever people write: äöü")

	change(tn, key, secretMetadata(v1alpha1.SecretMetadata{Labels: map[string]v1alpha1.LabelValue{"team": "search"}}))
	tn.awaitMetadata("labelled", "search", "")
	if s := tn.secret("labelled"); s.Labels["theirs"] != "stays" {
		t.Error("a label that somebody else set was removed")
	}
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.WriteConnectionSecretToReference.Name = "moved" })
	tn.awaitMetadata("moved", "search", "")
	tn.awaitReady(key)
	if got := tn.workingKey("moved"); got != value {
		t.Error("metadata needs no new key")
	}
}

func TestMetadataThatNoSecretCanHaveIsRefused(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	labels := func(k string, v v1alpha1.LabelValue) v1alpha1.SecretMetadata {
		return v1alpha1.SecretMetadata{Labels: map[string]v1alpha1.LabelValue{k: v}}
	}
	cases := map[string]struct {
		reason string
		meta   v1alpha1.SecretMetadata
		says   string
	}{
		"OwnLabel":      {"The provider's own state annotations are not the user's.", labels("openai.crossplane.io/project-api-key-uid", "x"), "openai.crossplane.io/"},
		"OwnAnnotation": {"The same.", v1alpha1.SecretMetadata{Annotations: map[string]v1alpha1.AnnotationValue{"openai.crossplane.io/key-id": "key_1"}}, "openai.crossplane.io/"},
		"Name":          {"A Secret with it could not be written, and a key not be stored.", labels("no name", "x"), "names that Kubernetes accepts"},
		"Value":         {"The same.", labels("team", "no value"), "team"},
		"LongValue":     {"The same.", labels("team", v1alpha1.LabelValue(strings.Repeat("x", 64))), "63"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := kube.Create(context.Background(), tn.key("refused-"+strings.ToLower(name), secretMetadata(tc.meta)), client.DryRunAll)
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%s\nwant a refusal that says %q, got %v", tc.reason, tc.says, err)
			}
		})
	}
}
