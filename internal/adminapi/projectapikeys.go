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

// ProjectAPIKeys of a project, by the project's ID; those of owners without access
// too.
var ProjectAPIKeys = projectAPIKeys()

func projectAPIKeys() inventory.Collection[*Connection, openai.ProjectAPIKey] {
	keys := NewCollection("projects/api_keys",
		func(o *openai.ProjectAPIKey) string { return o.ID },
		func(_ string, o *openai.ProjectAPIKey) *openai.ProjectAPIKey {
			ReadKey(o)
			return o
		},
		func(ctx context.Context, c *Connection, project, after string) (Page[openai.ProjectAPIKey], error) {
			return ByLastID(c.Organization.Projects.APIKeys.List(ctx, project, openai.AdminOrganizationProjectAPIKeyListParams{
				Limit:              Limit(PageSize),
				After:              After(after),
				OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny,
			}))
		})
	keys.Trim = slimKey
	return keys
}

// slimKey keeps of a key what decisions rest on.
func slimKey(o *openai.ProjectAPIKey) int {
	sa := o.Owner.ServiceAccount
	kept := truncate.Texts(&o.ID, &o.Name, (*string)(&o.OwnerProjectAccess), &o.RedactedValue, &sa.ID, &sa.Name)
	*o = openai.ProjectAPIKey{
		ID: o.ID, Name: o.Name, RedactedValue: o.RedactedValue, OwnerProjectAccess: o.OwnerProjectAccess,
		CreatedAt: o.CreatedAt, LastUsedAt: o.LastUsedAt, ExpiresAt: o.ExpiresAt,
		Owner: openai.ProjectAPIKeyOwner{ServiceAccount: openai.ProjectAPIKeyOwnerServiceAccount{ID: sa.ID, Name: sa.Name}},
	}
	return kept
}

// ReadKey makes of a key as OpenAI answered it what decisions can rest on. Whether it was
// used must be said: in another form than null or a time, it may have been.
func ReadKey(k *openai.ProjectAPIKey) {
	ReadTimes(k)
	used := k.JSON.LastUsedAt
	notSaid := k.LastUsedAt == 0 && used.Raw() != "null" && !used.Valid()
	if notSaid || k.LastUsedAt < 0 || k.LastUsedAt >= never {
		k.LastUsedAt = max(k.CreatedAt, 1)
	}
	k.Name, k.RedactedValue = redacted(k.Name), longMask.ReplaceAllString(redacted(k.RedactedValue), "...")
}

// longMask matches the asterisks that OpenAI puts in place of the middle of a key, one
// for each character of it: too many for a table, and for memory.
var longMask = regexp.MustCompile(`\*{4,}`)

// ReadTimes takes off a key what is no time: a creation before 1970, an expiry before the
// creation, and what is so far off that it stands for none.
func ReadTimes(k *openai.ProjectAPIKey) {
	if IsNever(k.CreatedAt) || k.CreatedAt < 0 {
		k.CreatedAt = 0
	}
	if k.ExpiresAt < k.CreatedAt || IsNever(k.ExpiresAt) {
		k.ExpiresAt = 0
	}
}

// wholeValue matches the value of a key that is not redacted.
var wholeValue = regexp.MustCompile(`sk-[A-Za-z0-9_-]{20,}`)

// redacted is a text without the values of keys in it, should OpenAI tell one.
func redacted(text string) string {
	const shown = 4
	return wholeValue.ReplaceAllStringFunc(text, func(v string) string { return v[:2*shown] + "***" + v[len(v)-shown:] })
}
