// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// A cause is why OpenAI refuses a call, if that is more specific than the class.
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

// A signature is how replies with a cause are recognized: by their code; without one by their type, or
// the beginning of their message. Names that users choose can only come later in a message.
type signature struct {
	cause   cause
	class   Class
	codes   []string
	message *regexp.Regexp
}

// refusals are the statuses that replies with a cause can have. A 404 with a cause does not mean that the
// resource is not found.
var refusals = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden,
	http.StatusNotFound, http.StatusMisdirectedRequest, http.StatusTooManyRequests,
}

// signatures are from OpenAI's guide to error codes, and from recorded replies.
var signatures = []signature{
	{
		cause: causeScopes, class: ClassUnauthorized,
		codes:   []string{"missing_scope", "missing_scopes", "insufficient_permissions"},
		message: regexp.MustCompile(`(?i)^missing scopes?:|^you have insufficient permissions\b|^your api key does not have the required scopes?\b`),
	},
	{
		cause: causeHostname, class: ClassUnauthorized,
		codes:   []string{"incorrect_hostname"},
		message: regexp.MustCompile(`(?i)^(attempted to access resource with )?incorrect (regional )?host ?name\b`),
	},
	{
		cause: causeIP, class: ClassUnauthorized,
		codes:   []string{"ip_not_authorized"},
		message: regexp.MustCompile(`(?i)^your (request )?ip\b`),
	},
	{
		cause: causeOrganization, class: ClassUnauthorized,
		codes:   []string{"mismatched_organization", "invalid_organization", "organization_membership_required"},
		message: regexp.MustCompile(`(?i)^openai-organization header\b|^no such organization\b|^you must be a member of an organization\b`),
	},
	{
		cause: causeProject, class: ClassUnauthorized,
		codes:   []string{"mismatched_project"},
		message: regexp.MustCompile(`(?i)^openai-project header\b`),
	},
	{
		cause: causeCountry, class: ClassForbidden,
		codes:   []string{"unsupported_country_region_territory"},
		message: regexp.MustCompile(`(?i)^country, region,? or territory\b`),
	},
	{
		cause: causeDeactivated, class: ClassUnauthorized,
		codes:   []string{"account_deactivated", "organization_deactivated", "access_terminated"},
		message: regexp.MustCompile(`(?i)^(your|this|the) (openai )?(account|organization)( associated with this api key)? (has been|is|was) (deactivated|suspended|terminated)\b`),
	},
	{
		cause: causeQuota, class: ClassQuota,
		codes: []string{
			"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_exhausted",
			"organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
		},
		message: regexp.MustCompile(`(?i)^you exceeded your current quota\b|^billing hard limit\b|^your account is not active\b`),
	},
	{
		cause: causeDefaultProject, class: ClassInvalid,
		codes:   []string{"default_project"},
		message: regexp.MustCompile(`(?i)^(service accounts )?(the |you )?(can ?not|can't) (be )?[a-z]+ (to )?(the |a )?default project\b|^the default project (can ?not|can't|must not)\b`),
	},
}

// recognize returns the signature that a failed reply matches, or nil, and reports whether only the message
// does. The message is ignored if there is a code, since messages may repeat what users wrote.
func recognize(status int, r failedReply) (known *signature, byMessage bool) {
	if !slices.Contains(refusals, status) {
		return nil, false
	}
	for i, s := range signatures {
		coded := slices.Contains(s.codes, r.code) || (r.code == "" && slices.Contains(s.codes, r.typ))
		worded := r.code == "" && s.message.MatchString(r.message)
		switch {
		case !r.notFromOpenAI && (coded || worded),
			// Gateways may pass these on in another form.
			r.notFromOpenAI && worded && s.cause == causeScopes,
			r.notFromOpenAI && coded && s.cause == causeQuota && status == http.StatusTooManyRequests:
			return &signatures[i], !coded
		}
	}
	return nil, false
}

var (
	scopeList = regexp.MustCompile(`(?i)\bmissing scopes?:\s*([^\s,;]+(?:(?:\s*[,;]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)[^\s,;]+)*)`)
	scopeEnds = regexp.MustCompile(`[,;]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+`)
	scopeName = regexp.MustCompile(`^[A-Za-z0-9_.:/*-]{1,100}$`)
)

// maxScopes bounds the scopes in a condition. OpenAI has about 40.
const maxScopes = 100

// missingScopes returns the scopes that a message names, sorted so that the error is stable.
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
	return scopes[:min(len(scopes), maxScopes)]
}
