// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// LookUp returns the ID of the resource in a list for which a function returns true: from the
// cached list, which costs no call, or else from one that is fetched now. Empty: it is in
// neither. An ID from the status would be no answer: a user who left and was invited again has
// another ID.
func LookUp[O any](ctx context.Context, c *adminapi.Connection, list *inventory.Collection[*adminapi.Connection, O], parent string, match func(o *O) bool) (string, error) {
	for _, since := range []time.Time{{}, time.Now()} {
		all, err := list.List(ctx, c, parent, since)
		if err != nil {
			return "", err
		}
		for o := range all.All() {
			if match(o) {
				return list.ID(o), nil
			}
		}
	}
	return "", nil
}
