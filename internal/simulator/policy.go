// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "net/http"

// The bounds of expires_in_seconds in the API.
const (
	minKeySeconds = 1
	maxKeySeconds = 31536000
)

// A Policy is what the administrators of the simulated organizations enforce. No call of
// OpenAI's API returns it: clients see only the refusals.
type Policy struct {
	// MaxKeyLifetimeSeconds is the longest lifetime of a key. Keys must then
	// expire. Zero means no limit.
	MaxKeyLifetimeSeconds int64 `json:"max_key_lifetime_seconds,omitempty"`

	// ServiceAccountKeysDisabled refuses to create keys for service accounts.
	ServiceAccountKeysDisabled bool `json:"service_account_keys_disabled,omitempty"`
}

// Quirks choose between behaviors that OpenAI does not document. The zero value is what the
// provider assumes.
type Quirks struct {
	// DropExpired hides expired keys from lists. They can still be read by ID.
	DropExpired bool `json:"drop_expired,omitempty"`

	// MissingScopeStatus is the status of a call without the required scope; zero means 401
	// for admin calls and 403 for others. Users report either for both.
	MissingScopeStatus int `json:"missing_scope_status,omitempty"`

	// MissingScopeCode gives the refusal of such a call, and that of a call with a
	// restricted key, the code missing_scope. Most recordings have code null.
	MissingScopeCode bool `json:"missing_scope_code,omitempty"`

	// BareStringErrors answers such a call with {"error":"message"} instead of an object,
	// as users of admin endpoints report. The SDK (v3.98.0) turns it into an error that is
	// not an openai.Error and has no status.
	BareStringErrors bool `json:"bare_string_errors,omitempty"`

	// RetryAfterHeader adds Retry-After to every 429 of the rate limit. OpenAI documents it
	// only for certificates, groups and roles.
	RetryAfterHeader bool `json:"retry_after_header,omitempty"`

	// NoOrganizationHeader omits the header openai-organization from replies. OpenAI
	// documents it for its API, and not for the Administration API in particular.
	NoOrganizationHeader bool `json:"no_organization_header,omitempty"`

	// RefuseServiceAccountKeyDelete answers 400 to the deletion of a service account's key,
	// as earlier versions of the API did.
	RefuseServiceAccountKeyDelete bool `json:"refuse_service_account_key_delete,omitempty"`

	// AlreadyExistsStatus is the status of a call to create what exists; zero means 409,
	// which the SDK retries.
	AlreadyExistsStatus int `json:"already_exists_status,omitempty"`

	// SpendAlertSetsLimit makes each write of a spend alert set the spend limit of the same
	// project to the amount of the alert and end its enforcement, as a user reports of a
	// creation (github.com/jianyuan/terraform-provider-openai, issue 256).
	SpendAlertSetsLimit bool `json:"spend_alert_sets_limit,omitempty"`
}

// Policy returns the organizations' policy.
func (s *Server) Policy() Policy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.policy
}

// SetPolicy changes the organizations' policy. It does not affect existing keys.
func (s *Server) SetPolicy(p Policy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policy = p
}

// Quirks returns the choice of undocumented behavior.
func (s *Server) Quirks() Quirks {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.quirks
}

// SetQuirks chooses undocumented behavior.
func (s *Server) SetQuirks(q Quirks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quirks = q
}

// checkLifetime checks the requested lifetime of a key against the bounds of the API and
// the policy. The codes of the refusals are made up: OpenAI documents that there are
// policies, but not their refusals.
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

// checkServiceAccountKeys checks the policy for the creation of keys. Its code is made up,
// too.
func (s *Server) checkServiceAccountKeys() *apiError {
	if !s.policy.ServiceAccountKeysDisabled {
		return nil
	}
	return &apiError{
		status: http.StatusForbidden, kind: typeInvalidRequest, code: "service_account_api_keys_disabled",
		message: "Creating API keys for service accounts is disabled for this organization.",
	}
}
