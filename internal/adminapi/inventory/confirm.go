// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"time"
)

// errStillListed says that OpenAI does not find by its ID what it lists.
var errStillListed = errors.New("OpenAI answers that it does not exist, and lists it still; the call will be repeated: if that stays so, look for a gateway that changes paths")

// ConfirmUnlisted fails if a list, as it is now, shows a thing that is not found by its
// ID.
func (col *Collection[C, O]) ConfirmUnlisted(ctx context.Context, c C, parent, id string) error {
	all, err := col.List(ctx, c, parent, time.Now())
	if err != nil {
		return err
	}
	if _, listed := all.Get(id); listed {
		return errStillListed
	}
	return nil
}
