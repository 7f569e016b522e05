// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// A cause is why OpenAI refuses a call, where that says more than the class does.
type cause string

// The causes that have a remedy of their own.
const (
	causeScopes         cause = "scopes"
	causeHostname       cause = "hostname"
	causeIP             cause = "ip"
	causeOrganization   cause = "organization"
	causeProject        cause = "project"
	causeCountry        cause = "country"
	causeDeactivated    cause = "deactivated"
	causeQuota          cause = "quota"
	causeDefaultProject cause = "default project"
)

// A sign is what a cause is known by: a code, or without one a type that stands in its
// place, or the beginning of the message. Names that users choose stand later in it.
type sign struct {
	cause cause
	class Class
	codes []string
	words *regexp.Regexp
}

// refusals are the statuses that a cause can come with. That something is not found is not
// meant if the reply says what else is wrong.
var refusals = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden,
	http.StatusNotFound, http.StatusMisdirectedRequest, http.StatusTooManyRequests,
}

// signs are those of OpenAI's guide to error codes, and of recorded replies.
var signs = []sign{
	{
		cause: causeScopes, class: ClassUnauthorized,
		codes: []string{"missing_scope", "missing_scopes", "insufficient_permissions"},
		words: regexp.MustCompile(`(?i)^missing scopes?:|^you have insufficient permissions\b|^your api key does not have the required scopes?\b`),
	},
	{
		cause: causeHostname, class: ClassUnauthorized,
		codes: []string{"incorrect_hostname"},
		words: regexp.MustCompile(`(?i)^(attempted to access resource with )?incorrect (regional )?host ?name\b`),
	},
	{
		cause: causeIP, class: ClassUnauthorized,
		codes: []string{"ip_not_authorized"},
		words: regexp.MustCompile(`(?i)^your (request )?ip\b`),
	},
	{
		cause: causeOrganization, class: ClassUnauthorized,
		codes: []string{"mismatched_organization", "invalid_organization", "organization_membership_required"},
		words: regexp.MustCompile(`(?i)^openai-organization header\b|^no such organization\b|^you must be a member of an organization\b`),
	},
	{
		cause: causeProject, class: ClassUnauthorized,
		codes: []string{"mismatched_project"},
		words: regexp.MustCompile(`(?i)^openai-project header\b`),
	},
	{
		cause: causeCountry, class: ClassRefused,
		codes: []string{"unsupported_country_region_territory"},
		words: regexp.MustCompile(`(?i)^country, region,? or territory\b`),
	},
	{
		cause: causeDeactivated, class: ClassUnauthorized,
		codes: []string{"account_deactivated", "organization_deactivated", "access_terminated"},
		words: regexp.MustCompile(`(?i)^(your|this|the) (openai )?(account|organization)( associated with this api key)? (has been|is|was) (deactivated|suspended|terminated)\b`),
	},
	{
		cause: causeQuota, class: ClassQuota,
		codes: []string{
			"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_exhausted",
			"organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
		},
		words: regexp.MustCompile(`(?i)^you exceeded your current quota\b|^billing hard limit\b|^your account is not active\b`),
	},
	{
		cause: causeDefaultProject, class: ClassInvalid,
		codes: []string{"default_project"},
		words: regexp.MustCompile(`(?i)^(service accounts )?(the |you )?(can ?not|can't) (be )?[a-z]+ (to )?(the |a )?default project\b|^the default project (can ?not|can't|must not)\b`),
	},
}

// recognize why a call failed; nil if the reply says no more than its class. A code that
// OpenAI gives is what counts: messages may repeat what users wrote.
func recognize(status int, r failedReply) (known *sign, byWords bool) {
	if !slices.Contains(refusals, status) {
		return nil, false
	}
	for i, s := range signs {
		coded := slices.Contains(s.codes, r.code) || (r.code == "" && slices.Contains(s.codes, r.kind))
		worded := r.code == "" && s.words.MatchString(r.message)
		switch {
		case !r.foreign && (coded || worded),
			// Whoever passes these on may have lost the form.
			r.foreign && worded && s.cause == causeScopes,
			r.foreign && coded && s.cause == causeQuota && status == http.StatusTooManyRequests:
			return &signs[i], !coded
		}
	}
	return nil, false
}

var (
	scopeList = regexp.MustCompile(`(?i)\bmissing scopes?:\s*([^\s,;]+(?:(?:\s*[,;]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)[^\s,;]+)*)`)
	scopeEnds = regexp.MustCompile(`[,;]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+`)
	scopeName = regexp.MustCompile(`^[A-Za-z0-9_.:/*-]{1,100}$`)
)

// mostScopes bounds what a reply can put into a condition. OpenAI has about 40.
const mostScopes = 100

// missingScopes are those that a message names, in one order whatever OpenAI's.
func missingScopes(message string) []string {
	found := scopeList.FindStringSubmatch(message)
	if found == nil {
		return nil
	}
	var scopes []string
	for _, s := range scopeEnds.Split(Redact(found[1]), -1) {
		if s = strings.Trim(strings.TrimSpace(s), `.'"[]()`); scopeName.MatchString(s) {
			scopes = append(scopes, s)
		}
	}
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	return scopes[:min(len(scopes), mostScopes)]
}
