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

// accessCheckInterval is how often to look whether a key that OpenAI refuses, because its
// service account has no role yet, is accepted.
const accessCheckInterval = 30 * time.Second

// listSince tells as of when the keys must be listed to decide about an object. A
// list as old as the poll interval answers most.
func (e *external) listSince(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) (time.Time, error) {
	since := e.listedSince
	if cr.Status.AtProvider.OwnerProjectAccess == string(openai.ProjectAPIKeyOwnerProjectAccessInactive) {
		since = later(since, time.Now().Add(-accessCheckInterval))
	}
	open, err := e.inFlightUnlisted(ctx, since, o)
	for _, begun := range open {
		// Whether an interrupted mint made a key shows in a list that no longer lags, and
		// for certain only once the mint must have ended.
		shows := begun.Add(inventory.ListLag)
		if end := begun.Add(o.inFlightGrace); !o.now.Before(end) {
			shows = end
		}
		since = later(since, shows)
	}
	return since, err
}

// inFlightUnlisted are the unsettled keys that the list does not show yet. The object comes
// from a cache, which may still tell of a key that was issued and listed since.
func (e *external) inFlightUnlisted(ctx context.Context, since time.Time, o *observed) (inFlight, error) {
	if len(o.inFlight) == 0 {
		return nil, nil
	}
	all, err := adminapi.ProjectAPIKeys.List(ctx, e.conn, e.conn.Project, since)
	if err != nil {
		return nil, err
	}
	open := maps.Clone(o.inFlight)
	for key := range all.All() {
		if n, minted := o.ownerHash.serial(key.Name); minted {
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
