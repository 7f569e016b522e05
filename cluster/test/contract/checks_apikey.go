// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/openai/openai-go/v3"
)

// unknownKey is the well-formed ID of no key.
const unknownKey = "key_contractcontract"

// masks match what OpenAI writes in place of the middle of a key.
var masks = regexp.MustCompile(`\*+|\.{3,}|…+`)

// apiKeyChecks are about issuing and reading keys.
var apiKeyChecks = []check{
	{
		name:       "KeyValueIsToldOnce",
		assumption: "the reply to the creation of a key has a value that begins with sk-, and the key that is read has none",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			made, read := s.fixtures.live.key, s.fixtures.live.unused
			value, again := strings.HasPrefix(made.Value, "sk-"), strings.Contains(read.RawJSON(), made.Value)
			return fmt.Sprintf("created with a value of sk-: %t (%d characters), read with it: %t", value, len(made.Value), again), value && !again, nil
		},
	},
	{
		name:       "KeyNameIsKept",
		assumption: "a key is answered with the name that it was created with: whose key it is shows by it",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			// The longest name that the provider gives to a key.
			asked := "0123456789-1-" + strings.Repeat("long name ", 20) + "."
			made, err := s.projects.ServiceAccounts.APIKeys.New(ctx, s.fixtures.live.project.ID, s.fixtures.live.account.ID, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
				Name: openai.String(asked), ExpiresInSeconds: openai.Int(keySeconds),
			})
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			s.secrets = append(s.secrets, made.Value)
			// Only the beginning of the name matters to the provider.
			return fmt.Sprintf("asked for %d characters, answered %d; begins alike: %t", len(asked), len(made.Name), strings.HasPrefix(asked, made.Name)),
				strings.HasPrefix(asked, made.Name) && len(made.Name) > len("0123456789-1-"), nil
		},
	},
	{
		name:       "KeyIsDatedByTheServer",
		assumption: "created_at of a key is within 5 s of the Date of the reply, and expires_at is that and expires_in_seconds",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			k := s.fixtures.live.key
			text, ok := dated(k.CreatedAt, s.fixtures.live.keyMade)
			lives := k.ExpiresAt - k.CreatedAt
			return fmt.Sprintf("%s; of %d s asked for it lives %d", text, keySeconds, lives), ok && abs(lives-keySeconds) <= 1, nil
		},
	},
	{
		name:       "RedactedValueIsTheKeys",
		assumption: "redacted_value is the beginning and the end of the value around asterisks or dots: a key is adopted by it",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			r, value := s.fixtures.live.unused.RedactedValue, s.fixtures.live.key.Value
			m := masks.FindAllStringIndex(r, -1)
			if len(m) == 0 {
				return fmt.Sprintf("%d characters without a mask", len(r)), false, nil
			}
			head, tail := r[:m[0][0]], r[m[len(m)-1][1]:]
			fits := strings.HasPrefix(value, head) && strings.HasSuffix(value, tail)
			return fmt.Sprintf("%d characters, of which %d are shown first and %d last; fits the value: %t", len(r), len(head), len(tail), fits), fits, nil
		},
	},
	{
		name:       "UnusedKeyHasNoLastUse",
		assumption: "last_used_at of a key that was never used is null",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			raw := s.fixtures.live.unused.JSON.LastUsedAt.Raw()
			return "last_used_at " + orNone(raw), raw == "null", nil
		},
	},
	{
		name:       "KeyHasItsOwner",
		assumption: "a key that is read names the service account that owns it by ID, and says that it has access",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			k := s.fixtures.live.unused
			own := k.Owner.ServiceAccount.ID == s.fixtures.live.account.ID
			return fmt.Sprintf("owner type %q, its ID: %t, owner_project_access %q", k.Owner.Type, own, k.OwnerProjectAccess),
				own && k.OwnerProjectAccess == "active", nil
		},
	},
	{
		name:       "ScopesAreNotAnswered",
		assumption: "no reply contains the scopes of a key, so that the provider has to store them",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			reported := strings.Contains(s.fixtures.live.key.RawJSON(), `"scopes"`) || strings.Contains(s.fixtures.live.unused.RawJSON(), `"scopes"`)
			return fmt.Sprintf("scopes are in the reply: %t", reported), !reported, nil
		},
	},
	{
		name:       "ListShowsKeysWithoutAccessOnRequest",
		assumption: "keys whose owner has no role are listed with owner_project_access=any only",
		try:        tryAccess,
	},
	{
		name:       "UnknownKeyIs404",
		assumption: "a key that does not exist is answered 404 invalid_request_error, which is not about the URL",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.APIKeys.Get(ctx, s.fixtures.live.project.ID, unknownKey)
			return err
		}, answer.notFound),
	},
	{
		name:       "KeyOfAnUnknownAccountIs404",
		assumption: "the creation of a key for a service account that does not exist is answered 404",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.newKey(ctx, s.fixtures.live.project.ID, unknownAccount, nil)
			return err
		}, answer.notFound),
	},
	{
		name:       "LifetimeOfMoreThanAYearIsRefused",
		assumption: "expires_in_seconds of more than 31536000 is refused with 400, whose param is expires_in_seconds",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			const year = 31536000
			_, err := s.newKeyFor(ctx, s.fixtures.live.project.ID, s.fixtures.live.account.ID, year+1, nil)
			return err
		}, func(a answer) bool { return a.refused() && a.param == "expires_in_seconds" }),
	},
}

func tryAccess(ctx context.Context, s *sandbox) (string, bool, error) {
	project := s.fixtures.live.project.ID
	owner, err := s.newAccount(ctx, project, "contract without a role")
	if err != nil {
		return "", false, setupFailed(s.safe(err))
	}
	key, err := s.newKey(ctx, project, owner.ID, nil)
	if err != nil {
		return "", false, setupFailed(s.safe(err))
	}
	if s.target.callInterval > 0 {
		if err := sleep(ctx, 2*s.target.callInterval); err != nil { // lists may lag
			return "", false, err
		}
	}
	listed := map[bool]bool{}
	for _, anyOwner := range []bool{false, true} {
		p := openai.AdminOrganizationProjectAPIKeyListParams{Limit: openai.Int(100)}
		if anyOwner {
			p.OwnerProjectAccess = openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny
		}
		page, err := s.projects.APIKeys.List(ctx, project, p)
		if err != nil {
			return "", false, s.safe(err)
		}
		for _, k := range page.Data {
			listed[anyOwner] = listed[anyOwner] || k.ID == key.ID
		}
	}
	return fmt.Sprintf("listed by default: %t, with any: %t", listed[false], listed[true]), !listed[false] && listed[true], nil
}

func abs(n int64) int64 { return max(n, -n) }
