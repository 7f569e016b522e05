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
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A keyClient issues, updates and revokes the keys of one ProjectAPIKey at OpenAI, and stores the
// current one in its Secret. OpenAI returns a key's value once, in reply to a POST that cannot be
// repeated, so that the order of writes matters: see docs/adr/0003. A key becomes the current one
// when the Secret is written.
type keyClient struct {
	kube      client.Client
	apiReader client.Reader
	conn      *adminapi.Connection
	ownership *reconciler.Ownership
	now       func() time.Time
	emit      func(event)

	// clockOffset is how far OpenAI's clock is ahead of now.
	clockOffset func() time.Duration

	// memory of objects from one reconcile to the next.
	memory *memory

	// listedSince is the time as of which OpenAI's lists must be: older ones are fetched again.
	listedSince time.Time
}

func (c *keyClient) get(ctx context.Context, id string) (*openai.ProjectAPIKey, error) {
	key, err := c.conn.Organization.Projects.APIKeys.Get(ctx, c.conn.Project, id)
	if err = validateReply(id, key, err); err != nil {
		return nil, fmt.Errorf("cannot get key %q: %w", id, c.conn.ToProjectError(ctx, err))
	}
	c.learn(id, key, nil)
	return key, nil
}

// validateReply fails unless the reply to a call about a key is about that key.
func validateReply(id string, key *openai.ProjectAPIKey, err error) error {
	if err == nil {
		err = adminapi.ConfirmID(id, key.ID)
	}
	if err == nil {
		adminapi.NormalizeKey(key)
	}
	return err
}

// learn updates the cached list after a call about a key: with the key if the call succeeded,
// without it if the key was deleted.
func (c *keyClient) learn(id string, key *openai.ProjectAPIKey, err error) {
	switch {
	case err == nil && key != nil && isIncomplete(key):
		// The list has more than such a reply.
		adminapi.ProjectAPIKeys.MarkStale(c.conn, c.conn.Project, id)
	case err == nil && key != nil:
		adminapi.ProjectAPIKeys.Put(c.conn, c.conn.Project, *key)
	case err == nil, apierror.IsProjectArchived(err):
		adminapi.ProjectAPIKeys.Remove(c.conn, c.conn.Project, id)
	case apierror.OutcomeUnknown(err), apierror.IsNotFound(err):
		// A key counts as deleted only once a list leaves it out as well.
		adminapi.ProjectAPIKeys.MarkStale(c.conn, c.conn.Project, id)
	}
}
