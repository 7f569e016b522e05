// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type federationRule = v1alpha1.FederationRuleObservation

// Permissions of a rule (openai-go, FederationRule.Permissions).
const (
	permissionsDefault    = "service_account_default"
	permissionsRestricted = "restricted"
)

func observedFederationRule(provider string, o *openai.FederationRule) *federationRule {
	out := &federationRule{
		ID: o.ID, Name: o.Name, Description: o.Description, Enabled: ifReplied(o.JSON.Enabled, o.Enabled),
		Permissions: o.Permissions.Type, Scopes: sorted(o.Permissions.Scopes),
		WorkloadIdentityProviderID: provider, ServiceAccountID: o.ServiceAccountID, ProjectID: o.ProjectID,
		CreatedAt: adminapi.Time(o.CreatedAt), UpdatedAt: adminapi.Time(o.UpdatedAt),
	}
	for attribute, value := range o.AttributeMatchers {
		out.AttributeMatchers = append(out.AttributeMatchers, observedMatcher(attribute, value.RawJSON()))
	}
	sortMatchers(out.AttributeMatchers)
	return out
}

// federationRules of a workload identity provider, by its ID.
var federationRules = adminapi.NewCollection("workload_identity_providers/federation_rules", func(o *federationRule) string { return o.ID }, observedFederationRule,
	func(ctx context.Context, c *adminapi.Connection, provider, after string) (adminapi.Page[openai.FederationRule], error) {
		return adminapi.ByItemID(c.Organization.WorkloadIdentityProviders.FederationRules.List(ctx, provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// FederationRule belongs to a project by its body, and to a workload identity provider by its path.
var FederationRule = clusterKind[*v1alpha1.FederationRule, federationRule]{
	in: func(cl cluster) crud.Kind[*v1alpha1.FederationRule, federationRule] {
		k := federationRuleKind
		k.Bind = func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, since time.Time) (crud.Kind[*v1alpha1.FederationRule, federationRule], error) {
			return bindRule(ctx, cl, c, cr, since), nil
		}
		return k
	},
}

// providerOf is the workload identity provider of a rule: the one that it was observed below, else the one that the spec
// names.
func providerOf(cr *v1alpha1.FederationRule) string {
	if observed := cr.Status.AtProvider.WorkloadIdentityProviderID; observed != "" {
		return observed
	}
	return crud.Value(cr.Spec.ForProvider.WorkloadIdentityProviderID)
}

// federationRuleKind is what all rules have in common, and all that a deletion needs but the project.
var federationRuleKind = crud.Kind[*v1alpha1.FederationRule, federationRule]{
	Scope:  crud.InProject[*v1alpha1.FederationRule](),
	Status: func(cr *v1alpha1.FederationRule) *federationRule { return &cr.Status.AtProvider },
	List:   &federationRules,
	Parent: func(_ *adminapi.Connection, cr *v1alpha1.FederationRule) string { return providerOf(cr) },
	ParentGone: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule) bool {
		_, err := c.Organization.WorkloadIdentityProviders.Get(ctx, providerOf(cr))
		return crud.Gone(ctx, c, &identityProviders, "", providerOf(cr), err)
	},
	Get: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string) (*federationRule, error) {
		return crud.ObservationOf(providerOf(cr), observedFederationRule)(c.Organization.WorkloadIdentityProviders.FederationRules.Get(ctx, providerOf(cr), id))
	},
	BeforeCreate: checkRuleQuota,
	// It is part of its workload identity provider.
	OutlivesProject: true,
	CreateRoute:     ratelimit.Route{Service: "workload_identity_providers/federation_rules", Operation: "create"},
	Create: func(context.Context, *adminapi.Connection, *v1alpha1.FederationRule) (*federationRule, error) {
		return nil, errNotBound
	},
	Names: func(cr *v1alpha1.FederationRule, o *federationRule) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	Match: func(cr *v1alpha1.FederationRule, o *federationRule) bool {
		return o.ServiceAccountID == crud.Value(cr.Spec.ForProvider.ServiceAccountID)
	},
	CreatedAt: func(o *federationRule) time.Time { return crud.TimeOf(o.CreatedAt) },
	SetLocal:  func(cr *v1alpha1.FederationRule, o *federationRule) { o.ConfigMap = cr.Status.AtProvider.ConfigMap },
	Delete: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string) error {
		provider := providerOf(cr)
		o, err := c.Organization.WorkloadIdentityProviders.FederationRules.Delete(ctx, provider, id)
		err = crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
		if err == nil {
			// Its deletion may wait for that of its rules.
			reconciler.ReconcileManager(ctx, "WorkloadIdentityProvider", provider)
		}
		return err
	},
	Message: func(o *federationRule) string {
		return crud.TextIf(o.Enabled != nil && !*o.Enabled, "it is disabled, so that OpenAI refuses tokens by it: set forProvider.enabled to true")
	},
}

// checkRuleQuota fails if OpenAI would refuse another rule of the provider, or of the service account.
func checkRuleQuota(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule) error {
	provider := providerOf(cr)
	if reconciler.IsManagerDeleted(ctx, "WorkloadIdentityProvider", provider) {
		return terminal.IfLastingErrorf("workload identity provider %q is being deleted: refer to another one", provider)
	}
	all, err := federationRules.List(ctx, c, provider, time.Now().Add(-quotaListMaxAge))
	if err != nil {
		return fmt.Errorf("cannot count the federation rules of %q: %w", provider, err)
	}
	account := crud.Value(cr.Spec.ForProvider.ServiceAccountID)
	for o := range all.All() {
		if o.ServiceAccountID == account {
			return terminal.IfLastingErrorf("service account %q has a federation rule of workload identity provider %q already, %q, and OpenAI allows no other: delete that, use another service account, or set the annotation %s to the rule's ID to manage it here", account, provider, o.ID, meta.AnnotationKeyExternalName)
		}
	}
	if n := count(all.All()); n >= maxRulesOfProvider {
		return terminal.IfLastingErrorf("workload identity provider %q has %d federation rules, and OpenAI allows no more: delete one, let one rule serve a namespace with subject.kubernetesNamespace, or refer to another provider of the same issuer with another audience", provider, n)
	}
	return nil
}

// bindRule is the kind for one rule. What keeps its matchers from being known does not keep it from being disabled.
func bindRule(ctx context.Context, cl cluster, c *adminapi.Connection, cr *v1alpha1.FederationRule, since time.Time) crud.Kind[*v1alpha1.FederationRule, federationRule] {
	k := federationRuleKind
	k.Check = func(_ *v1alpha1.FederationRule, o *federationRule) error {
		switch o.ProjectID {
		case c.Project:
			return nil
		case "":
			return adminapi.IncompleteItem("federation rule", o.ID)
		}
		return terminal.Errorf("%q does not belong to project %q: correct the external name, or remove it to create a rule", o.ID, c.Project)
	}
	if meta.WasDeleted(cr) {
		return k
	}
	matchers, err := desiredMatchers(ctx, cl, c, cr, since)
	k.Diff = func(cr *v1alpha1.FederationRule, o *federationRule) []reconciler.Change {
		if err != nil {
			return crud.Differences(differenceIfReplied("enabled", cr.Spec.ForProvider.Enabled, o.Enabled))
		}
		return ruleDifferences(cr, o, matchers)
	}
	k.Update = func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string, diff []reconciler.Change) (*federationRule, error) {
		if slices.ContainsFunc(diff, func(c reconciler.Change) bool { return c.Field == fieldServiceAccount }) {
			return nil, replaceRule(ctx, c, cr, id)
		}
		return updateRule(ctx, c, cr, id, matchers, diff)
	}
	if err != nil {
		if terminal.MayBe(err) {
			k.NotReady = func(*federationRule) string { return err.Error() }
		}
		k.BeforeCreate = func(context.Context, *adminapi.Connection, *v1alpha1.FederationRule) error { return err }
		k.Publish = func(context.Context, *v1alpha1.FederationRule) error { return err }
		return k
	}
	k.Create = func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule) (*federationRule, error) {
		return createRule(ctx, c, cr, matchers)
	}
	k.Publish = func(ctx context.Context, cr *v1alpha1.FederationRule) error {
		return publishConfigMap(ctx, cl, c.BaseURL, cr)
	}
	return k
}

const fieldServiceAccount = "serviceAccountID"

func ruleDifferences(cr *v1alpha1.FederationRule, o *federationRule, matchers []v1alpha1.ObservedMatcher) []reconciler.Change {
	p := cr.Spec.ForProvider
	all := []*reconciler.Change{
		crud.Difference("name", p.Name, o.Name), crud.Difference("description", p.Description, o.Description),
		differenceIfReplied("enabled", p.Enabled, o.Enabled),
	}
	if isOtherAccount(p.ServiceAccountID, o.ServiceAccountID) {
		all = append(all, crud.Difference(fieldServiceAccount, p.ServiceAccountID, o.ServiceAccountID))
	}
	if matchers != nil {
		all = append(all, crud.Difference("attributeMatchers", new(describeMatchers(matchers)), describeMatchers(o.AttributeMatchers)))
	}
	if p.Scopes != nil && o.Permissions != "" {
		desired := permissionsDefault
		if len(p.Scopes) > 0 {
			desired = permissionsRestricted
		}
		all = append(all, crud.Difference("scopes", new(describeScopes(desired, p.Scopes)), describeScopes(o.Permissions, o.Scopes)))
	}
	return crud.Differences(all...)
}

// isOtherAccount reports whether a rule is of another service account than desired. A reply that leaves out the ID, or
// in which a gateway changed its case, must not have the rule deleted.
func isOtherAccount(desired *string, observed string) bool {
	return desired != nil && observed != "" && !strings.EqualFold(*desired, observed)
}

// describeScopes in a form that differs whenever the permissions do.
func describeScopes(permissions string, scopes []string) string {
	return strings.TrimSpace(permissions + " " + strings.Join(slices.Compact(sorted(scopes)), ", "))
}

func createRule(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, matchers []v1alpha1.ObservedMatcher) (*federationRule, error) {
	p := cr.Spec.ForProvider
	in := openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParams{
		ProjectID: c.Project, ServiceAccountID: crud.Value(p.ServiceAccountID), Name: openai.String(crud.Name(cr, p.Name)),
		Description: crud.Optional(p.Description), Enabled: crud.Optional(p.Enabled),
		AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{},
	}
	for _, m := range matchers {
		in.AttributeMatchers[m.Attribute] = openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{
			OfString: crud.Optional(m.String), OfBool: crud.Optional(m.Boolean), OfInt: crud.Optional(m.Integer),
		}
	}
	if len(p.Scopes) > 0 {
		in.Permissions.OfRestricted = &openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsPermissionsRestricted{Scopes: p.Scopes}
	}
	provider := providerOf(cr)
	return crud.ObservationOf(provider, observedFederationRule)(c.Organization.WorkloadIdentityProviders.FederationRules.New(ctx, provider, in))
}

func updateRule(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string, matchers []v1alpha1.ObservedMatcher, diff []reconciler.Change) (*federationRule, error) {
	in := openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{
		Name: crud.Changed(diff, "name"), Description: crud.Cleared(crud.Changed(diff, "description")),
	}
	if to := crud.Changed(diff, "enabled"); to.Valid() {
		in.Enabled = openai.Bool(to.Value == "true")
	}
	if crud.Changed(diff, "attributeMatchers").Valid() {
		in.AttributeMatchers = map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsAttributeMatcherUnion{}
		for _, m := range matchers {
			in.AttributeMatchers[m.Attribute] = openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsAttributeMatcherUnion{
				OfString: crud.Optional(m.String), OfBool: crud.Optional(m.Boolean), OfInt: crud.Optional(m.Integer),
			}
		}
	}
	switch scopes := cr.Spec.ForProvider.Scopes; {
	case !crud.Changed(diff, "scopes").Valid():
	case len(scopes) > 0:
		in.Permissions.OfAdminOrganizationWorkloadIdentityProviderFederationRuleUpdatesPermissionsRestrictedPermissionsParam = &openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsPermissionsRestrictedPermissionsParam{Scopes: scopes}
	default:
		in.Permissions.OfServiceAccountDefault = new(openai.NewAdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsPermissionsDefaultPermissionsParam())
	}
	provider := providerOf(cr)
	return crud.ObservationOf(provider, observedFederationRule)(c.Organization.WorkloadIdentityProviders.FederationRules.Update(ctx, provider, id, in))
}

// errRuleReplaced ends the reconcile that deleted a rule, so that the next one creates it anew.
var errRuleReplaced = errors.New("the rule of the former service account was deleted; one of the new service account follows")

// replaceRule deletes a rule whose service account was replaced: OpenAI has no call to change that of a rule.
func replaceRule(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, id string) error {
	switch {
	case !reconciler.Created(cr, id):
		return terminal.Errorf("the rule belongs to service account %q, and this object did not create it: set forProvider.serviceAccountID to that, or delete the rule", cr.Status.AtProvider.ServiceAccountID)
	case !reconciler.Allows(cr, xpv2.ManagementActionDelete) || !reconciler.Allows(cr, xpv2.ManagementActionCreate):
		return terminal.Errorf("the rule belongs to the former service account %q, and managementPolicies do not allow to delete it and to create another: add Create and Delete", cr.Status.AtProvider.ServiceAccountID)
	}
	// A list may be of a gateway's making.
	o, err := federationRuleKind.Get(ctx, c, cr, id)
	if err == nil {
		err = adminapi.ConfirmID(id, o.ID)
	}
	if err != nil {
		return fmt.Errorf("cannot confirm the service account of the rule: %w", err)
	}
	if !isOtherAccount(cr.Spec.ForProvider.ServiceAccountID, o.ServiceAccountID) {
		return adminapi.IncompleteItem("federation rule", id)
	}
	if err := federationRuleKind.Delete(ctx, c, cr, id); err != nil {
		return err
	}
	federationRules.Remove(c, providerOf(cr), id)
	reconcilestate.Of(ctx).RecordProgress()
	return errRuleReplaced
}
