// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"fmt"
)

// Edit changes a record behind the clients' backs, as no call of the API does: it makes
// a group SCIM-managed, for one. What calls can do is better done by a call. The name is
// as for [FamilyRoutes], the IDs are those of the path, and the fields are those that the
// simulator keeps, which are named as in replies.
func (s *Server) Edit(organizationID, name string, edit func(fields map[string]any), ids ...string) error {
	return s.tamper(organizationID, name, ids, edit)
}

// Drop deletes a record behind the clients' backs, whatever the API would refuse, and
// nothing with it. The arguments are as for [Server.Edit].
func (s *Server) Drop(organizationID, name string, ids ...string) error {
	return s.tamper(organizationID, name, ids, nil)
}

// tamper changes a record, or deletes it if there is no edit.
func (s *Server) tamper(organizationID, name string, ids []string, edit func(map[string]any)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	org := s.organizations[organizationID]
	if org == nil {
		return fmt.Errorf("no organization %q", organizationID)
	}
	f, ok := registry[name].(interface {
		tamper(org *organization, c change, ids []string, edit func(map[string]any)) error
	})
	if !ok {
		return fmt.Errorf("no family %q keeps records: there are %q", name, Families())
	}
	return f.tamper(org, s.nextChange(s.clock.now()), ids, edit)
}

func (f *family[T]) tamper(org *organization, c change, ids []string, edit func(map[string]any)) error {
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
	if err := json.Unmarshal(mustMarshal(v), &fields); err != nil {
		return fmt.Errorf("cannot read the record %q of %q: %w", ids, f.path, err)
	}
	edit(fields)
	var edited T
	if err := json.Unmarshal(mustMarshal(fields), &edited); err != nil {
		return fmt.Errorf("cannot keep the record %q of %q as edited: %w", ids, f.path, err)
	}
	if edited.key() != id {
		return fmt.Errorf("the ID %q of a record cannot become %q", id, edited.key())
	}
	t.put(c, id, edited)
	return nil
}
