// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// Bounds of one list, so that a gateway which invents items without end cannot use up the memory of
// the provider. No project is known to have nearly as many.
const (
	maxItems     = 100_000
	maxListBytes = 32 << 20
)

// tooLarge is the error for a list that exceeds the bounds.
func tooLarge(name string, items, bytes int) *apierror.Error {
	return &apierror.Error{Class: apierror.ClassTransient, TooLarge: true, Message: fmt.Sprintf(
		"the list of %s has more than the provider takes: %d items of %d MiB were read, and more follow; nothing is concluded from it, and it is read again after %s: look for a gateway that makes up replies, or delete what nobody needs",
		name, items, bytes>>20, partialTTL)}
}

// A cooldown keeps a list that proved too large from being fetched again at once.
type cooldown struct {
	err   *apierror.Error
	until time.Time
}

func (c *cooldown) set(err *apierror.Error) { c.err, c.until = err, time.Now().Add(partialTTL) }

// active returns the error of the fetch that is not to be repeated yet; nil if there is none.
func (c *cooldown) active() *apierror.Error {
	if c.err != nil && time.Now().Before(c.until) {
		return c.err
	}
	return nil
}
