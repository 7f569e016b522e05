// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

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

// A sign is what a cause is known by: a code, which may also stand in place of the
// type, or words of the message, because the code is often null.
type sign struct {
	cause    cause
	class    Class
	statuses []int
	codes    []string
	words    *regexp.Regexp
}

// signs are those of OpenAI's guide to error codes, and of recorded replies.
var signs = []sign{
	{
		cause: causeScopes, class: ClassUnauthorized,
		statuses: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
		codes:    []string{"missing_scope", "missing_scopes", "insufficient_permissions"},
		words:    regexp.MustCompile(`(?i)\bmissing scopes?:|^you have insufficient permissions\b`),
	},
	{
		cause: causeHostname, class: ClassUnauthorized,
		statuses: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusMisdirectedRequest},
		codes:    []string{"incorrect_hostname"},
		words:    regexp.MustCompile(`(?i)\bincorrect (regional )?host ?name\b`),
	},
	{
		cause: causeIP, class: ClassUnauthorized,
		statuses: []int{http.StatusUnauthorized, http.StatusForbidden},
		codes:    []string{"ip_not_authorized"},
		words:    regexp.MustCompile(`(?i)^your ip\b|\bip (address )?(is )?not (authorized|allowed)\b`),
	},
	{
		cause: causeOrganization, class: ClassUnauthorized,
		statuses: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
		codes:    []string{"mismatched_organization", "invalid_organization", "organization_membership_required"},
		words:    regexp.MustCompile(`(?i)^openai-organization header\b|^no such organization\b|^you must be a member of an organization\b`),
	},
	{
		cause: causeProject, class: ClassUnauthorized,
		statuses: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden},
		codes:    []string{"mismatched_project"},
		words:    regexp.MustCompile(`(?i)^openai-project header\b`),
	},
	{
		cause: causeCountry, class: ClassRefused,
		statuses: []int{http.StatusUnauthorized, http.StatusForbidden},
		codes:    []string{"unsupported_country_region_territory"},
		words:    regexp.MustCompile(`(?i)^country, region,? or territory\b`),
	},
	{
		cause: causeDeactivated, class: ClassUnauthorized,
		statuses: []int{http.StatusUnauthorized, http.StatusForbidden},
		codes:    []string{"account_deactivated", "organization_deactivated", "access_terminated"},
		words:    regexp.MustCompile(`(?i)\b(account|organization)\b.* (deactivated|suspended)\b`),
	},
	{
		cause: causeQuota, class: ClassQuota,
		statuses: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusTooManyRequests},
		codes: []string{
			"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_exhausted",
			"organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
		},
		words: regexp.MustCompile(`(?i)\bexceeded your current quota\b|\bbilling (details|hard limit)\b|\baccount is not active\b`),
	},
	{
		cause: causeDefaultProject, class: ClassInvalid,
		statuses: []int{http.StatusBadRequest, http.StatusForbidden},
		codes:    []string{"default_project"},
		words:    regexp.MustCompile(`(?i)\bdefault project\b`),
	},
}

// recognize why a call failed; nil if the reply says no more than its class.
func recognize(status int, r failedReply) *sign {
	for i, s := range signs {
		if !slices.Contains(s.statuses, status) {
			continue
		}
		byCode := slices.Contains(s.codes, r.code) || slices.Contains(s.codes, r.kind)
		byWords := s.words.MatchString(r.message)
		switch {
		case !r.foreign && (byCode || byWords),
			// Whoever passes these on may have lost the form.
			r.foreign && byWords && s.cause == causeScopes,
			r.foreign && byCode && s.cause == causeQuota && status == http.StatusTooManyRequests:
			return &signs[i]
		}
	}
	return nil
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
