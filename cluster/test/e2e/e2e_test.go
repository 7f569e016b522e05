// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The steps are tested by running them. These tests cover the parts whose defects could make them
// pass wrongly.

func TestASuiteCountsWhatPassed(t *testing.T) {
	var out bytes.Buffer
	s := &suite{out: &out}
	failure := errors.New("it is not")
	if err := s.ok(t.Context(), "this is true", func(context.Context) error { return nil }); err != nil {
		t.Errorf("want no error, got %v", err)
	}
	if err := s.ok(t.Context(), "that is true", func(context.Context) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("want the failure, got %v", err)
	}
	s.finish(time.Minute, true)
	got := regexp.MustCompile(`\d\.\ds`).ReplaceAllString(out.String(), "…")
	want := "ok  this is true  (…)\nFAIL  that is true  (…)\n1 passed, 1 failed in 1m0s\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("output: -want, +got:\n%s", diff)
	}
}

func TestMissingPermissionsAreFoundInLogs(t *testing.T) {
	cases := map[string]struct {
		line string
		want bool
	}{
		"As an error":     {line: `leases "x" is forbidden: User "system:serviceaccount:crossplane-system:p" cannot get resource`, want: true},
		"In JSON":         {line: `{"error": "x is forbidden: User \"system:serviceaccount:a:b\" cannot list"}`, want: true},
		"OpenAI's answer": {line: `403 Forbidden: the key lacks a scope`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := forbidden.MatchString(tc.line); got != tc.want {
				t.Errorf("%q: want %t, got %t", tc.line, tc.want, got)
			}
		})
	}
}

func TestOnlyLinesOfARestartAreOfARestart(t *testing.T) {
	at := func(clock string) time.Time {
		parsed, err := time.Parse(time.TimeOnly, clock)
		if err != nil {
			t.Fatal(err)
		}
		return parsed.AddDate(2026, 10, 26)
	}
	w := &environment{restarts: []period{{from: at("10:00:01"), to: at("10:00:05")}, {from: at("10:01:00"), to: at("10:01:04")}}}
	cases := map[string]struct {
		line string
		want bool
	}{
		"Before":            {line: "2026-11-27T10:00:00Z\tERROR\tforbidden"},
		"In its first":      {line: "2026-11-27T10:00:01Z\tERROR\tforbidden", want: true},
		"Of the second one": {line: "2026-11-27T10:01:03Z\tERROR\tforbidden", want: true},
		"Between":           {line: "2026-11-27T10:00:30Z\tERROR\tforbidden"},
		"Without a time":    {line: "E1127 10:00:03 forbidden"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := w.whileRestarting([]byte(tc.line)); got != tc.want {
				t.Errorf("%q: want %t, got %t", tc.line, tc.want, got)
			}
		})
	}
}

func TestOnlyKindsOfOtherProjectsMayBeUnknown(t *testing.T) {
	for apiVersion, want := range map[string]bool{
		"v1":                              false,
		"apps/v1":                         false,
		"rbac.authorization.k8s.io/v1":    false,
		"pkg.crossplane.io/v1":            false,
		"openai.crossplane.io/v1alpha1":   false,
		"platform.example.org/v1alpha1":   false,
		"policy.sigstore.dev/v1beta1":     true,
		"monitoring.coreos.com/v1":        true,
		"apiextensions.crossplane.io/v1":  false,
		"protection.crossplane.io/v1beta": false,
	} {
		if got := isOfOtherProject(object(apiVersion, "Kind", "", "name")); got != want {
			t.Errorf("%s: want %t, got %t", apiVersion, want, got)
		}
	}
}

func TestACheckReturnsAllReasons(t *testing.T) {
	says := func(why string) check { return func(context.Context) (string, error) { return why, nil } }
	got, err := all(says("one"), says(""), says("two"))(t.Context())
	if err != nil || !strings.Contains(got, "one; two") {
		t.Errorf("want both reasons, got %q and %v", got, err)
	}
}
