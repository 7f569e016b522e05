// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// LookUp the ID of what is meant in a list: as it is known, which costs no call, and if it is
// not there as it is now. Empty: it is in neither. An ID in the status is no answer by itself:
// somebody who left and came back has another one.
func LookUp[O any](ctx context.Context, c *adminapi.Connection, list *inventory.Collection[*adminapi.Connection, O], parent string, meant func(o *O) bool) (string, error) {
	for _, since := range []time.Time{{}, time.Now()} {
		all, err := list.List(ctx, c, parent, since)
		if err != nil {
			return "", err
		}
		for o := range all.All() {
			if meant(o) {
				return list.ID(o), nil
			}
		}
	}
	return "", nil
}
