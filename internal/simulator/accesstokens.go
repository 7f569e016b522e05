// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"maps"
	"time"
)

// accessTokenPrefix begins every access token. It has the form of a key's, so that what
// searches for simulated keys finds tokens, too. OpenAI documents no form.
const accessTokenPrefix = "sk-wif-SIMULATED-" // #nosec G101 -- It is no credential.

// An accessToken allows a workload to act as a service account. Its value is not stored.
type accessToken struct {
	org                *organization
	providerID, ruleID string
	// scopes are those of the rule at the time of the exchange; none means all permissions.
	scopes    []string
	expiresAt time.Time
}

// issueAccessToken returns the value of a new token.
func (s *Server) issueAccessToken(org *organization, f federationRule, expiresAt, now time.Time) string {
	maps.DeleteFunc(s.accessTokens, func(_ [32]byte, t accessToken) bool { return !now.Before(t.expiresAt) })
	value := accessTokenPrefix + newKeyValue()
	s.accessTokens[hash(value)] = accessToken{
		org: org, providerID: f.ProviderID, ruleID: f.ID, scopes: f.Permissions.Scopes, expiresAt: expiresAt,
	}
	return value
}

// principal returns whom the token stands for, if it works: it has not expired, and its
// identity provider, rule, service account and project are as they have to be for an
// exchange. OpenAI does not document what becomes of tokens that were issued before one of
// these was disabled or deleted.
func (t accessToken) principal(now time.Time) (principal, bool) {
	p, ok := t.org.identityProviders().get(latest, t.providerID)
	if !ok || !p.Enabled || !now.Before(t.expiresAt) {
		return principal{}, false
	}
	f, ok := t.org.federationRules(t.providerID).get(latest, t.ruleID)
	if !ok || !f.Enabled || t.org.canAct(f) != nil {
		return principal{}, false
	}
	return principal{org: t.org, projectID: f.ProjectID, scopes: t.scopes}, true
}
