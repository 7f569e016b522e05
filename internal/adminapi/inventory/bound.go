// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"
	"reflect"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// Bounds of one list, so that a gateway which makes up things without end cannot take all
// of the provider's memory by one of them. No project is known to have so many.
const (
	mostThings    = 100_000
	mostListBytes = 32 << 20
)

// tooLarge is the error for a list without an end in sight.
func tooLarge(name string, things, bytes int) *apierror.Error {
	return &apierror.Error{Class: apierror.ClassTransient, TooLarge: true, Message: fmt.Sprintf(
		"the list of %s has more than the provider takes: %d things of %d MiB were read, and more follow; nothing is concluded from it, and it is read again after %s: look for a gateway that makes up replies, or delete what nobody needs",
		name, things, bytes>>20, partialLife)}
}

// sizeOf is about how much memory a thing takes, besides the texts that were kept.
func sizeOf[O any]() int { return int(reflect.TypeFor[O]().Size()) }

// bar the fetches of a list for a while, after one that found it to be too large.
type bar struct {
	err   *apierror.Error
	until time.Time
}

func (b *bar) set(err *apierror.Error) { b.err, b.until = err, time.Now().Add(partialLife) }

// holds returns the error of the fetch that is not to be repeated yet; nil if there is none.
func (b *bar) holds() *apierror.Error {
	if b.err != nil && time.Now().Before(b.until) {
		return b.err
	}
	return nil
}
