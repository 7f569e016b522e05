// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// A Freshness tells since when what is known of OpenAI is fresh enough for a reconcile
// of an object.
type Freshness func(mg resource.Managed) time.Time

// Since is as long ago as the object's poll interval, so that objects that are
// polled share what was listed for one of them. Whoever asks for a reconcile with
// the annotation of crossplane-runtime wants to know how it is now.
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
