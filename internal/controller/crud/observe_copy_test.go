// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAStatusSharesNothingWithTheCache shows that decoding into a status, as clients do with the
// replies of the API server, does not change what the cached list returns.
func TestAStatusSharesNothingWithTheCache(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", f.newProject(t))
	e := f.created(t, cr)
	observe(t, e, cr)
	want := cr.DeepCopy().Status.AtProvider
	if err := json.Unmarshal([]byte(`{"createdAt":"2001-02-03T04:05:06Z"}`), &cr.Status.AtProvider); err != nil {
		t.Fatal(err)
	}
	observe(t, e, cr)
	if diff := cmp.Diff(want, cr.Status.AtProvider); diff != "" {
		t.Errorf("observation: -want, +got:\n%s", diff)
	}
}
