// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import "testing"

func TestTime(t *testing.T) {
	if got := Time(0); got != nil {
		t.Errorf("Time(0): want none, got %s", got)
	}
	if got := Time(1793534400); got == nil || got.Unix() != 1793534400 {
		t.Errorf("Time: want the same second, got %v", got)
	}
}
