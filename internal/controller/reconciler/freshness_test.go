// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestSince(t *testing.T) {
	o := Options{MinPollInterval: 30 * time.Second}
	o.PollInterval = 10 * time.Minute
	cases := map[string]struct {
		reason      string
		annotations map[string]string
		handled     string
		want        time.Duration
	}{
		"Poll":            {"Objects that are polled share a list.", nil, "", 10 * time.Minute},
		"OwnInterval":     {"The object asks to be polled more often.", map[string]string{meta.AnnotationKeyPollInterval: "2m"}, "", 2 * time.Minute},
		"TooShort":        {"The provider sets the limit.", map[string]string{meta.AnnotationKeyPollInterval: "1s"}, "", 30 * time.Second},
		"Requested":       {"Somebody wants to know how it is now.", map[string]string{meta.AnnotationKeyReconcileRequestedAt: "now"}, "before", 0},
		"RequestAnswered": {"That was answered already.", map[string]string{meta.AnnotationKeyReconcileRequestedAt: "now"}, "now", 10 * time.Minute},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cr := &v1alpha1.Project{}
				cr.SetAnnotations(tc.annotations)
				cr.SetLastHandledReconcileAt(tc.handled)
				if got := time.Since(o.Since(cr)); got != tc.want {
					t.Errorf("\n%s\nSince: want %s ago, got %s ago", tc.reason, tc.want, got)
				}
			})
		})
	}
}
