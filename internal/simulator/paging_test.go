// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
)

func TestListingsPageThroughMoreThanAHundred(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	want := []string{}
	for i := range 205 {
		name := fmt.Sprintf("key-%03d", i)
		f.key(t, p, sa, newKey{Name: openai.String(name)})
		want = append(want, name)
	}
	if diff := cmp.Diff(want, f.listKeys(t, p, "any")); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	page, err := f.admin.APIKeys.List(t.Context(), p, openai.AdminOrganizationProjectAPIKeyListParams{})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Data) != 20 || !page.HasMore || page.LastID != page.Data[19].ID {
		t.Errorf("first page by default: %d items, has_more %t, last_id %q", len(page.Data), page.HasMore, page.LastID)
	}
}

func TestDeletingWhilePagingSkipsNothing(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	var want []string
	for i := range 7 {
		a, err := f.admin.ServiceAccounts.New(t.Context(), p, openai.AdminOrganizationProjectServiceAccountNewParams{Name: fmt.Sprint(i)})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, a.ID)
	}
	var got []string
	pages := f.admin.ServiceAccounts.ListAutoPaging(t.Context(), p, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(2)})
	for pages.Next() {
		id := pages.Current().ID
		got = append(got, id)
		if _, err := f.admin.ServiceAccounts.Delete(t.Context(), p, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := pages.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
