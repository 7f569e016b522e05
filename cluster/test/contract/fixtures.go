// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

// fixtures are shared by the checks, because calls are limited.
type fixtures struct {
	// live is a project with a service account and a key of full permissions.
	live projectFixture
	// archived is a project with the same name and members, which is archived.
	archived projectFixture
	// archiving is the reply to the archive call.
	archiving *openai.Project
}

// A projectFixture is a project with members, as the replies to their creates showed them.
type projectFixture struct {
	project *openai.Project
	made    time.Time // by the Date of the reply
	account *openai.AdminOrganizationProjectServiceAccountNewResponse
	key     *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse
	keyMade time.Time // by the Date of the reply
	// unused is the key as read before its first use.
	unused *openai.ProjectAPIKey
}

const (
	// accountName and keyName are the names of a projectFixture's members.
	accountName, keyName = "contract account", "contract key"

	// keySeconds is the lifetime of the fixtures' keys, so that none outlives the run by much.
	keySeconds = 6 * 60 * 60
)

// build creates the fixtures.
func (s *sandbox) build(ctx context.Context) error {
	var err error
	if s.fixtures.live, err = s.newFixture(ctx); err != nil {
		return err
	}
	if s.fixtures.archived, err = s.newFixture(ctx); err != nil {
		return err
	}
	if s.fixtures.archiving, err = s.archive(ctx, s.fixtures.archived.project.ID); err != nil {
		return fmt.Errorf("cannot archive a project: %w", s.safe(err))
	}
	return nil
}

func (s *sandbox) newFixture(ctx context.Context) (projectFixture, error) {
	var p projectFixture
	var err error
	if p.project, err = s.newProject(ctx, "scene"); err != nil {
		return p, fmt.Errorf("cannot create a project: %w", s.safe(err))
	}
	p.made = s.wire.date()
	if p.account, err = s.newAccount(ctx, p.project.ID, accountName); err != nil {
		return p, fmt.Errorf("cannot create a service account: %w", s.safe(err))
	}
	// Without a role the account's keys cannot be used.
	if _, err = s.setRole(ctx, p.project.ID, p.account.ID); err != nil {
		return p, fmt.Errorf("cannot give a service account a role: %w", s.safe(err))
	}
	if p.key, err = s.newKey(ctx, p.project.ID, p.account.ID, nil); err != nil {
		return p, fmt.Errorf("cannot create a key: %w", s.safe(err))
	}
	p.keyMade = s.wire.date()
	if p.unused, err = s.projects.APIKeys.Get(ctx, p.project.ID, p.key.ID); err != nil {
		return p, fmt.Errorf("cannot read a key: %w", s.safe(err))
	}
	return p, nil
}

func (s *sandbox) newAccount(ctx context.Context, project, name string) (*openai.AdminOrganizationProjectServiceAccountNewResponse, error) {
	return s.projects.ServiceAccounts.New(ctx, project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: name, CreateServiceAccountOnly: openai.Bool(true),
	})
}

func (s *sandbox) setRole(ctx context.Context, project, account string) (*openai.ProjectServiceAccount, error) {
	return s.projects.ServiceAccounts.Update(ctx, project, account, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleMember,
	})
}

// newKey issues a key of a service account. Its value is removed from all output.
func (s *sandbox) newKey(ctx context.Context, project, account string, scopes []string) (*openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, error) {
	return s.newKeyFor(ctx, project, account, keySeconds, scopes)
}

func (s *sandbox) newKeyFor(ctx context.Context, project, account string, seconds int64, scopes []string) (*openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, error) {
	k, err := s.projects.ServiceAccounts.APIKeys.New(ctx, project, account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
		Name: openai.String(keyName), ExpiresInSeconds: openai.Int(seconds), Scopes: scopes,
	})
	if k != nil && k.Value != "" {
		s.secrets = append(s.secrets, k.Value)
	}
	return k, err
}

// use a key's value to list models, which costs nothing.
func (s *sandbox) use(ctx context.Context, value string) (answer, error) {
	models := openai.NewModelService(slices.Concat(s.options, []option.RequestOption{option.WithAPIKey(value)})...)
	_, err := models.List(ctx)
	return s.answered(err)
}

// updateScopes of a key of the live project.
func (s *sandbox) updateScopes(ctx context.Context, key string, scopes []string) (*openai.ProjectAPIKey, error) {
	return s.projects.APIKeys.Update(ctx, s.fixtures.live.project.ID, key, openai.AdminOrganizationProjectAPIKeyUpdateParams{Scopes: scopes})
}
