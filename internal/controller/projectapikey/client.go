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

// A keyClient mints and revokes the keys of one ProjectAPIKey. OpenAI tells a key's
// value once, in reply to the POST that cannot be repeated, so that the order of
// writes is everything: docs/adr/0003 explains it. The write of the Secret is
// what makes a key count.
type keyClient struct {
	kube   client.Client
	live   client.Reader
	conn   *adminapi.Connection
	owners *reconciler.Ownership
	now    func() time.Time
	emit   func(event)

	// clockOffset is how far OpenAI's clock is ahead of now.
	clockOffset func() time.Duration

	// memory that nobody had asked for.
	memory *memory

	// listedSince is how old a list may be that is young enough.
	listedSince time.Time
}

// get a key by its ID.
func (c *keyClient) get(ctx context.Context, id string) (*openai.ProjectAPIKey, error) {
	key, err := c.conn.Organization.Projects.APIKeys.Get(ctx, c.conn.Project, id)
	if err = validateReply(id, key, err); err != nil {
		return nil, fmt.Errorf("cannot get key %q: %w", id, c.conn.AttributeToProject(ctx, err))
	}
	c.learn(id, key, nil)
	return key, nil
}

// validateReply the reply to a call about one key, which must be about that key.
func validateReply(id string, key *openai.ProjectAPIKey, err error) error {
	if err == nil {
		err = adminapi.ConfirmID(id, key.ID)
	}
	if err == nil {
		adminapi.ReadKey(key)
	}
	return err
}

// learn from a call what became of a key: key if it succeeded, nil if the key is no
// more.
func (c *keyClient) learn(id string, key *openai.ProjectAPIKey, err error) {
	switch {
	case err == nil && key != nil && isIncomplete(key):
		// It says nothing of what the list tells.
		adminapi.ProjectAPIKeys.MarkStale(c.conn, c.conn.Project, id)
	case err == nil && key != nil:
		adminapi.ProjectAPIKeys.Put(c.conn, c.conn.Project, *key)
	case err == nil, apierror.IsProjectArchived(err):
		adminapi.ProjectAPIKeys.Remove(c.conn, c.conn.Project, id)
	case apierror.IsAmbiguous(err), apierror.IsNotFound(err):
		// That it is not found is believed once a list leaves it out as well.
		adminapi.ProjectAPIKeys.MarkStale(c.conn, c.conn.Project, id)
	}
}
