// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// A FreshSince returns how old a cached list may be for a reconcile of an object: the time of the earliest
// fetch that will do.
type FreshSince func(mg resource.Managed) time.Time

// Since is a poll interval ago, so that objects that are polled share a list that was fetched for one of
// them. For an object whose annotation requests a reconcile it is now.
func (o Options) Since(mg resource.Managed) time.Time {
	now := time.Now()
	if token, ok := meta.GetReconcileRequest(mg); ok {
		if t, ok := mg.(interface{ GetLastHandledReconcileAt() string }); ok && t.GetLastHandledReconcileAt() != token {
			return now
		}
	}
	interval := o.PollInterval
	if d, ok := meta.GetPollInterval(mg); ok {
		interval = max(d, o.MinPollInterval)
	}
	return now.Add(-interval)
}
