// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"fmt"
	"slices"

	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// ofProject is the ID of what every project has one of: the project's.
func ofProject[M any](_ context.Context, c *adminapi.Connection, _ M) (string, error) {
	return c.Project, nil
}

// settingOf converts the result of a write into an observation, unless the reply has none of its fields: a
// gateway's {} would count as what was asked for.
func settingOf[S, O any](c *adminapi.Connection, observe func(project string, s *S) *O) func(s *S, err error) (*O, error) {
	return func(s *S, err error) (*O, error) {
		if err == nil && !adminapi.HasFields(s) {
			err = adminapi.IncompleteReply("update", c.Project)
		}
		return crud.ObservationOf(c.Project, observe)(s, err)
	}
}

// ifReplied is a value that a reply has; nil: it does not.
func ifReplied[T any](f respjson.Field, v T) *T {
	if !f.Valid() {
		return nil
	}
	return &v
}

// differenceIfReplied is the difference to an observed value; one that was not replied differs from any.
func differenceIfReplied[T comparable](field string, desired, observed *T) *reconciler.Change {
	if desired != nil && observed == nil {
		return &reconciler.Change{Field: field, To: fmt.Sprint(*desired)}
	}
	return crud.Difference(field, desired, crud.Value(observed))
}

// observedSpend is the amount of a spend limit or alert.
func observedSpend(cents int64, currency, interval string) v1alpha1.ObservedSpend {
	return v1alpha1.ObservedSpend{ThresholdAmount: cents, ThresholdUSD: dollars(cents), Currency: currency, Interval: interval}
}

// dollars is an amount of US cents in dollars, such as 500.00.
func dollars(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// sorted copies a list whose order means nothing.
func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
