// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

type ruleParameters = v1alpha1.FederationRuleParameters

// newIdentityProvider is a provider of the tenant that trusts this cluster.
func (tn *tenant) newIdentityProvider() *v1alpha1.WorkloadIdentityProvider {
	tn.Helper()
	p := &v1alpha1.WorkloadIdentityProvider{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "cluster"}}
	p.Spec.ProviderConfigReference = tn.configRef()
	p.Spec.ForProvider.Audience = new("openai")
	p.Spec.ForProvider.Verification = &v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}
	tn.create(p)
	tn.awaitReady(p)
	return p
}

// rule is a FederationRule for the tenant's own account, on a provider of its own.
func (tn *tenant) rule(name, provider string, mod func(p *ruleParameters)) *v1alpha1.FederationRule {
	cr := &v1alpha1.FederationRule{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &tn.project, &tn.account
	cr.Spec.ForProvider.WorkloadIdentityProviderID = &provider
	cr.Spec.ForProvider.Subject = &v1alpha1.FederationRuleSubject{KubernetesServiceAccount: new("app")}
	mod(&cr.Spec.ForProvider)
	return cr
}

// rulesOf are the accounts of all rules of a provider at OpenAI.
func (tn *tenant) rulesOf(provider string) (accounts []string) {
	tn.Helper()
	organization := openai.NewAdminOrganizationService(
		option.WithBaseURL(sim.BaseURL()), option.WithAdminAPIKey(simulator.DefaultAdminKey), option.WithMaxRetries(0))
	all := organization.WorkloadIdentityProviders.FederationRules.ListAutoPaging(tn.Context(), provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{})
	for all.Next() {
		accounts = append(accounts, all.Current().ServiceAccountID)
	}
	tn.must(all.Err())
	return accounts
}

func TestNoRuleReachesIntoAnotherNamespaceWithoutItsConsent(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t, func(pc *v1alpha1.ClusterProviderConfig) {
		pc.Spec.OrganizationKinds = v1alpha1.OrganizationKindsAllowed
	})
	h := managesAll(victim)
	theirs, own := victim.newIdentityProvider(), meta.GetExternalName(a.newIdentityProvider())
	their := meta.GetExternalName(theirs)
	cases := map[string]struct {
		reason string
		mod    func(p *ruleParameters)
		want   denial
	}{
		"ProviderByReference": {"It has 50 rules, and its owner says for whom.", func(p *ruleParameters) {
			p.WorkloadIdentityProviderID, p.WorkloadIdentityProviderIDRef = nil, referenceInto(h.namespace, theirs.Name)
		}, waits},
		"ProviderByAnEmptySelector": {"Not even a name has to be known.", func(p *ruleParameters) {
			p.WorkloadIdentityProviderID, p.WorkloadIdentityProviderIDSelector = nil, selectorInto(h.namespace, nil)
		}, waits},
		"ProviderByID": {"An ID is no secret: pods have it in a ConfigMap.", func(p *ruleParameters) { p.WorkloadIdentityProviderID = &their }, refused},
		"ProjectAndAccountByReference": {"Pods would spend the other team's money.", func(p *ruleParameters) {
			p.ProjectID, p.ServiceAccountID = nil, nil
			p.ProjectIDRef, p.ServiceAccountIDRef = referenceInto(h.namespace, chainProject), referenceInto(h.namespace, chainAccount)
		}, waits},
		"ProjectAndAccountByID": {"IDs are no secrets.", func(p *ruleParameters) { p.ProjectID, p.ServiceAccountID = &h.project, &h.account }, refused},
		"AccountByReference": {"Its ID would be disclosed.", func(p *ruleParameters) {
			p.ServiceAccountID, p.ServiceAccountIDRef = nil, referenceInto(h.namespace, chainAccount)
		}, waits},
		"AccountByID":        {"The project is the tenant's own.", func(p *ruleParameters) { p.ServiceAccountID = &h.account }, refused},
		"ProjectByReference": {"The account is the tenant's own.", func(p *ruleParameters) { p.ProjectID, p.ProjectIDRef = nil, referenceInto(h.namespace, chainProject) }, waits},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := a.forSubtest(t)
			o := a.rule(strings.ToLower(name), own, tc.mod)
			manifest := asJSON(t, o)
			a.create(o)
			a.assertDenied(tc.reason, tc.want, o)
			h.assertNotDisclosed(tc.reason, a, o, manifest)
			if diff := cmp.Diff([]string(nil), append(a.rulesOf(their), a.rulesOf(own)...)); diff != "" {
				t.Errorf("%s\nrules at OpenAI: -want, +got:\n%s", tc.reason, diff)
			}
			a.deleteAndAwait(o)
		})
	}
}

func TestARuleGoesOnOnceItsProviderConsents(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t, allowsOrganizationKinds)
	theirs := victim.newIdentityProvider()
	o := a.rule("with-consent", "", func(p *ruleParameters) {
		p.WorkloadIdentityProviderID, p.WorkloadIdentityProviderIDRef = nil, referenceInto(victim.namespace, theirs.Name)
	})
	a.create(o)
	a.assertDenied("Consent was not given yet.", waits, o)
	victim.allow(theirs, a.namespace)
	a.awaitReady(o)
	if diff := cmp.Diff([]string{a.account}, a.rulesOf(meta.GetExternalName(theirs))); diff != "" {
		t.Errorf("rules at OpenAI: -want, +got:\n%s", diff)
	}
}

func allowsOrganizationKinds(pc *v1alpha1.ClusterProviderConfig) {
	pc.Spec.OrganizationKinds = v1alpha1.OrganizationKindsAllowed
}
