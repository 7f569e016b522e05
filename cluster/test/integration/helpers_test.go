// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/openai/openai-go/v3"
)

var equateEmpty = cmpopts.EquateEmpty()

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// projectsNamed lists the IDs of projects, not archived, with a name.
func (tn *tenant) projectsNamed(name string) []string {
	tn.Helper()
	var ids []string
	pages := tn.openai.ListAutoPaging(tn.Context(), openai.AdminOrganizationProjectListParams{Limit: openai.Int(100)})
	for pages.Next() {
		if p := pages.Current(); p.Name == name {
			ids = append(ids, p.ID)
		}
	}
	tn.must(pages.Err())
	return ids
}

// accountsNamed lists the IDs of the tenant's service accounts with a name.
func (tn *tenant) accountsNamed(name string) []string {
	tn.Helper()
	var ids []string
	pages := tn.openai.ServiceAccounts.ListAutoPaging(tn.Context(), tn.project, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(100)})
	for pages.Next() {
		if sa := pages.Current(); sa.Name == name {
			ids = append(ids, sa.ID)
		}
	}
	tn.must(pages.Err())
	return ids
}
