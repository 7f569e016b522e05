// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"fmt"
)

// Edit changes a record in a way that no call of the API can, such as making a group
// SCIM-managed. Prefer calls where they can make the change. The name is as for
// [FamilyRoutes], the IDs are those of the path, and the fields are those that the
// simulator stores, with the names that replies have.
func (s *Server) Edit(organizationID, name string, edit func(fields map[string]any), ids ...string) error {
	return s.editRecord(organizationID, name, ids, edit)
}

// Drop deletes a record, even if the API would refuse that, and nothing that depends on it.
// The arguments are as for [Server.Edit].
func (s *Server) Drop(organizationID, name string, ids ...string) error {
	return s.editRecord(organizationID, name, ids, nil)
}

// editRecord changes a record, or deletes it if edit is nil.
func (s *Server) editRecord(organizationID, name string, ids []string, edit func(map[string]any)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	org := s.organizations[organizationID]
	if org == nil {
		return fmt.Errorf("no organization %q", organizationID)
	}
	f, ok := registry[name].(interface {
		editRecord(org *organization, c change, ids []string, edit func(map[string]any)) error
	})
	if !ok {
		return fmt.Errorf("no family %q keeps records: there are %q", name, Families())
	}
	return f.editRecord(org, s.nextChange(s.clock.now()), ids, edit)
}

func (f *family[T]) editRecord(org *organization, c change, ids []string, edit func(map[string]any)) error {
	parents, own := f.parameters()
	if want := len(parameter.FindAllString(f.path, -1)); len(ids) != want {
		return fmt.Errorf("%d IDs for %q: it takes %d", len(ids), f.path, want)
	}
	id := ""
	if own != "" {
		id = ids[len(parents)]
	}
	t := f.table(org, ids[:len(parents)])
	v, there := t.get(latest, id)
	if !there {
		return fmt.Errorf("no record %q of %q", ids, f.path)
	}
	if edit == nil {
		t.drop(c, id)
		return nil
	}
	var fields map[string]any
	if err := json.Unmarshal(marshal(v), &fields); err != nil {
		return fmt.Errorf("cannot read the record %q of %q: %w", ids, f.path, err)
	}
	edit(fields)
	var edited T
	if err := json.Unmarshal(marshal(fields), &edited); err != nil {
		return fmt.Errorf("cannot keep the record %q of %q as edited: %w", ids, f.path, err)
	}
	if edited.key() != id {
		return fmt.Errorf("the ID %q of a record cannot become %q", id, edited.key())
	}
	t.put(c, id, edited)
	return nil
}
