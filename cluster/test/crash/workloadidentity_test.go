// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// workloadIdentityScenarios are about a provider that trusts the cluster, a rule that refers to it, and the
// ConfigMap that pods read.
var workloadIdentityScenarios = []scenario{
	{
		name:    "create a workload identity provider and a rule",
		prepare: allowOrganizationKinds,
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newWorkloadIdentity()...)
		},
		desired: desiredState{additional: workloadIdentity("openai", "app")},
		cleanUp: deleteWorkloadIdentity,
	},
	{
		name: "change a workload identity provider and a rule",
		prepare: func(ctx context.Context, p *environment) error {
			if err := allowOrganizationKinds(ctx, p); err != nil {
				return err
			}
			if err := p.create(ctx, p.newWorkloadIdentity()...); err != nil {
				return err
			}
			return p.awaitState(ctx, desiredState{additional: workloadIdentity("openai", "app")})
		},
		trigger: func(ctx context.Context, p *environment) error {
			objects := p.newWorkloadIdentity()
			return errors.Join(
				p.patch(ctx, objects[0], `{"spec": {"forProvider": {"audience": "another"}}}`),
				p.patch(ctx, objects[1], `{"spec": {"writeConfigMapToRef": {"name": "renamed"}, "forProvider": {"subject": {"kubernetesServiceAccount": "renamed"}}}}`))
		},
		desired: desiredState{additional: workloadIdentity("another", "renamed")},
		cleanUp: deleteWorkloadIdentity,
	},
}

func allowOrganizationKinds(ctx context.Context, p *environment) error {
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: p.namespace}}
	return p.patch(ctx, pc, `{"spec": {"organizationKinds": "Allowed"}}`)
}

// newWorkloadIdentity returns a workload identity provider and a rule of the service account made elsewhere.
func (p *environment) newWorkloadIdentity() []client.Object {
	m := metav1.ObjectMeta{Namespace: p.namespace, Name: "identity"}
	provider, rule := &v1alpha1.WorkloadIdentityProvider{ObjectMeta: m}, &v1alpha1.FederationRule{ObjectMeta: m}
	provider.Spec.ForProvider = v1alpha1.WorkloadIdentityProviderParameters{
		ResourceName: v1alpha1.ResourceName{Name: &p.namespace}, Audience: new("openai"),
		Verification: &v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}},
	}
	rule.Spec.WriteConfigMapToReference = &v1alpha1.ConfigMapTarget{Name: "app"}
	rule.Spec.ForProvider = v1alpha1.FederationRuleParameters{
		ProjectScoped:                  v1alpha1.ProjectScoped{ProjectID: &p.project},
		WorkloadIdentityProviderMember: v1alpha1.WorkloadIdentityProviderMember{WorkloadIdentityProviderIDRef: &xpv2.NamespacedReference{Name: m.Name}},
		ProjectServiceAccountMember:    v1alpha1.ProjectServiceAccountMember{ServiceAccountID: &p.account},
		Subject:                        &v1alpha1.FederationRuleSubject{KubernetesServiceAccount: new("app")},
	}
	for _, o := range []resource.ModernManaged{provider, rule} {
		o.SetProviderConfigReference(p.configRef())
	}
	return []client.Object{provider, rule}
}

func (p *environment) identityProviders() *openai.AdminOrganizationWorkloadIdentityProviderService {
	s := openai.NewAdminOrganizationWorkloadIdentityProviderService(
		option.WithBaseURL(sim.BaseURL()), option.WithAdminAPIKey(simulator.DefaultAdminKey), option.WithMaxRetries(0))
	return &s
}

// ownIdentityProviders are those of the environment, whoever created them.
func (p *environment) ownIdentityProviders(ctx context.Context) (own []openai.WorkloadIdentityProvider, err error) {
	pages := p.identityProviders().ListAutoPaging(ctx, openai.AdminOrganizationWorkloadIdentityProviderListParams{})
	for pages.Next() {
		if o := pages.Current(); o.Name == p.namespace {
			own = append(own, o)
		}
	}
	return own, pages.Err()
}

func deleteWorkloadIdentity(ctx context.Context, p *environment) error {
	own, err := p.ownIdentityProviders(ctx)
	for _, o := range own {
		rules := p.identityProviders().FederationRules.ListAutoPaging(ctx, o.ID, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{})
		for rules.Next() {
			_, deleteErr := p.identityProviders().FederationRules.Delete(ctx, o.ID, rules.Current().ID)
			err = errors.Join(err, deleteErr)
		}
		_, deleteErr := p.identityProviders().Delete(ctx, o.ID)
		err = errors.Join(err, rules.Err(), deleteErr)
	}
	if err != nil {
		return fmt.Errorf("cannot clean up: %w", err)
	}
	return nil
}

// workloadIdentity checks that the objects of newWorkloadIdentity are Ready, that OpenAI has one of each, and that the
// ConfigMap says so. The ServiceAccount that may exchange tokens is named as the ConfigMap is.
func workloadIdentity(audience, name string) func(context.Context, *environment) ([]finding, error) {
	return func(ctx context.Context, p *environment) ([]finding, error) {
		var f []finding
		for _, o := range p.newWorkloadIdentity() {
			if err := kube.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
				return nil, fmt.Errorf("cannot get %T: %w", o, err)
			}
			mg, ok := o.(resource.Managed)
			if why := synced(mg); ok && why != "" {
				f = append(f, finding{stuck, fmt.Sprintf("%T is %s", o, why)})
			}
		}
		own, err := p.ownIdentityProviders(ctx)
		if err != nil {
			return nil, fmt.Errorf("cannot list the workload identity providers: %w", err)
		}
		if len(own) > 1 {
			f = append(f, finding{duplicate, fmt.Sprintf("%d workload identity providers, want 1", len(own))})
		}
		if len(own) == 0 || own[0].Audience != audience {
			return append(f, finding{stuck, fmt.Sprintf("the workload identity providers are %+v, want one with the audience %q", own, audience)}), nil
		}
		rules, err := p.identityProviders().FederationRules.List(ctx, own[0].ID, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{})
		if err != nil {
			return nil, fmt.Errorf("cannot list the rules: %w", err)
		}
		want := "system:serviceaccount:" + p.namespace + ":" + name
		if len(rules.Data) != 1 || rules.Data[0].AttributeMatchers["sub"].OfString != want || rules.Data[0].AttributeMatchers["kubernetes_namespace"].OfString != p.namespace {
			f = append(f, finding{stuck, fmt.Sprintf("the rules are %+v, want one for %q", rules.Data, want)})
		}
		cms := &corev1.ConfigMapList{}
		if err := kube.List(ctx, cms, client.InNamespace(p.namespace)); err != nil {
			return nil, fmt.Errorf("cannot list the ConfigMaps: %w", err)
		}
		for i := range cms.Items {
			switch cm := &cms.Items[i]; {
			case cm.Name == name && cm.Data["OPENAI_IDENTITY_PROVIDER_ID"] == own[0].ID && cm.Data["OPENAI_SERVICE_ACCOUNT_ID"] == p.account:
				return f, nil
			case cm.Name == "app":
				f = append(f, finding{leaked, fmt.Sprintf("the former ConfigMap has %v", cm.Data)})
			}
		}
		return append(f, finding{stuck, fmt.Sprintf("no ConfigMap %q has the provider and the service account", name)}), nil
	}
}
