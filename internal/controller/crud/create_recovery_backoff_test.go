// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestRepeatedlyInterruptedCreatesBackOff(t *testing.T) {
	var backoff createBackoff
	cr := &v1alpha1.Project{}
	cr.UID = "uid-1"
	var got []time.Duration
	for i := range 11 {
		CreateBegan(cr, time.Date(2026, 11, 1, 12, i, 0, 0, time.UTC))
		// Several reconciles ask about the same create.
		_ = backoff.wait(cr)
		got = append(got, backoff.wait(cr))
	}
	m := time.Minute
	if diff := cmp.Diff([]time.Duration{0, 0, m, 2 * m, 4 * m, 8 * m, 16 * m, 32 * m, 60 * m, 60 * m, 60 * m}, got); diff != "" {
		t.Errorf("waits: -want, +got:\n%s", diff)
	}
	other := &v1alpha1.Project{}
	other.UID = "uid-2"
	CreateBegan(other, time.Date(2026, 11, 1, 12, 5, 0, 0, time.UTC))
	if wait := backoff.wait(other); wait != 0 {
		t.Errorf("another object: want no wait, got %s", wait)
	}
}
