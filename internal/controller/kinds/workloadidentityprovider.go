// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/jwks"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type identityProvider = v1alpha1.WorkloadIdentityProviderObservation

// Quotas of OpenAI (guide "workload identity federation").
const (
	maxIdentityProviders   = 50
	maxRulesOfProvider     = 50
	verificationDiscovery  = "discovery"
	verificationUploaded   = "uploaded_jwks"
	quotaListMaxAge        = time.Minute
	messageAfterItsRules   = "OpenAI deletes a workload identity provider only after its federation rules"
	messageProviderRefuses = "it is disabled, so that OpenAI refuses its tokens: set forProvider.enabled to true"
)

func observedIdentityProvider(_ string, o *openai.WorkloadIdentityProvider) *identityProvider {
	out := &identityProvider{
		ID: o.ID, Name: o.Name, Description: o.Description, Issuer: o.Issuer, Audience: o.Audience,
		Enabled: ifReplied(o.JSON.Enabled, o.Enabled), Verification: o.Verification.Type, DiscoveryURL: o.Verification.DiscoveryURL,
		CreatedAt: adminapi.Time(o.CreatedAt), UpdatedAt: adminapi.Time(o.UpdatedAt),
	}
	for _, t := range o.AttributeTransformations {
		out.AttributeTransformations = append(out.AttributeTransformations, v1alpha1.ObservedTransformation{Attribute: t.Attribute, Expression: t.Expression})
	}
	sortByAttribute(out.AttributeTransformations)
	out.TransformationsReplied = o.JSON.AttributeTransformations.Valid()
	if set := o.Verification.JSON.Jwks; set.Valid() {
		out.JWKS = []byte(set.Raw())
	}
	return out
}

func sortByAttribute(all []v1alpha1.ObservedTransformation) {
	slices.SortFunc(all, func(a, b v1alpha1.ObservedTransformation) int { return strings.Compare(a.Attribute, b.Attribute) })
}

// identityProviders of the organization.
var identityProviders = adminapi.NewCollection("workload_identity_providers", func(o *identityProvider) string { return o.ID }, observedIdentityProvider,
	func(ctx context.Context, c *adminapi.Connection, _, after string) (adminapi.Page[openai.WorkloadIdentityProvider], error) {
		return adminapi.ByItemID(c.Organization.WorkloadIdentityProviders.List(ctx, openai.AdminOrganizationWorkloadIdentityProviderListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// WorkloadIdentityProvider may trust this cluster, whose keys it then follows.
var WorkloadIdentityProvider = clusterKind[*v1alpha1.WorkloadIdentityProvider, identityProvider]{
	in: func(cl cluster) crud.Kind[*v1alpha1.WorkloadIdentityProvider, identityProvider] {
		k := workloadIdentityProvider
		k.Gauge = &crud.Gauge[identityProvider]{
			Name: "provider_openai_workload_identity_missing_keys",
			Help: "Signing keys that this cluster publishes and that OpenAI does not have for a WorkloadIdentityProvider of its issuer, so that it refuses tokens signed with them.",
			Value: func(o *identityProvider) (float64, bool) {
				// Also of an object that is paused, and whose status is not written.
				published := cl.identity.Last().Keys
				missing := 0
				for _, k := range published {
					if !slices.ContainsFunc(o.Keys, func(has v1alpha1.SigningKey) bool { return k.Is(has.ID, has.Thumbprint) }) {
						missing++
					}
				}
				return float64(missing), len(published) > 0 && o.ThisCluster && o.Verification == verificationUploaded
			},
		}
		k.Bind = func(ctx context.Context, _ *adminapi.Connection, cr *v1alpha1.WorkloadIdentityProvider, _ time.Time) (crud.Kind[*v1alpha1.WorkloadIdentityProvider, identityProvider], error) {
			if meta.WasDeleted(cr) {
				return workloadIdentityProvider, nil
			}
			return bindProvider(cl, desireProvider(ctx, cl, cr)), nil
		}
		return k
	},
	setup: func(mgr ctrl.Manager, o reconciler.Options) {
		o.ClusterIdentity.OnLook(func(ctx context.Context, changed bool) {
			reconcileFollowers(ctx, mgr.GetClient(), o.Ownership, changed)
		})
	},
}

// reconcileFollowers has the providers reconciled that trust this cluster, if its identity changed, or a key is to go.
func reconcileFollowers(ctx context.Context, cache client.Reader, ownership *reconciler.Ownership, changed bool) {
	l := &v1alpha1.WorkloadIdentityProviderList{}
	if err := cache.List(ctx, l, client.UnsafeDisableDeepCopy); err != nil {
		return
	}
	for i := range l.Items {
		p := &l.Items[i]
		retires := slices.ContainsFunc(p.Status.AtProvider.Keys, func(k v1alpha1.SigningKey) bool {
			return k.RetiresAt != nil && !k.RetiresAt.After(time.Now())
		})
		if retires || changed && (p.Status.AtProvider.ThisCluster || followsCluster(p)) {
			ownership.Enqueue("WorkloadIdentityProvider", client.ObjectKeyFromObject(p))
		}
	}
}

func followsCluster(cr *v1alpha1.WorkloadIdentityProvider) bool {
	v := cr.Spec.ForProvider.Verification
	return v != nil && v.ThisCluster != nil
}

// workloadIdentityProvider is what all providers have in common, and all that a deletion needs.
var workloadIdentityProvider = crud.Kind[*v1alpha1.WorkloadIdentityProvider, identityProvider]{
	Scope:  crud.InOrganization[*v1alpha1.WorkloadIdentityProvider](),
	Status: func(cr *v1alpha1.WorkloadIdentityProvider) *identityProvider { return &cr.Status.AtProvider },
	List:   &identityProviders,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.WorkloadIdentityProvider, id string) (*identityProvider, error) {
		return crud.ObservationOf("", observedIdentityProvider)(c.Organization.WorkloadIdentityProviders.Get(ctx, id))
	},
	BeforeCreate: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.WorkloadIdentityProvider) error {
		all, err := identityProviders.List(ctx, c, "", time.Now().Add(-quotaListMaxAge))
		if err != nil {
			return fmt.Errorf("cannot count the workload identity providers: %w", err)
		}
		if n := count(all.All()); n >= maxIdentityProviders {
			return terminal.IfLastingErrorf("the organization has %d workload identity providers, and OpenAI allows no more: delete one, or let one serve several namespaces", n)
		}
		return nil
	},
	CreateRoute: ratelimit.Route{Service: "workload_identity_providers", Operation: "create"},
	Create: func(context.Context, *adminapi.Connection, *v1alpha1.WorkloadIdentityProvider) (*identityProvider, error) {
		return nil, errNotBound
	},
	Names: func(cr *v1alpha1.WorkloadIdentityProvider, o *identityProvider) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	CreatedAt: func(o *identityProvider) time.Time { return crud.TimeOf(o.CreatedAt) },
	SetLocal:  keepKeys,
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.WorkloadIdentityProvider, id string) error {
		o, err := c.Organization.WorkloadIdentityProviders.Delete(ctx, id)
		err = crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
		if err != nil && !adminapi.IsResourceNotFound(err) {
			err = fmt.Errorf("%w (%s)", err, messageAfterItsRules)
		}
		return err
	},
	Message: func(o *identityProvider) string {
		missing := crud.TextIf(len(o.MissingKeys) > 0, fmt.Sprintf("OpenAI does not have the keys %s, which this cluster publishes, and refuses tokens signed with them", strings.Join(o.MissingKeys, ", ")))
		disabled := crud.TextIf(o.Enabled != nil && !*o.Enabled, messageProviderRefuses)
		return crud.JoinSentences(missing, disabled)
	},
}

// bindProvider is the kind with the desired state of one provider.
func bindProvider(cl cluster, d *desiredProvider) crud.Kind[*v1alpha1.WorkloadIdentityProvider, identityProvider] {
	k := workloadIdentityProvider
	k.SetLocal = d.setLocal
	k.Diff = d.diff
	if d.err != nil {
		k.BeforeCreate = func(context.Context, *adminapi.Connection, *v1alpha1.WorkloadIdentityProvider) error { return d.err }
		k.Publish = func(context.Context, *v1alpha1.WorkloadIdentityProvider) error { return d.err }
	}
	k.Create = func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.WorkloadIdentityProvider) (*identityProvider, error) {
		p := cr.Spec.ForProvider
		in := openai.AdminOrganizationWorkloadIdentityProviderNewParams{
			Name: crud.Name(cr, p.Name), Issuer: d.issuer, Audience: crud.Value(p.Audience),
			Description: crud.Optional(p.Description), Enabled: crud.Optional(p.Enabled),
		}
		for _, t := range d.transformationsFor(nil) {
			in.AttributeTransformations = append(in.AttributeTransformations, openai.AdminOrganizationWorkloadIdentityProviderNewParamsAttributeTransformation{Attribute: t.Attribute, Expression: t.Expression})
		}
		if d.uploads {
			in.Verification.OfUploadedJwks = &openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationUploadedJwks{Jwks: jwks.Set(d.keys)}
		} else {
			in.Verification.OfDiscovery = &openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationDiscovery{DiscoveryURL: d.discoveryURL()}
		}
		return crud.ObservationOf("", observedIdentityProvider)(c.Organization.WorkloadIdentityProviders.New(ctx, in))
	}
	k.Update = func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.WorkloadIdentityProvider, id string, diff []reconciler.Change) (*identityProvider, error) {
		// Without what the spec refers to, neither issuer nor keys are changed.
		if err := d.checkCluster(cr, id); err != nil && d.err == nil {
			return nil, err
		}
		in := openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{
			Name: crud.Changed(diff, "name"), Issuer: crud.Changed(diff, "issuer"), Audience: crud.Changed(diff, "audience"),
			Description: crud.Cleared(crud.Changed(diff, "description")),
		}
		if to := crud.Changed(diff, "enabled"); to.Valid() {
			in.Enabled = openai.Bool(to.Value == "true")
		}
		if crud.Changed(diff, fieldTransformations).Valid() {
			in.AttributeTransformations = []openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsAttributeTransformation{}
			for _, t := range d.transformationsFor(cr.Status.AtProvider.AttributeTransformations) {
				in.AttributeTransformations = append(in.AttributeTransformations, openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsAttributeTransformation{Attribute: t.Attribute, Expression: t.Expression})
			}
		}
		switch to := crud.Changed(diff, fieldVerification); {
		case to.Valid() && d.uploads:
			in.Verification.OfAdminOrganizationWorkloadIdentityProviderUpdatesVerificationUploadedJwksVerificationParam = &openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsVerificationUploadedJwksVerificationParam{Jwks: jwks.Set(d.union)}
		case to.Valid():
			in.Verification.OfAdminOrganizationWorkloadIdentityProviderUpdatesVerificationDiscoveryVerificationParam = &openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsVerificationDiscoveryVerificationParam{DiscoveryURL: d.discoveryURL()}
		}
		o, err := crud.ObservationOf("", observedIdentityProvider)(c.Organization.WorkloadIdentityProviders.Update(ctx, id, in))
		if err == nil && slices.ContainsFunc(diff, func(c reconciler.Change) bool { return c.Field == "issuer" || c.Field == fieldTransformations }) {
			// What keeps its rules to their namespaces depends on both.
			cl.reconcileRules(ctx, id)
		}
		return o, err
	}
	return k
}

// discoveryURL is the parameter for the discovery URL, which must be sent; null: it follows from the issuer.
func (d *desiredProvider) discoveryURL() param.Opt[string] {
	if d.url == "" {
		return param.Null[string]()
	}
	return param.NewOpt(d.url)
}
