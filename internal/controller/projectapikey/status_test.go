// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"strings"
	"testing"
	"time"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestTheStatusShowsTheEndOfTheKeyInUse(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("first")}
	f.mustIssue(t)
	f.mustReconcile(t)
	shows := func(when string) {
		t.Helper()
		value := string(f.secret(t).Data[dataAPIKey])
		if shown := f.cr.Status.AtProvider.RedactedValue; len(shown) < 4 || !strings.HasSuffix(value, shown[len(shown)-4:]) {
			t.Errorf("%s: the status shows %q, which is not the end of the key in use", when, shown)
		}
	}
	shows("at first")
	first := f.cr.Status.AtProvider.RedactedValue
	f.Advance(time.Minute)
	f.cr.Spec.ForProvider.Rotation.Trigger = new("second")
	f.mustReconcile(t)
	shows("after a rotation")
	f.mustReconcile(t)
	shows("at the next poll")
	// As an earlier version wrote it.
	f.cr.Status.AtProvider.RedactedValue = first
	f.mustReconcile(t)
	shows("after it was wrong")
}
