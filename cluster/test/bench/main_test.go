// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		args    []string
		sizes   []int
		phases  []string
		wantErr string
	}{
		"Default": {
			reason: "everything is measured at every size",
			sizes:  []int{100, 1000, 10000}, phases: phases,
		},
		"Chosen": {
			reason: "a smaller size comes first, because larger ones are compared with it",
			args:   []string{"-sizes", "1000, 100", "-phases", "floor,provider"},
			sizes:  []int{100, 1000}, phases: []string{phaseFloor, phaseProvider},
		},
		"TooFewKeys":   {reason: "each project needs one", args: []string{"-sizes", "9"}, wantErr: `cannot use size "9"`},
		"NoNumber":     {reason: "a size is a number", args: []string{"-sizes", "many"}, wantErr: `cannot use size "many"`},
		"UnknownPhase": {reason: "a typo must not measure nothing", args: []string{"-phases", "flor"}, wantErr: `cannot measure phase "flor"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := parse(tc.args)
			if tc.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
					t.Errorf("\n%s\nparse: want an error with %q, got %v", tc.reason, tc.wantErr, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.sizes, o.sizes); diff != "" {
				t.Errorf("\n%s\nsizes: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.phases, o.phases); diff != "" {
				t.Errorf("\n%s\nphases: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
