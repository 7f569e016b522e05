// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"reflect"
	"slices"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// kinds are those of the provider, and the test kinds, which cover every shape.
var kinds = slices.Concat(controller.Kinds, shapes.Kinds)

func nameOf(k controller.Kind) string { return reflect.TypeOf(k.New()).Elem().Name() }

// empty returns an empty object of the row's kind; nil: there is no such kind.
func (r Row) empty() reconciler.Object {
	if i := slices.IndexFunc(kinds, func(k controller.Kind) bool { return nameOf(k) == r.Kind }); i >= 0 {
		return kinds[i].New()
	}
	return nil
}
