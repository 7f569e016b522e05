// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// ObservationOf converts the result of a call of the SDK into an observation. Parent is the ID of
// the project, or of what Kind.Parent names.
func ObservationOf[S, O any](parent string, observe func(parent string, o *S) *O) func(o *S, err error) (*O, error) {
	return func(o *S, err error) (*O, error) {
		if err != nil {
			return nil, err
		}
		return observe(parent, o), nil
	}
}

// Deleted fails unless the reply to a deletion, which is read if there is one, says that the
// resource with the ID was deleted. Some replies have no ID: read then returns an empty one.
func Deleted(id string, err error, read func() (repliedID string, deleted bool)) error {
	if err != nil {
		return err
	}
	repliedID, deleted := read()
	return adminapi.ConfirmDeleted(id, repliedID, deleted)
}

// Gone reports whether OpenAI neither finds a resource, as the error of its GET says, nor lists
// it below a parent.
func Gone[O any](ctx context.Context, c *adminapi.Connection, list *inventory.Collection[*adminapi.Connection, O], parent, id string, err error) bool {
	return adminapi.IsResourceNotFound(err) && list.ConfirmUnlisted(ctx, c, parent, id) == nil
}
