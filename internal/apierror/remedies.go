// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// remedies return the text of an error with a cause, which names the remedy. OpenAI's message is omitted
// if it contains what differs from try to try, such as an IP address.
var remedies = map[cause]func(e *Error) string{
	causeScopes: (*Error).missingPermissions,
	causeHostname: func(e *Error) string {
		at := "https://" + cmp.Or(e.host, "<region>.api.openai.com") + "/v1"
		if e.customHost {
			return fmt.Sprintf("OpenAI serves this organization or project at another host (%s): have the gateway at baseURL pass calls on to %q", e.status(), at)
		}
		return fmt.Sprintf("OpenAI serves this organization or project at another host (%s): set baseURL of the ClusterProviderConfig, or the provider's --default-base-url, to %q", e.status(), at)
	},
	causeIP: func(e *Error) string {
		return fmt.Sprintf("OpenAI does not accept calls from the IP address of the provider (%s): add the address that its calls leave the cluster with to the IP allowlist of the OpenAI organization", e.status())
	},
	causeOrganization: func(e *Error) string {
		return fmt.Sprintf("the key from %s is not one of the organization that is asked for (%s): correct or remove organizationID, or store an admin key of that organization there", e.KeyOrigin, e.status())
	},
	causeProject: func(e *Error) string {
		return fmt.Sprintf("OpenAI refuses the header OpenAI-Project (%s), which the provider does not send: have the gateway or proxy that adds it leave it out", e.status())
	},
	causeCountry: func(e *Error) string {
		return fmt.Sprintf("OpenAI does not serve the country or region that the provider's calls come from (%s): let them leave from one that it supports", e.status())
	},
	causeDeactivated: func(e *Error) string {
		return fmt.Sprintf("OpenAI has deactivated the account or organization of the key from %s (%s): its owner has to turn to OpenAI, or store an admin key of another account there", e.KeyOrigin, e.status())
	},
	causeQuota: func(e *Error) string {
		if e.NotFromOpenAI {
			return fmt.Sprintf("something between here and OpenAI refuses for want of quota or money (%s): look at the budget of the gateway or proxy; the call is repeated every few minutes", e.status())
		}
		return fmt.Sprintf("OpenAI refuses for want of money, and not because of a rate limit (%s): look at the credit, the payment and the spend limits under Settings > Organization > Billing and Limits; the call is repeated every few minutes", e.status())
	},
	causeDefaultProject: func(e *Error) string {
		return fmt.Sprintf("OpenAI does not allow this for the Default project of the organization: it answers %s; use another project, or set managementPolicies: [Observe] to only watch this one", strings.TrimSuffix(e.reply(), "."))
	},
}

// missingPermissions names the scopes that the key lacks. Unlike a message, the list is never cut.
func (e *Error) missingPermissions() string {
	lacking := "permissions: OpenAI answers " + e.reply()
	if len(e.Scopes) > 0 {
		lacking = fmt.Sprintf("the permissions %s (%s)", strings.Join(e.Scopes, ", "), e.status())
	}
	if e.isProjectKey {
		return fmt.Sprintf("the key from %s lacks %s: %s", e.KeyOrigin, lacking, notAdmin)
	}
	return fmt.Sprintf("the admin key from %s lacks %s: give it these permissions under Settings > Organization > Admin keys, or store an admin key there that has them", e.KeyOrigin, lacking)
}

const notAdmin = "it has the form of a project's API key, which cannot administer anything; store an admin key there, which begins with sk-admin-, made under Settings > Organization > Admin keys"

var (
	// projectKey matches the API keys of projects, which belong to users or service accounts.
	projectKey = regexp.MustCompile(`^sk-(proj|svcacct|None)-`)

	// invalidKeyCodes are the codes for a key that is not valid, or no longer, and invalidKeyMessage
	// matches the messages about one.
	invalidKeyCodes   = []string{"invalid_api_key", "incorrect_api_key", "api_key_revoked", "api_key_expired", "invalid_admin_key"}
	invalidKeyMessage = regexp.MustCompile(`(?i)^(incorrect|invalid|expired|revoked) (api|admin) ?key\b|^(this|your|the) (api|admin) key (provided )?(is|was|has been|has) (invalid|incorrect|revoked|deleted|disabled|expired)\b|^you didn't provide an api key\b`)
)

// RefusesKey reports whether OpenAI refused the key itself, and not how or from where it is used.
func (e *Error) RefusesKey() bool {
	return e.Class == ClassUnauthorized && !e.NotFromOpenAI && e.cause == "" && (slices.Contains(invalidKeyCodes, e.Code) || (e.Code == "" && invalidKeyMessage.MatchString(e.Message)))
}

// ShowsKeyIsValid reports whether the refusal shows that the key is valid: it lacks a permission, or its
// organization lacks credit.
func (e *Error) ShowsKeyIsValid() bool {
	return e.cause == causeScopes || (e.cause == causeQuota && e.Status == http.StatusTooManyRequests)
}

func (e *Error) unauthorized() string {
	switch {
	case !e.RefusesKey():
		return fmt.Sprintf("OpenAI refuses the call with the key from %s: it answers %s", e.KeyOrigin, e.reply())
	case e.isProjectKey:
		return fmt.Sprintf("OpenAI refuses the key from %s (%s): %s", e.KeyOrigin, e.status(), notAdmin)
	}
	return fmt.Sprintf("OpenAI refuses the admin key from %s (%s): store a valid admin key there, made under Settings > Organization > Admin keys", e.KeyOrigin, e.status())
}

// isOpenAI reports whether a base URL is of one of OpenAI's own hosts.
func isOpenAI(base string) bool {
	u, err := url.Parse(base)
	return err == nil && (u.Hostname() == "api.openai.com" || strings.HasSuffix(u.Hostname(), ".api.openai.com"))
}
