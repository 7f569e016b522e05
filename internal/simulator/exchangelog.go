// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "time"

// An Exchange is one token exchange in the log. It holds no token.
type Exchange struct {
	// Time is the simulator's time of the exchange.
	Time time.Time `json:"time"`

	// IdentityProviderID and ServiceAccountID are those of the request.
	IdentityProviderID string `json:"identity_provider_id"`
	ServiceAccountID   string `json:"service_account_id"`

	// FederationRuleID is the rule that matched; empty if none did.
	FederationRuleID string `json:"federation_rule_id,omitempty"`

	// KeyID is the kid of the subject token, which an unverified token may have made up.
	KeyID string `json:"kid,omitempty"`

	// Subject of the subject token; empty if its signature was not verified.
	Subject string `json:"subject,omitempty"`

	// ExpiresAt is when the access token expires; zero for a refusal.
	ExpiresAt time.Time `json:"expires_at,omitzero"`

	// Result is ExchangeOK or the error of the refusal, such as "invalid_grant".
	Result string `json:"result"`

	// Reason says exactly why the exchange was refused, which the client does not learn.
	Reason string `json:"reason,omitempty"`
}

// ExchangeOK is the Result of an exchange that issued an access token.
const ExchangeOK = "ok"

// Exchanges returns all token exchanges in order, including those whose reply a fault lost.
// One that a fault answered before the change is in the log of calls only.
func (s *Server) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Exchange{}, s.exchanges...)
}

// ResetExchanges clears the log of exchanges. Access tokens stay valid.
func (s *Server) ResetExchanges() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.exchanges = nil
}
