// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/openai/openai-go/v3"
)

// apiKeyLifeChecks are about updating, expiring and revoking keys.
var apiKeyLifeChecks = []check{
	{
		name:       "ExpiryIsMovedFromNow",
		assumption: "expires_in_seconds of an update counts from that update, and the reply has the new expires_at",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			const seconds = keySeconds + 600
			k, err := s.projects.APIKeys.Update(ctx, s.fixtures.live.project.ID, s.fixtures.live.key.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: seconds})
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			left := time.Unix(k.ExpiresAt, 0).Sub(s.wire.date())
			return fmt.Sprintf("%s, %v left of %d s", a, left, seconds), (left - seconds*time.Second).Abs() <= dateTolerance, nil
		},
	},
	{
		name:       "EmptyScopesAreAccepted",
		assumption: "an update with scopes: [] is accepted, and leaves the expiry",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			k, err := s.projects.APIKeys.Update(ctx, s.fixtures.live.project.ID, s.fixtures.live.key.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{Scopes: []string{}})
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			return fmt.Sprintf("%s, expires_at %s", a, k.JSON.ExpiresAt.Raw()), k.ExpiresAt != 0, nil
		},
	},
	{
		name:       "EmptyUpdateOfAKeyIsRefused",
		assumption: "an update of a key that asks for nothing is refused with 400 (simulator)",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.APIKeys.Update(ctx, s.fixtures.live.project.ID, s.fixtures.live.key.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{})
			return err
		}, answer.refused),
	},
	{
		name:       "ExpiredKeyCannotBeUpdated",
		assumption: "an expired key is found by its ID, and an update of it is refused with 400",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			project := s.fixtures.live.project.ID
			key, err := s.newKeyFor(ctx, project, s.fixtures.live.account.ID, 1, nil)
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			if err := s.pass(ctx, 2*time.Second); err != nil {
				return "", false, err
			}
			_, err = s.projects.APIKeys.Get(ctx, project, key.ID)
			read, err := s.answered(err)
			if err != nil {
				return "", false, err
			}
			_, err = s.projects.APIKeys.Update(ctx, project, key.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: keySeconds})
			updated, err := s.answered(err)
			return fmt.Sprintf("read: %s; updated: %s", read, updated), read.succeeded() && updated.refused(), err
		},
	},
	{
		name:       "AccountKeyCanBeDeleted",
		assumption: "the key of a service account can be deleted, which the reply confirms, and the account stays",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			project := s.fixtures.live.project.ID
			key, err := s.newKey(ctx, project, s.fixtures.live.account.ID, nil)
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			o, err := s.projects.APIKeys.Delete(ctx, project, key.ID)
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			_, err = s.projects.ServiceAccounts.Get(ctx, project, s.fixtures.live.account.ID)
			account, err := s.answered(err)
			return fmt.Sprintf("same ID: %t, deleted: %t; the account is answered %s", o.ID == key.ID, o.Deleted, account), o.ID == key.ID && o.Deleted && account.succeeded(), err
		},
	},
	{
		name:       "DeletedKeyIs404",
		assumption: "a key that was deleted is answered 404, also when it is deleted again",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			project := s.fixtures.live.project.ID
			key, err := s.deletedKey(ctx)
			if err != nil {
				return "", false, err
			}
			_, err = s.projects.APIKeys.Get(ctx, project, key.ID)
			read, err := s.answered(err)
			if err != nil {
				return "", false, err
			}
			_, err = s.projects.APIKeys.Delete(ctx, project, key.ID)
			again, err := s.answered(err)
			return fmt.Sprintf("read: %s; deleted: %s", read, again), read.notFound() && again.notFound(), err
		},
	},
}

// deletedKey issues a key and deletes it.
func (s *sandbox) deletedKey(ctx context.Context) (*openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, error) {
	key, err := s.newKey(ctx, s.fixtures.live.project.ID, s.fixtures.live.account.ID, nil)
	if err != nil {
		return nil, setupFailed(s.safe(err))
	}
	if _, err := s.projects.APIKeys.Delete(ctx, s.fixtures.live.project.ID, key.ID); err != nil {
		return nil, setupFailed(s.safe(err))
	}
	return key, nil
}
