// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
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
}

// An event is something that happened to a key, for kubectl describe.
type event struct{ reason, message string }

// list all keys of the project, those of owners without access too, and those in
// also that OpenAI does not list although it knows them.
func (k *keyring) list(ctx context.Context, also ...string) ([]openai.ProjectAPIKey, error) {
	var keys []openai.ProjectAPIKey
	seen := map[string]bool{}
	pages := k.conn.Organization.Projects.APIKeys.ListAutoPaging(ctx, k.conn.Project, openai.AdminOrganizationProjectAPIKeyListParams{
		Limit:              openai.Int(pageSize),
		OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny,
	})
	for pages.Next() {
		key := pages.Current()
		seen[key.ID] = true
		keys = append(keys, key)
	}
	if err := pages.Err(); err != nil {
		return nil, k.conn.Blame(ctx, err)
	}
	// A list may lag behind the writes.
	for _, id := range also {
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		key, err := k.conn.Organization.Projects.APIKeys.Get(ctx, k.conn.Project, id)
		if adminapi.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot get key %q: %w", id, err)
		}
		keys = append(keys, *key)
	}
	return keys, nil
}

// pageSize is the largest that OpenAI allows (openai-go, list parameters).
const pageSize = 100
