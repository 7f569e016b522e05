// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"regexp"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"
)

// pageSize is the largest that OpenAI allows for the lists below (openai-go, list
// parameters).
const pageSize = 100

// Projects of the organisation, without archived ones, which OpenAI does not list
// unless it is asked to. They have no parent.
var Projects = Collection[*Connection, openai.Project]{
	Name: "projects",
	ID:   func(o *openai.Project) string { return o.ID },
	Page: func(ctx context.Context, c *Connection, _, after string) ([]openai.Project, string, error) {
		res, err := c.Organization.Projects.List(ctx, openai.AdminOrganizationProjectListParams{Limit: openai.Int(pageSize), After: cursor(after)})
		return contents(ctx, c, res, err, func(o *openai.Project) string { return o.ID })
	},
	Slim: func(o *openai.Project) int {
		o.JSON = openai.Project{}.JSON
		return keep(&o.ID, &o.Name, &o.Status, &o.ExternalKeyID, (*string)(&o.Residency))
	},
}

// ServiceAccounts of a project, by the project's ID.
var ServiceAccounts = Collection[*Connection, openai.ProjectServiceAccount]{
	Name: "projects/service_accounts",
	ID:   func(o *openai.ProjectServiceAccount) string { return o.ID },
	Page: func(ctx context.Context, c *Connection, project, after string) ([]openai.ProjectServiceAccount, string, error) {
		res, err := c.Organization.Projects.ServiceAccounts.List(ctx, project, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(pageSize), After: cursor(after)})
		return contents(ctx, c, res, err, func(o *openai.ProjectServiceAccount) string { return o.ID })
	},
	Slim: func(o *openai.ProjectServiceAccount) int {
		o.JSON = openai.ProjectServiceAccount{}.JSON
		return keep(&o.ID, &o.Name, (*string)(&o.Role))
	},
}

// ProjectAPIKeys of a project, by the project's ID; those of owners without access
// too.
var ProjectAPIKeys = Collection[*Connection, openai.ProjectAPIKey]{
	Name: "projects/api_keys",
	ID:   func(o *openai.ProjectAPIKey) string { return o.ID },
	Page: func(ctx context.Context, c *Connection, project, after string) ([]openai.ProjectAPIKey, string, error) {
		res, err := c.Organization.Projects.APIKeys.List(ctx, project, openai.AdminOrganizationProjectAPIKeyListParams{
			Limit:              openai.Int(pageSize),
			After:              cursor(after),
			OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny,
		})
		if err == nil {
			for i := range res.Data {
				ReadKey(&res.Data[i])
			}
		}
		return contents(ctx, c, res, err, func(o *openai.ProjectAPIKey) string { return o.ID })
	},
	Slim: func(o *openai.ProjectAPIKey) int {
		sa := o.Owner.ServiceAccount
		kept := keep(&o.ID, &o.Name, (*string)(&o.OwnerProjectAccess), &o.RedactedValue, &sa.ID, &sa.Name)
		*o = openai.ProjectAPIKey{
			ID: o.ID, Name: o.Name, RedactedValue: o.RedactedValue, OwnerProjectAccess: o.OwnerProjectAccess,
			CreatedAt: o.CreatedAt, LastUsedAt: o.LastUsedAt, ExpiresAt: o.ExpiresAt,
			Owner: openai.ProjectAPIKeyOwner{ServiceAccount: openai.ProjectAPIKeyOwnerServiceAccount{ID: sa.ID, Name: sa.Name}},
		}
		return kept
	},
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

func cursor(after string) param.Opt[string] {
	if after == "" {
		return param.Opt[string]{}
	}
	return openai.String(after)
}

// contents of a page, and the cursor of the next one. The last ID of a page is the
// cursor, whether the page says so or not. A page that does not say whether more
// follow is followed up, as the SDK does. What is no page proves nothing about what is
// in the list, and is an error.
func contents[O any](ctx context.Context, c *Connection, p *pagination.ConversationCursorPage[O], err error, id func(o *O) string) ([]O, string, error) {
	switch {
	case err != nil && c.Project != "":
		return nil, "", c.Blame(ctx, err)
	case err != nil:
		return nil, "", err
	case !p.JSON.Data.Valid():
		return nil, "", brokenList("is no list: it has no data")
	case p.HasMore && len(p.Data) == 0:
		return nil, "", brokenList("is empty and says that more follow")
	}
	for i := range p.Data {
		switch itsID := id(&p.Data[i]); {
		case itsID == "":
			return nil, "", brokenList("holds something without an ID")
		case !IsID(itsID):
			return nil, "", brokenList("holds something whose ID is none of OpenAI's")
		}
	}
	if len(p.Data) == 0 || (p.JSON.HasMore.Valid() && !p.HasMore) {
		return p.Data, "", nil
	}
	return p.Data, id(&p.Data[len(p.Data)-1]), nil
}

// brokenList is the error for a reply that cannot be read as a page of a list.
func brokenList(why string) error {
	return &Error{Class: ClassTransient, Message: "the reply to a list " + why + "; it proves nothing about what exists, and the call will be repeated: if that stays so, look for a gateway that changes replies"}
}

// keep texts without the reply that they were read from, of which they are parts, and tell
// how many bytes they have. One that is cut is like none that is not.
func keep(texts ...*string) (kept int) {
	for _, t := range texts {
		*t = strings.Clone(Shortened(*t, longestKept))
		kept += len(*t)
	}
	return kept
}
