// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// A keyring mints and revokes the keys of one ProjectAPIKey. OpenAI tells a key's
// value once, in reply to the POST that cannot be repeated, so that the order of
// writes is everything: docs/adr/0003 explains it. The write of the Secret is
// what makes a key count.
type keyring struct {
	kube client.Client
	live client.Reader
	conn *adminapi.Connection
	now  func() time.Time
	tell func(event)

	// since is how old a list may be that is young enough.
	since time.Time
}

// An event is something that happened to a key, for kubectl describe.
type event struct{ reason, message string }

// list the keys of the project as they were at a time or later, and pick those with
// a tag, and those that are known by ID. Whatever is known but not listed is asked
// for, since the list may lag behind the writes; the times tell when it was made.
func (k *keyring) list(ctx context.Context, since time.Time, t tag, known map[string]time.Time) (*adminapi.Listing[openai.ProjectAPIKey], []openai.ProjectAPIKey, error) {
	all, err := adminapi.ProjectAPIKeys.List(ctx, k.conn, k.conn.Project, since)
	if err != nil {
		return nil, nil, err
	}
	var picked []openai.ProjectAPIKey
	for key := range all.All() {
		_, minted := t.serial(key.Name)
		if _, wanted := known[key.ID]; minted || wanted {
			picked = append(picked, *key)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if _, listed := all.Get(id); id == "" || listed || all.Gone(id, known[id]) {
			continue
		}
		key, err := k.conn.Organization.Projects.APIKeys.Get(ctx, k.conn.Project, id)
		if adminapi.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("cannot get key %q: %w", id, err)
		}
		adminapi.ProjectAPIKeys.Put(k.conn, k.conn.Project, *key)
		picked = append(picked, *key)
	}
	return all, picked, nil
}

// learn from a call what became of a key: key if it succeeded, nil if the key is no
// more.
func (k *keyring) learn(id string, key *openai.ProjectAPIKey, err error) {
	switch {
	case err == nil && key != nil:
		adminapi.ProjectAPIKeys.Put(k.conn, k.conn.Project, *key)
	case err == nil, adminapi.IsNotFound(err), adminapi.IsProjectArchived(err):
		adminapi.ProjectAPIKeys.Remove(k.conn, k.conn.Project, id)
	case adminapi.IsAmbiguous(err):
		adminapi.ProjectAPIKeys.Forget(k.conn, k.conn.Project, id)
	}
}
