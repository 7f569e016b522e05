// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of identity providers. OpenAI documents them, and not their refusals.
const (
	maxIdentityProviders = 50
	maxTransformations   = 20
	maxAttribute         = 256
	maxExpression        = 4096
	maxAudience          = 1024
)

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
	if aerr != nil {
		return to, aerr
	}
	return to, firstRefusal(checkIssuer(to.Issuer), checkLength("audience", to.Audience, maxAudience),
		checkTransformations(to.Transformations), checkVerification(to.Verification))
}

func checkIssuer(issuer string) *apiError {
	if host, secure := strings.CutPrefix(issuer, "https://"); !secure || host == "" {
		return invalidValue("issuer", "%q is no https:// URL", issuer)
	}
	return nil
}

func checkLength(name, value string, longest int) *apiError {
	if n := utf8.RuneCountInString(value); n < 1 || n > longest {
		return invalidValue(name, "%d characters, must be from 1 to %d", n, longest)
	}
	return nil
}

// checkTransformations refuses expressions that are no CEL. That OpenAI compiles them, and
// that their attributes must differ, is undocumented.
func checkTransformations(all []transformation) *apiError {
	const name = "attribute_transformations"
	if len(all) > maxTransformations {
		return invalidValue(name, "%d, must be at most %d", len(all), maxTransformations)
	}
	var known []string
	for _, t := range all {
		aerr := firstRefusal(checkLength(name, t.Attribute, maxAttribute), checkLength(name, t.Expression, maxExpression))
		if aerr != nil {
			return aerr
		}
		if slices.Contains(known, t.Attribute) {
			return invalidValue(name, "two are of the attribute %q", t.Attribute)
		}
		if _, err := t.compile(); err != nil {
			return invalidValue(name, "the expression of %q is no CEL: %s", t.Attribute, err)
		}
		known = append(known, t.Attribute)
	}
	return nil
}

var _ = register(&family[identityProvider]{
	path: "organization/workload_identity_providers/{workload_identity_provider_id}",
	noun: "Workload identity provider", object: "organization.workload_identity_provider", prefix: "wip_", style: styleI100,

	create: func(r *request, h head) (identityProvider, *apiError) {
		if len(r.org.identityProviders().all(latest)) >= maxIdentityProviders {
			return identityProvider{}, badRequest("", "", "An organization can have at most %d workload identity providers.", maxIdentityProviders)
		}
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
		if len(r.org.federationRules(p.ID).all(latest)) > 0 {
			return nil, badRequest("", "", "Workload identity provider with ID %s still has federation rules.", p.ID)
		}
		return nil, nil
	},
})
