// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"regexp"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// ProjectAPIKeys are the API keys of a project, by the project's ID. They include keys whose owner has
// lost access to the project (owner_project_access=any), which OpenAI omits by default.
var ProjectAPIKeys = projectAPIKeys()

func projectAPIKeys() inventory.Collection[*Connection, openai.ProjectAPIKey] {
	keys := NewCollection("projects/api_keys",
		func(o *openai.ProjectAPIKey) string { return o.ID },
		func(_ string, o *openai.ProjectAPIKey) *openai.ProjectAPIKey {
			NormalizeKey(o)
			return o
		},
		func(ctx context.Context, c *Connection, project, after string) (Page[openai.ProjectAPIKey], error) {
			return ByLastID(c.Organization.Projects.APIKeys.List(ctx, project, openai.AdminOrganizationProjectAPIKeyListParams{
				Limit:              Limit(PageSize),
				After:              After(after),
				OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny,
			}))
		})
	keys.Trim = trimKey
	return keys
}

// trimKey drops the fields of a key that nobody reads, and returns the size of its texts in bytes.
func trimKey(o *openai.ProjectAPIKey) int {
	sa := o.Owner.ServiceAccount
	size := truncate.Texts(&o.ID, &o.Name, (*string)(&o.OwnerProjectAccess), &o.RedactedValue, &sa.ID, &sa.Name)
	*o = openai.ProjectAPIKey{
		ID: o.ID, Name: o.Name, RedactedValue: o.RedactedValue, OwnerProjectAccess: o.OwnerProjectAccess,
		CreatedAt: o.CreatedAt, LastUsedAt: o.LastUsedAt, ExpiresAt: o.ExpiresAt,
		Owner: openai.ProjectAPIKeyOwner{ServiceAccount: openai.ProjectAPIKeyOwnerServiceAccount{ID: sa.ID, Name: sa.Name}},
	}
	return size
}

// NormalizeKey normalizes a key in OpenAI's reply. A key whose last_used_at is neither null nor a valid time
// counts as used, so that it is not taken for one that nobody needs. Values of keys are redacted, should
// a reply contain any.
func NormalizeKey(k *openai.ProjectAPIKey) {
	NormalizeTimes(k)
	used := k.JSON.LastUsedAt
	invalid := k.LastUsedAt == 0 && used.Raw() != "null" && !used.Valid()
	if invalid || k.LastUsedAt < 0 || k.LastUsedAt >= latestTime {
		k.LastUsedAt = max(k.CreatedAt, 1)
	}
	k.Name, k.RedactedValue = redactKeys(k.Name), longMask.ReplaceAllString(redactKeys(k.RedactedValue), "...")
}

// longMask matches the asterisks in place of the middle of a key, which OpenAI has one of for each
// character: too many for a status and for the cache.
var longMask = regexp.MustCompile(`\*{4,}`)

// NormalizeTimes sets the times of a key to 0 that are invalid: a creation before 1970, an expiry before the
// creation, and times that stand for never (IsNever).
func NormalizeTimes(k *openai.ProjectAPIKey) {
	if IsNever(k.CreatedAt) || k.CreatedAt < 0 {
		k.CreatedAt = 0
	}
	if k.ExpiresAt < k.CreatedAt || IsNever(k.ExpiresAt) {
		k.ExpiresAt = 0
	}
}

// unredactedKey matches the whole value of a key.
var unredactedKey = regexp.MustCompile(`sk-[A-Za-z0-9_-]{20,}`)

// redactKeys redacts the values of keys in a text.
func redactKeys(text string) string {
	const shown = 4
	return unredactedKey.ReplaceAllStringFunc(text, func(v string) string { return v[:2*shown] + "***" + v[len(v)-shown:] })
}
