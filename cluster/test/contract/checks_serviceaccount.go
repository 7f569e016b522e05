// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// unknownAccount is the well-formed ID of no service account.
const unknownAccount = "user-contractcontractcontract"

var serviceAccountChecks = []check{
	{
		name:       "AccountAloneHasNoRoleAndNoKey",
		assumption: "create_service_account_only makes an account with role none, and api_key is null",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			a := s.fixtures.live.account
			return fmt.Sprintf("role %q, api_key %s", a.Role, orNone(a.JSON.APIKey.Raw())), a.Role == "none" && !a.JSON.APIKey.Valid(), nil
		},
	},
	{
		name: "AccountIsReadable",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			made, err := s.newAccount(ctx, s.fixtures.live.project.ID, "contract just made")
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			_, err = s.projects.ServiceAccounts.Get(ctx, s.fixtures.live.project.ID, made.ID)
			a, err := s.answered(err)
			return fmt.Sprintf("an account that was just made is answered %s", a), true, err
		},
	},
	{
		name:       "AccountIsListedSoon",
		assumption: "a list that begins 15 s after a creation shows what was created",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			made, err := s.newAccount(ctx, s.fixtures.live.project.ID, "contract lag")
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			return s.untilListed(ctx, made.ID, true)
		},
	},
	{
		name:       "DeletedAccountIsUnlistedSoon",
		assumption: "a list that begins 15 s after a deletion no longer shows what was deleted",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			id, err := s.deletedAccount(ctx)
			if err != nil {
				return "", false, err
			}
			return s.untilListed(ctx, id, false)
		},
	},
	{
		name:       "AccountNamesAreNotUnique",
		assumption: "two service accounts of a project can have one name",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			made, err := s.newAccount(ctx, s.fixtures.live.project.ID, accountName)
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			return fmt.Sprintf("another ID: %t, same name: %t", made.ID != s.fixtures.live.account.ID, made.Name == accountName),
				made.ID != s.fixtures.live.account.ID && made.Name == accountName, nil
		},
	},
	{
		name:       "AccountUpdateKeepsTheRest",
		assumption: "an update of the role alone leaves the name as it is, and is answered with both",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			o, err := s.setRole(ctx, s.fixtures.live.project.ID, s.fixtures.live.account.ID)
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			return fmt.Sprintf("role %q, name %q", o.Role, o.Name), o.Role == "member" && o.Name == accountName, nil
		},
	},
	{
		name:       "UnknownAccountIs404",
		assumption: "a service account that does not exist is answered 404 invalid_request_error, which is not about the URL",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.ServiceAccounts.Get(ctx, s.fixtures.live.project.ID, unknownAccount)
			return err
		}, answer.notFound),
	},
	{
		name:       "MemberOfAnUnknownProjectIs404",
		assumption: "a member of a project that does not exist is answered 404 as well: whose absence it is takes another call",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.ServiceAccounts.Get(ctx, unknownProject, unknownAccount)
			return err
		}, answer.notFound),
	},
	{
		name:       "ListOfAnUnknownProjectIs404",
		assumption: "a list of the members of a project that does not exist is answered 404, and is not an empty list",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.ServiceAccounts.List(ctx, unknownProject, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(1)})
			return err
		}, answer.notFound),
	},
	{
		name:       "ListCursorIsTheLastID",
		assumption: "the ID of the last item of a page, which is also its last_id, leads to the next page; a page can have 100 items",
		try:        tryCursor,
	},
	{
		name:       "CursorOfADeletedThing",
		assumption: "a cursor whose item was deleted is refused with 400 or 404, or goes on: the list is then fetched again from its beginning",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			id, err := s.deletedAccount(ctx)
			if err != nil {
				return "", false, err
			}
			_, err = s.projects.ServiceAccounts.List(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectServiceAccountListParams{After: openai.String(id)})
			a, err := s.answered(err)
			return a.String(), a.succeeded() || a.refused() || a.notFound(), err
		},
	},
	{
		name:       "DeletionOfAnAccountIsConfirmed",
		assumption: "the reply to the deletion of a service account has its ID and deleted: true",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			made, err := s.newAccount(ctx, s.fixtures.live.project.ID, "contract deleted")
			if err != nil {
				return "", false, setupFailed(s.safe(err))
			}
			o, err := s.projects.ServiceAccounts.Delete(ctx, s.fixtures.live.project.ID, made.ID)
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			return fmt.Sprintf("same ID: %t, deleted: %t", o.ID == made.ID, o.Deleted), o.ID == made.ID && o.Deleted, nil
		},
	},
	{
		name:       "DeletedAccountIs404",
		assumption: "a service account that was deleted is answered 404, also when it is deleted again",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			id, err := s.deletedAccount(ctx)
			if err != nil {
				return err
			}
			_, err = s.projects.ServiceAccounts.Delete(ctx, s.fixtures.live.project.ID, id)
			return err
		}, answer.notFound),
	},
	{
		name:       "KeysEndWithTheirAccount",
		assumption: "the keys of a service account that is deleted no longer exist",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			project := s.fixtures.live.project.ID
			made, err := s.newAccount(ctx, project, "contract with a key")
			if err != nil {
				return setupFailed(s.safe(err))
			}
			key, err := s.newKey(ctx, project, made.ID, nil)
			if err != nil {
				return setupFailed(s.safe(err))
			}
			if _, err = s.projects.ServiceAccounts.Delete(ctx, project, made.ID); err != nil {
				return setupFailed(s.safe(err))
			}
			_, err = s.projects.APIKeys.Get(ctx, project, key.ID)
			return err
		}, answer.notFound),
	},
}

// deletedAccount creates a service account, deletes it, and returns its ID.
func (s *sandbox) deletedAccount(ctx context.Context) (string, error) {
	made, err := s.newAccount(ctx, s.fixtures.live.project.ID, "contract deleted")
	if err != nil {
		return "", setupFailed(s.safe(err))
	}
	if _, err = s.projects.ServiceAccounts.Delete(ctx, s.fixtures.live.project.ID, made.ID); err != nil {
		return "", setupFailed(s.safe(err))
	}
	return made.ID, nil
}

// untilListed lists service accounts until one is listed, or is not listed any more. The assumption
// fails if a list that began after the maximum lag shows the contrary.
func (s *sandbox) untilListed(ctx context.Context, id string, want bool) (string, bool, error) {
	since := time.Now()
	const most = 6
	for lists := 1; lists <= most; lists++ {
		began := time.Since(since)
		if s.target.callInterval > 0 {
			began += s.target.callInterval // the list waits for the call interval
		}
		page, err := s.projects.ServiceAccounts.List(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(100)})
		if err != nil {
			return "", false, s.safe(err)
		}
		listed := false
		for _, a := range page.Data {
			listed = listed || a.ID == id
		}
		text := fmt.Sprintf("list %d, which began after %v, shows it: %t", lists, began.Round(time.Second), listed)
		if listed == want {
			return text, true, nil
		}
		if began > inventory.ListLag {
			return text, false, nil
		}
	}
	return fmt.Sprintf("%d lists within %v do not show it", most, inventory.ListLag), false, nil
}

func tryCursor(ctx context.Context, s *sandbox) (string, bool, error) {
	list := func(after string) ([]openai.ProjectServiceAccount, string, error) {
		p := openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(1)}
		if after != "" {
			p.After = openai.String(after)
		}
		page, err := s.projects.ServiceAccounts.List(ctx, s.fixtures.live.project.ID, p)
		if err != nil {
			return nil, "", s.safe(err)
		}
		if len(page.Data) != 1 {
			return nil, "", errors.New("a page with limit 1 has another number of items")
		}
		return page.Data, page.LastID, nil
	}
	if _, err := s.newAccount(ctx, s.fixtures.live.project.ID, "contract second"); err != nil {
		return "", false, setupFailed(s.safe(err))
	}
	first, lastID, err := list("")
	if err != nil {
		return "", false, err
	}
	second, _, err := list(first[0].ID)
	if err != nil {
		return "", false, err
	}
	_, err = s.projects.ServiceAccounts.List(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(100)})
	a, err := s.answered(err)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("last_id is the last ID: %t, the next page is another: %t, limit=100: %s", lastID == first[0].ID, second[0].ID != first[0].ID, a),
		lastID == first[0].ID && second[0].ID != first[0].ID && a.succeeded(), nil
}

func orNone(raw string) string {
	if raw == "" {
		return "left out"
	}
	return raw
}
