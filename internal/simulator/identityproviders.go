// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "encoding/json"

// An identityProvider issues the tokens that workloads exchange.
type identityProvider struct {
	head
	Name            string           `json:"name"`
	Issuer          string           `json:"issuer"`
	Audience        string           `json:"audience"`
	Description     *string          `json:"description"`
	Enabled         bool             `json:"enabled"`
	Type            string           `json:"type"`
	Transformations []transformation `json:"attribute_transformations"`
	Verification    json.RawMessage  `json:"verification"`
	CreatedAt       int64            `json:"created_at"`
	UpdatedAt       int64            `json:"updated_at"`
}

type transformation struct {
	Attribute  string `json:"attribute"`
	Expression string `json:"expression"`
}

// A providerBody is the body of an update, and with a type that of a create.
type providerBody struct {
	Name            field[string]           `json:"name"`
	Issuer          field[string]           `json:"issuer"`
	Audience        field[string]           `json:"audience"`
	Description     field[string]           `json:"description"`
	Enabled         field[bool]             `json:"enabled"`
	Transformations field[[]transformation] `json:"attribute_transformations"`
	Verification    field[json.RawMessage]  `json:"verification"`
}

func (b providerBody) apply(to identityProvider) (identityProvider, *apiError) {
	b.Name.into(&to.Name)
	b.Issuer.into(&to.Issuer)
	b.Audience.into(&to.Audience)
	b.Description.intoNullable(&to.Description)
	b.Enabled.into(&to.Enabled)
	b.Transformations.into(&to.Transformations)
	b.Verification.into(&to.Verification)
	aerr := firstRefusal(optionalName(b.Name), notNull("issuer", b.Issuer), notNull("audience", b.Audience),
		notNull("enabled", b.Enabled), notNull("attribute_transformations", b.Transformations), notNull("verification", b.Verification))
	if aerr == nil && !verifiable(to.Verification) {
		aerr = invalidValue("verification", "neither a discovery_url nor jwks of the type")
	}
	return to, aerr
}

// verifiable reports whether a verification has what its type requires. A discovery URL may
// be null, but not left out.
func verifiable(verification json.RawMessage) bool {
	var v struct {
		Type         string         `json:"type"`
		DiscoveryURL field[string]  `json:"discovery_url"`
		JWKS         map[string]any `json:"jwks"`
	}
	err := json.Unmarshal(verification, &v)
	return err == nil && (v.Type == "discovery" && v.DiscoveryURL.set || v.Type == "uploaded_jwks" && v.JWKS != nil)
}

var _ = register(&family[identityProvider]{
	path: "organization/workload_identity_providers/{workload_identity_provider_id}",
	noun: "Workload identity provider", object: "organization.workload_identity_provider", prefix: "wip_", style: styleI100,

	create: func(r *request, h head) (identityProvider, *apiError) {
		in, aerr := decode[struct {
			providerBody
			Type field[string] `json:"type"`
		}](r)
		aerr = firstRefusal(aerr, requiredName(in.Name), required("issuer", in.Issuer), required("audience", in.Audience),
			required("type", in.Type), oneOf("type", in.Type, "oidc"))
		if aerr != nil {
			return identityProvider{}, aerr
		}
		return in.apply(identityProvider{
			head: h, Enabled: true, Type: in.Type.value, Transformations: []transformation{},
			Verification: json.RawMessage(`{"type":"discovery","discovery_url":null}`),
			CreatedAt:    r.now.Unix(), UpdatedAt: r.now.Unix(),
		})
	},
	update: func(r *request, p identityProvider) (identityProvider, *apiError) {
		in, aerr := decode[providerBody](r)
		if aerr != nil {
			return p, aerr
		}
		p.UpdatedAt = r.now.Unix()
		return in.apply(p)
	},
	// The status of the refusal is undocumented.
	remove: func(r *request, p identityProvider) (*identityProvider, *apiError) {
		if rules := records[federationRule](r.org, "workload_identity_providers/federation_rules", p.ID); len(rules.all(latest)) > 0 {
			return nil, badRequest("", "", "Workload identity provider with ID %s still has federation rules.", p.ID)
		}
		return nil, nil
	},
})
