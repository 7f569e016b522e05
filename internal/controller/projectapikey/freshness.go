// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"maps"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// accessCheck is how often to look whether a key that OpenAI refuses, because its
// service account has no role yet, is accepted.
const accessCheck = 30 * time.Second

// question tells as of when the keys must be listed to decide about an object. A
// list as old as the poll interval answers most.
func (e *external) question(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view) (time.Time, error) {
	since := e.since
	if cr.Status.AtProvider.OwnerProjectAccess == string(openai.ProjectAPIKeyOwnerProjectAccessInactive) {
		since = later(since, time.Now().Add(-accessCheck))
	}
	open, err := e.unlisted(ctx, since, v)
	for _, begun := range open {
		// Whether an interrupted mint made a key shows in a list that no longer lags, and
		// for certain only once the mint must have ended.
		shows := begun.Add(inventory.ListLag)
		if end := begun.Add(v.grace); !v.now.Before(end) {
			shows = end
		}
		since = later(since, shows)
	}
	return since, err
}

// unlisted are the unsettled keys that the list does not show yet. The object comes
// from a cache, which may still tell of a key that was issued and listed since.
func (e *external) unlisted(ctx context.Context, since time.Time, v *view) (unsettled, error) {
	if len(v.unsettled) == 0 {
		return nil, nil
	}
	all, err := adminapi.ProjectAPIKeys.List(ctx, e.conn, e.conn.Project, since)
	if err != nil {
		return nil, err
	}
	open := maps.Clone(v.unsettled)
	for key := range all.All() {
		if n, minted := v.tag.serial(key.Name); minted {
			delete(open, n)
		}
	}
	return open, nil
}

// hasAccess tells whether OpenAI accepts keys of a key's owner.
func hasAccess(k *openai.ProjectAPIKey) bool {
	return k.OwnerProjectAccess != openai.ProjectAPIKeyOwnerProjectAccessInactive
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
