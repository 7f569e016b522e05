// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// keylessRule lets pods of a namespace act as the service account of that name.
func keylessRule(namespace, name string) *v1alpha1.FederationRule {
	own := &xpv2.NamespacedReference{Name: keylessName}
	r := &v1alpha1.FederationRule{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	p := &r.Spec.ForProvider
	p.WorkloadIdentityProviderIDRef = &xpv2.NamespacedReference{Namespace: platformNamespace, Name: "this-cluster"}
	p.ProjectIDRef, p.ServiceAccountIDRef = own, own
	p.Subject = &v1alpha1.FederationRuleSubject{KubernetesServiceAccount: new(keylessName)}
	r.Spec.WriteConfigMapToReference = &v1alpha1.ConfigMapTarget{Name: keylessVariables}
	return r
}

// An attempt of a tenant is an object that must have no effect.
type attempt struct {
	object resource.Managed
	// says is part of its condition.
	says string
}

// separates tests what tenants try. All attempts are made at once, and then deleted.
func (k *keylessPods) separates(ctx context.Context, s *suite) error {
	for _, c := range []struct {
		sentence string
		attempts []attempt
	}{
		{"a tenant cannot trust an issuer, and cannot bind one whose owner allows no references, neither by name nor by ID", k.withoutConsent()},
		{"a tenant cannot bind a ServiceAccount of another namespace by raw matchers", k.ofOtherNamespaces()},
		{"a tenant cannot bind, or take over, what another tenant has, by its ID", k.ofOtherTenants()},
	} {
		if err := s.ok(ctx, c.sentence+", and OpenAI is not called", func(ctx context.Context) error {
			return k.inVain(ctx, c.attempts)
		}); err != nil {
			return err
		}
	}
	return nil
}

// inVain makes attempts, which must say why they have no effect, and call nobody.
func (k *keylessPods) inVain(ctx context.Context, attempts []attempt) error {
	from := len(k.sim.Calls())
	var checks []check
	for _, a := range attempts {
		if err := k.create(ctx, a.object); err != nil {
			return err
		}
		checks = append(checks, k.says(a.object, a.says))
	}
	if err := await(ctx, all(checks...)); err != nil {
		return err
	}
	for _, a := range attempts {
		if err := k.remove(ctx, a.object); err != nil {
			return err
		}
	}
	for _, c := range k.sim.Calls()[from:] {
		if strings.HasPrefix(c.Path, "/v1/organization/") {
			return fmt.Errorf("an attempt called OpenAI: %+v", c)
		}
	}
	return nil
}

// withoutConsent are attempts of a tenant whose references the platform does not allow.
func (k *keylessPods) withoutConsent() []attempt {
	byID := keylessRule(stranger, "by-id")
	p := &byID.Spec.ForProvider
	p.WorkloadIdentityProviderIDRef, p.WorkloadIdentityProviderID = nil, &k.provider.Status.AtProvider.ID
	issuer := func(name, config string) *v1alpha1.WorkloadIdentityProvider {
		o := &v1alpha1.WorkloadIdentityProvider{ObjectMeta: metav1.ObjectMeta{Namespace: stranger, Name: name}}
		o.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: config}
		o.Spec.ForProvider.Audience = new(keylessAudience)
		o.Spec.ForProvider.Verification = &v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}
		return o
	}
	return []attempt{
		{keylessRule(stranger, "by-name"), fmt.Sprintf("to allow references from namespace %q", stranger)},
		{byID, "managed in another namespace by an object that allows no references"},
		{issuer("of-the-tenant", "default"), "does not allow what belongs to the organization"},
		{issuer("of-the-platform", "platform"), "do not match allowedNamespaces"},
	}
}

// ofOtherNamespaces are attempts to match tokens of another namespace.
func (k *keylessPods) ofOtherNamespaces() []attempt {
	var all []attempt
	for name, m := range map[string]v1alpha1.AttributeMatcher{
		"by-sub":       {Attribute: "sub", String: new("system:serviceaccount:" + keylessTenant + ":" + keylessName)},
		"by-namespace": {Attribute: "kubernetes_namespace", String: new(keylessTenant)},
	} {
		r := keylessRule(otherTenant, name)
		r.Spec.ForProvider.Subject = &v1alpha1.FederationRuleSubject{AttributeMatchers: []v1alpha1.AttributeMatcher{m}}
		all = append(all, attempt{r, fmt.Sprintf("names namespace %q, and a rule of namespace %q accepts only tokens of its own", keylessTenant, otherTenant)})
	}
	return all
}

// ofOtherTenants are attempts to use the project, the service account or the rule of another tenant.
func (k *keylessPods) ofOtherTenants() []attempt {
	theirs := k.rule.Status.AtProvider
	project := keylessRule(otherTenant, "their-project")
	project.Spec.ForProvider.ProjectIDRef, project.Spec.ForProvider.ProjectID = nil, &theirs.ProjectID
	project.Spec.ForProvider.ServiceAccountIDRef, project.Spec.ForProvider.ServiceAccountID = nil, &theirs.ServiceAccountID
	account := keylessRule(otherTenant, "their-account")
	account.Spec.ForProvider.ServiceAccountIDRef, account.Spec.ForProvider.ServiceAccountID = nil, &theirs.ServiceAccountID
	rule := keylessRule(otherTenant, "their-rule")
	meta.SetExternalName(rule, theirs.ID)
	const elsewhere = "managed in another namespace"
	return []attempt{{project, elsewhere}, {account, elsewhere}, {rule, "is managed by another object"}}
}
