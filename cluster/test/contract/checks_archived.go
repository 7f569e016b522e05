// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/openai/openai-go/v3"
)

// archivedProjectChecks are about calls for members of an archived project. OpenAI documents no
// refusal for most of them. The provider copes with any status from 400 to 499 except 401 and 429;
// the simulator answers 400.
var archivedProjectChecks = []check{
	archivedRefuses("AccountList", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.ServiceAccounts.List(ctx, s.fixtures.archived.project.ID, openai.AdminOrganizationProjectServiceAccountListParams{})
		return err
	}),
	archivedRefuses("AccountGet", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.ServiceAccounts.Get(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.account.ID)
		return err
	}),
	archivedRefuses("AccountCreate", func(ctx context.Context, s *sandbox) error {
		_, err := s.newAccount(ctx, s.fixtures.archived.project.ID, accountName)
		return err
	}),
	archivedRefuses("AccountUpdate", func(ctx context.Context, s *sandbox) error {
		_, err := s.setRole(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.account.ID)
		return err
	}),
	archivedRefuses("KeyList", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.APIKeys.List(ctx, s.fixtures.archived.project.ID, openai.AdminOrganizationProjectAPIKeyListParams{})
		return err
	}),
	archivedRefuses("KeyGet", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.APIKeys.Get(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.key.ID)
		return err
	}),
	archivedRefuses("KeyCreate", func(ctx context.Context, s *sandbox) error {
		_, err := s.newKey(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.account.ID, nil)
		return err
	}),
	archivedRefuses("KeyUpdate", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.APIKeys.Update(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.key.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: keySeconds})
		return err
	}),
	archivedRefuses("KeyDelete", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.APIKeys.Delete(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.key.ID)
		return err
	}),
	archivedRefuses("AccountDelete", func(ctx context.Context, s *sandbox) error {
		_, err := s.projects.ServiceAccounts.Delete(ctx, s.fixtures.archived.project.ID, s.fixtures.archived.account.ID)
		return err
	}),
}

func archivedRefuses(what string, do call) check {
	return check{
		name:       "ArchivedProjectRefuses" + what,
		assumption: "in an archived project the call is refused with 400",
		try:        checkAnswer(do, answer.refused),
	}
}
