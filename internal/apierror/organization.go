// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"regexp"
)

// headerOrganization is the header of replies with the organization of the request (API reference,
// "Debugging requests"). That the Administration API sends it is inferred.
const headerOrganization = "Openai-Organization"

// organizationForm matches the ID of an organization. The header has been seen to contain its name
// instead, which may change.
var organizationForm = regexp.MustCompile(`^org-[A-Za-z0-9_-]{1,124}$`)

// OrganizationOf returns the ID of the organization that a reply names; empty if it names none.
func OrganizationOf(h http.Header) string {
	if id := h.Get(headerOrganization); organizationForm.MatchString(id) {
		return id
	}
	return ""
}
