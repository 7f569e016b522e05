// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "testing"

func TestRetryAfterIsSentWhereItIsDocumented(t *testing.T) {
	cases := map[string]struct {
		reason string
		route  string
		want   bool
	}{
		"Projects":      {"Not documented.", string(RouteGetProject), false},
		"Keys":          {"Not documented.", string(RouteListProjectAPIKeys), false},
		"Certificates":  {"Documented.", "POST /v1/organization/certificates/activate", true},
		"Groups":        {"Documented.", "GET /v1/organization/groups/{group_id}", true},
		"ProjectGroups": {"Documented.", "GET /v1/organization/projects/{project_id}/groups", true},
		"Assignments":   {"Documented.", "POST /v1/projects/{project_id}/users/{user_id}/roles", true},
		"Roles":         {"Documented.", "GET /v1/organization/roles", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := retryAfterDocumented.MatchString(tc.route); got != tc.want {
				t.Errorf("%s\n%s: want %t, got %t", tc.reason, tc.route, tc.want, got)
			}
		})
	}
}
