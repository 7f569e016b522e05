// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"time"
)

// errStillListed is returned when OpenAI answers 404 for the ID of an item that it lists.
var errStillListed = errors.New("OpenAI answers that it does not exist, and lists it still; the call will be repeated: if that stays so, look for a gateway that changes paths")

// ConfirmUnlisted fails if a new fetch lists an item for which OpenAI answered 404. A gateway that
// changes paths can cause such a 404, and the item would be taken for deleted.
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
