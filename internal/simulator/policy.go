// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "net/http"

// The API's own bounds of expires_in_seconds.
const (
	minKeySeconds = 1
	maxKeySeconds = 31536000
)

// A Policy is what the administrators of the simulated organizations enforce.
// No endpoint of OpenAI's tells a client its policy: it shows in refusals only.
type Policy struct {
	// MaxKeyLifetimeSeconds is the longest lifetime of a key. Keys must then
	// expire. Zero means no limit.
	MaxKeyLifetimeSeconds int64 `json:"max_key_lifetime_seconds,omitempty"`

	// ServiceAccountKeysDisabled refuses to create keys for service accounts.
	ServiceAccountKeysDisabled bool `json:"service_account_keys_disabled,omitempty"`
}

// Quirks choose between behaviours that OpenAI does not document. The zero
// value is what the design notes of this provider assume.
type Quirks struct {
	// DropExpired hides expired keys from listings. They can still be read.
	DropExpired bool `json:"drop_expired,omitempty"`

	// MissingScopeStatus is the status of a call without the needed scope; zero
	// means 401 for admin calls and 403 for others. Users report both for both.
	MissingScopeStatus int `json:"missing_scope_status,omitempty"`

	// MissingScopeCode has the refusal of such a call, and that of a call with a
	// restricted key, say missing_scope. Most recordings have code null.
	MissingScopeCode bool `json:"missing_scope_code,omitempty"`

	// BareStringErrors answers such a call with {"error":"message"} instead
	// of an object, as users of admin endpoints report. The SDK (v3.98.0)
	// makes of it an error that is not an openai.Error and has no status.
	BareStringErrors bool `json:"bare_string_errors,omitempty"`

	// RetryAfterHeader has every 429 of the rate limit tell the wait in a header,
	// too. OpenAI documents it for certificates, groups and roles only.
	RetryAfterHeader bool `json:"retry_after_header,omitempty"`

	// NoOrganizationHeader leaves the header openai-organization out of replies. OpenAI
	// documents it for its API, and not for the Administration API in particular.
	NoOrganizationHeader bool `json:"no_organization_header,omitempty"`

	// RefuseServiceAccountKeyDelete answers 400 to the deletion of a service
	// account's key, which was the API's behaviour before it learned to.
	RefuseServiceAccountKeyDelete bool `json:"refuse_service_account_key_delete,omitempty"`

	// AlreadyExistsStatus is the status of a call to create what is there already;
	// zero means 409, which the SDK sends again.
	AlreadyExistsStatus int `json:"already_exists_status,omitempty"`

	// SpendAlertSetsLimit has the creation of a spend alert set the spend limit of
	// the same project to the alert's amount and end its enforcement, as a user
	// reports.
	SpendAlertSetsLimit bool `json:"spend_alert_sets_limit,omitempty"`
}

// Policy returns the organizations' policy.
func (s *Server) Policy() Policy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.policy
}

// SetPolicy changes the organizations' policy. Existing keys stay as they are.
func (s *Server) SetPolicy(p Policy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policy = p
}

// Quirks returns the undocumented behaviour in force.
func (s *Server) Quirks() Quirks {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.quirks
}

// SetQuirks changes undocumented behaviour.
func (s *Server) SetQuirks(q Quirks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quirks = q
}

// checkLifetime applies the API's bounds and the policy to the lifetime asked
// for a key. The codes of the refusals are the simulator's: OpenAI documents
// that there are policies, but not how a refusal looks.
func (s *Server) checkLifetime(seconds field[int64]) *apiError {
	limit := s.policy.MaxKeyLifetimeSeconds
	switch {
	case !seconds.given() && limit > 0:
		return badRequest("api_key_expiration_required", "expires_in_seconds",
			"API keys must expire: this organization requires 'expires_in_seconds' of at most %d.", limit)
	case !seconds.given():
		return nil
	case seconds.value < minKeySeconds || seconds.value > maxKeySeconds:
		return badRequest("invalid_value", "expires_in_seconds",
			"Invalid 'expires_in_seconds': must be from %d to %d.", minKeySeconds, maxKeySeconds)
	case limit > 0 && seconds.value > limit:
		return badRequest("api_key_expiration_too_long", "expires_in_seconds",
			"Invalid 'expires_in_seconds': this organization allows at most %d.", limit)
	}
	return nil
}

// checkServiceAccountKeys applies the policy on the creation of keys. Its code
// is the simulator's, too.
func (s *Server) checkServiceAccountKeys() *apiError {
	if !s.policy.ServiceAccountKeysDisabled {
		return nil
	}
	return &apiError{
		status: http.StatusForbidden, kind: typeInvalidRequest, code: "service_account_api_keys_disabled",
		message: "Creating API keys for service accounts is disabled for this organization.",
	}
}
