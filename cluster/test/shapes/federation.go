// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"context"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type provider = v1alpha1.IdentityProviderObservation

func observedProvider(_ string, o *openai.WorkloadIdentityProvider) *provider {
	return &provider{ID: o.ID, Name: o.Name, Issuer: o.Issuer, Audience: o.Audience, CreatedAt: adminapi.Time(o.CreatedAt)}
}

var providers = adminapi.NewCollection("workload_identity_providers", func(o *provider) string { return o.ID }, observedProvider,
	func(ctx context.Context, c *adminapi.Connection, _, after string) (adminapi.Page[openai.WorkloadIdentityProvider], error) {
		return adminapi.ByItemID(c.Organization.WorkloadIdentityProviders.List(ctx, openai.AdminOrganizationWorkloadIdentityProviderListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// identityProvider is listed by the IDs of items.
var identityProvider = crud.Kind[*v1alpha1.IdentityProvider, provider]{
	Scope:  crud.InOrganization[*v1alpha1.IdentityProvider](),
	Status: func(cr *v1alpha1.IdentityProvider) *provider { return &cr.Status.AtProvider },
	List:   &providers,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.IdentityProvider, id string) (*provider, error) {
		return crud.ObservationOf("", observedProvider)(c.Organization.WorkloadIdentityProviders.Get(ctx, id))
	},
	CreateRoute: ratelimit.Route{Service: "workload_identity_providers", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.IdentityProvider) (*provider, error) {
		p := cr.Spec.ForProvider
		return crud.ObservationOf("", observedProvider)(c.Organization.WorkloadIdentityProviders.New(ctx, openai.AdminOrganizationWorkloadIdentityProviderNewParams{
			Name: crud.Name(cr, p.Name), Issuer: p.Issuer, Audience: p.Audience,
		}))
	},
	Names: func(cr *v1alpha1.IdentityProvider, o *provider) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	CreatedAt: func(o *provider) time.Time { return crud.TimeOf(o.CreatedAt) },
	Diff: func(cr *v1alpha1.IdentityProvider, o *provider) []reconciler.Change {
		p := cr.Spec.ForProvider
		return crud.Differences(crud.Difference("name", p.Name, o.Name), crud.Difference("issuer", &p.Issuer, o.Issuer), crud.Difference("audience", &p.Audience, o.Audience))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.IdentityProvider, id string, diff []reconciler.Change) (*provider, error) {
		return crud.ObservationOf("", observedProvider)(c.Organization.WorkloadIdentityProviders.Update(ctx, id, openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{
			Name: crud.Changed(diff, "name"), Issuer: crud.Changed(diff, "issuer"), Audience: crud.Changed(diff, "audience"),
		}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.IdentityProvider, id string) error {
		o, err := c.Organization.WorkloadIdentityProviders.Delete(ctx, id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
	},
}

type rule = v1alpha1.FederationRuleObservation

func observedRule(provider string, o *openai.FederationRule) *rule {
	return &rule{ID: o.ID, Name: o.Name, IdentityProviderID: provider, ServiceAccountID: o.ServiceAccountID, ProjectID: o.ProjectID, CreatedAt: adminapi.Time(o.CreatedAt)}
}

// rules of an identity provider, by its ID.
var rules = adminapi.NewCollection("workload_identity_providers/federation_rules", func(o *rule) string { return o.ID }, observedRule,
	func(ctx context.Context, c *adminapi.Connection, provider, after string) (adminapi.Page[openai.FederationRule], error) {
		return adminapi.ByItemID(c.Organization.WorkloadIdentityProviders.FederationRules.List(ctx, provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// federationRule belongs to a project by its body, and to an identity provider by its path.
var federationRule = crud.Kind[*v1alpha1.FederationRule, rule]{
	Scope:  crud.InProject[*v1alpha1.FederationRule](),
	Status: func(cr *v1alpha1.FederationRule) *rule { return &cr.Status.AtProvider },
	List:   &rules,
	Parent: func(_ *adminapi.Connection, cr *v1alpha1.FederationRule) string {
		return crud.Value(cr.Spec.ForProvider.IdentityProviderID)
	},
	ParentGone: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule) bool {
		provider := crud.Value(cr.Spec.ForProvider.IdentityProviderID)
		_, err := c.Organization.WorkloadIdentityProviders.Get(ctx, provider)
		return crud.Gone(ctx, c, &providers, "", provider, err)
	},
	Get: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string) (*rule, error) {
		provider := crud.Value(cr.Spec.ForProvider.IdentityProviderID)
		return crud.ObservationOf(provider, observedRule)(c.Organization.WorkloadIdentityProviders.FederationRules.Get(ctx, provider, id))
	},
	CreateRoute: ratelimit.Route{Service: "workload_identity_providers/federation_rules", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule) (*rule, error) {
		p := cr.Spec.ForProvider
		return crud.ObservationOf(crud.Value(p.IdentityProviderID), observedRule)(c.Organization.WorkloadIdentityProviders.FederationRules.New(ctx, crud.Value(p.IdentityProviderID), openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParams{
			Name: openai.String(crud.Name(cr, p.Name)), ProjectID: c.Project, ServiceAccountID: p.ServiceAccountID,
			AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{"sub": {OfString: openai.String("test")}},
		}))
	},
	Names: func(cr *v1alpha1.FederationRule, o *rule) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	Match: func(cr *v1alpha1.FederationRule, o *rule) bool {
		return o.ServiceAccountID == cr.Spec.ForProvider.ServiceAccountID
	},
	CreatedAt: func(o *rule) time.Time { return crud.TimeOf(o.CreatedAt) },
	Diff: func(cr *v1alpha1.FederationRule, o *rule) []reconciler.Change {
		return crud.Differences(crud.Difference("name", cr.Spec.ForProvider.Name, o.Name))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string, diff []reconciler.Change) (*rule, error) {
		provider := crud.Value(cr.Spec.ForProvider.IdentityProviderID)
		return crud.ObservationOf(provider, observedRule)(c.Organization.WorkloadIdentityProviders.FederationRules.Update(ctx, provider, id, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{Name: crud.Changed(diff, "name")}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string) error {
		o, err := c.Organization.WorkloadIdentityProviders.FederationRules.Delete(ctx, crud.Value(cr.Spec.ForProvider.IdentityProviderID), id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
	},
}
