// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func providerConfig(tn *tenant, name string) *v1alpha1.ProviderConfig {
	pc := &v1alpha1.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	pc.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "key"}
	return pc
}

func TestANamespacesOwnConfigurationWorks(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	tn.create(providerConfig(tn, "own"))
	key := tn.key("own", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "own"}
	})
	tn.create(key)
	tn.awaitReady(key)
	tn.workingKey("own")
}
