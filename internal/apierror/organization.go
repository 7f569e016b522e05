// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"regexp"
)

// headerOrganization names the organization of a request in OpenAI's replies (API reference,
// "Debugging requests"). For the Administration API that is inferred.
const headerOrganization = "Openai-Organization"

// organizationForm matches the ID of an organization. The header has been seen to hold
// the name of one as well, which may change.
var organizationForm = regexp.MustCompile(`^org-[A-Za-z0-9_-]{1,124}$`)

// OrganizationOf is the ID of an organization that a reply names; empty: it names none.
func OrganizationOf(h http.Header) string {
	if id := h.Get(headerOrganization); organizationForm.MatchString(id) {
		return id
	}
	return ""
}
