// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// unknownValue is the well-formed value of no key.
var unknownValue = "sk-svcacct-fake-" + strings.Repeat("contract", 8)

// keyUseChecks are about using a key to list models, which costs nothing. They run after the checks
// that need an unused key.
var keyUseChecks = []check{
	{
		name:       "KeyListsModels",
		assumption: "a key without scopes lists models",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			a, err := s.use(ctx, s.fixtures.live.key.Value)
			return a.String(), a.succeeded(), err
		},
	},
	{
		name: "LastUseIsShown",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			if _, err := s.use(ctx, s.fixtures.live.key.Value); err != nil {
				return "", false, err
			}
			k, err := s.projects.APIKeys.Get(ctx, s.fixtures.live.project.ID, s.fixtures.live.key.ID)
			if err != nil {
				return "", false, s.safe(err)
			}
			return fmt.Sprintf("after a use last_used_at is set at once: %t", k.LastUsedAt != 0), true, nil
		},
	},
	{
		name:       "UnknownKeyIsRefusedAsSuch",
		assumption: "a value that is no key's is answered 401 with code invalid_api_key",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			a, err := s.use(ctx, unknownValue)
			return a.String(), a.refusesKey(), err
		},
	},
	{
		name:       "DeletedKeyIsRefused",
		assumption: "a key that was deleted is answered 401 with code invalid_api_key",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			key, err := s.deletedKey(ctx)
			if err != nil {
				return "", false, err
			}
			a, err := s.use(ctx, key.Value)
			return a.String(), a.refusesKey(), err
		},
	},
	{
		name:       "KeyOfAnArchivedProjectIsRefused",
		assumption: "the keys of an archived project are refused with 401",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			a, err := s.use(ctx, s.fixtures.archived.key.Value)
			return a.String(), a.status == http.StatusUnauthorized, err
		},
	},
	{
		name:       "ScopesLimitAKey",
		assumption: "a key with the scope api.files.read alone may not list models, which 401 or 403 says; scopes: [] gives it all permissions",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			key, err := s.newKey(ctx, s.fixtures.live.project.ID, s.fixtures.live.account.ID, []string{"api.files.read"})
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			limited, err := s.use(ctx, key.Value)
			if err != nil {
				return "", false, err
			}
			if _, err := s.updateScopes(ctx, key.ID, []string{}); err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			free, err := s.use(ctx, key.Value)
			refused := limited.status == http.StatusForbidden || limited.status == http.StatusUnauthorized
			return fmt.Sprintf("limited: %s; then: %s", limited, free), refused && strings.Contains(strings.ToLower(limited.message), "missing scope") && free.succeeded(), err
		},
	},
	{
		name:       "ReadOnlyKeyListsModels",
		assumption: "a key with the scope api.all.read lists models",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			key, err := s.newKey(ctx, s.fixtures.live.project.ID, s.fixtures.live.account.ID, []string{"api.all.read"})
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			a, err := s.use(ctx, key.Value)
			return a.String(), a.succeeded(), err
		},
	},
}

// refusesKey reports whether an answer refuses the key itself, by the provider's rules.
func (a answer) refusesKey() bool {
	return a.status == http.StatusUnauthorized && a.code == "invalid_api_key"
}
