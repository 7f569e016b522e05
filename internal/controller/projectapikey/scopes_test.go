// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestScopes(t *testing.T) {
	type parameters = v1alpha1.ProjectAPIKeyParameters
	permissions := func(p v1alpha1.ProjectAPIKeyPermissions) parameters { return parameters{Permissions: &p} }
	cases := map[string]struct {
		reason string
		p      parameters
		want   []string
	}{
		"None":           {"OpenAI takes no scopes for full permissions.", parameters{}, nil},
		"ReadOnly":       {"One scope stands for all reading.", parameters{ReadOnly: yes}, []string{"api.all.read"}},
		"NotReadOnly":    {"false is as if it was left out.", parameters{ReadOnly: new(false)}, nil},
		"Scopes":         {"They are sorted, so that their order does not matter.", parameters{Scopes: []string{"b.write", "a.read"}}, []string{"a.read", "b.write"}},
		"ScopesGoFirst":  {"An older CRD may let two alternatives pass: the narrow one counts.", parameters{Scopes: []string{"a.read"}, ReadOnly: yes}, []string{"a.read"}},
		"Models":         {"The group has two scopes.", permissions(v1alpha1.ProjectAPIKeyPermissions{Models: "read"}), []string{"api.model.read", "model.read"}},
		"Capabilities":   {"The group has two scopes.", permissions(v1alpha1.ProjectAPIKeyPermissions{ModelCapabilities: "write"}), []string{"api.model.request", "model.request"}},
		"AssistantsRead": {"Read is one scope.", permissions(v1alpha1.ProjectAPIKeyPermissions{Assistants: "read"}), []string{"api.assistants.read"}},
		"Assistants":     {"Write is one scope.", permissions(v1alpha1.ProjectAPIKeyPermissions{Assistants: "write"}), []string{"api.assistants.write"}},
		"ThreadsRead":    {"Read is one scope.", permissions(v1alpha1.ProjectAPIKeyPermissions{Threads: "read"}), []string{"api.threads.read"}},
		"Threads":        {"Write is one scope.", permissions(v1alpha1.ProjectAPIKeyPermissions{Threads: "write"}), []string{"api.threads.write"}},
		"FineTuningRead": {"The scope is that of the jobs.", permissions(v1alpha1.ProjectAPIKeyPermissions{FineTuning: "read"}), []string{"api.fine_tuning.jobs.read"}},
		"FineTuning":     {"The scope is that of the jobs.", permissions(v1alpha1.ProjectAPIKeyPermissions{FineTuning: "write"}), []string{"api.fine_tuning.jobs.write"}},
		"FilesRead":      {"Read is one scope.", permissions(v1alpha1.ProjectAPIKeyPermissions{Files: "read"}), []string{"api.files.read"}},
		"Files":          {"Write is one scope.", permissions(v1alpha1.ProjectAPIKeyPermissions{Files: "write"}), []string{"api.files.write"}},
		"AllGroups": {
			"Groups add up, in one order.",
			permissions(v1alpha1.ProjectAPIKeyPermissions{Models: "read", ModelCapabilities: "write", Assistants: "read", Threads: "write", FineTuning: "read", Files: "write"}),
			[]string{"api.assistants.read", "api.files.write", "api.fine_tuning.jobs.read", "api.model.read", "api.model.request", "api.threads.write", "model.read", "model.request"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, scopes(tc.p)); diff != "" {
				t.Errorf("\n%s\nscopes: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestScopesLeaveTheSpecAlone(t *testing.T) {
	given := []string{"b.write", "a.read"}
	scopes(v1alpha1.ProjectAPIKeyParameters{Scopes: given})
	if diff := cmp.Diff([]string{"b.write", "a.read"}, given); diff != "" {
		t.Errorf("the spec's scopes: -before, +after:\n%s", diff)
	}
}

func TestFingerprint(t *testing.T) {
	sets := map[string][]string{
		"none": nil, "one": {"a.read"}, "another": {"a.write"}, "both": {"a.read", "a.write"}, "joined": {"a.reada.write"},
	}
	seen := map[string]string{}
	for name, set := range sets {
		fp := fingerprint(set)
		if other, same := seen[fp]; same {
			t.Errorf("%s and %s have the same fingerprint", name, other)
		}
		seen[fp] = name
		if fp == "" {
			t.Errorf("%s has no fingerprint, as a key of which nothing is known", name)
		}
	}
	if fingerprint(nil) != fingerprint([]string{}) {
		t.Error("no scopes and none differ, although both mean full permissions")
	}
}
