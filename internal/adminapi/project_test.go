// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestBlame(t *testing.T) {
	sim, c := startSimulator(t)
	newProject := func() string {
		p, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
		if err != nil {
			t.Fatalf("cannot create project: %v", err)
		}
		return p.ID
	}
	active, archived := newProject(), newProject()
	if _, err := c.Organization.Projects.Archive(t.Context(), archived); err != nil {
		t.Fatalf("cannot archive project: %v", err)
	}
	get := func(project string) error {
		_, err := c.Organization.Projects.ServiceAccounts.Get(t.Context(), project, "user-1")
		return err
	}

	cases := map[string]struct {
		reason  string
		project string
		fault   *simulator.Fault
		gone    bool
		class   apierror.Class
		text    string
	}{
		"UnknownMember": {
			reason: "The project is fine.", project: active, class: apierror.ClassNotFound,
			text: "OpenAI answers 404: Service account with ID user-1 not found",
		},
		"UnknownProject": {
			reason: "OpenAI answers 404 as for an unknown member.", project: "proj_unknown", gone: true, class: apierror.ClassNotFound,
			text: `project "proj_unknown" does not exist in the admin key's organization: correct the project ID in a new object, or the organization and credentials of the provider configuration`,
		},
		"ArchivedProject": {
			reason: "OpenAI answers 400 as for a bad request.", project: archived, gone: true, class: apierror.ClassInvalid,
			text: `project "` + archived + `" is archived, which cannot be undone: create this in another project`,
		},
		"ProjectThatCannotBeAskedFor": {
			reason: "Without an answer nobody is to blame.", project: archived, class: apierror.ClassInvalid,
			fault: &simulator.Fault{Route: simulator.RouteGetProject, Kind: simulator.FaultError, Count: 1},
			text:  "OpenAI rejects the request: it answers 400 project_archived: Project with ID " + archived + " is archived.",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.fault != nil {
				addFault(t, sim, *tc.fault)
			}
			cause := get(tc.project)
			err := (&Connection{Client: c, Project: tc.project}).ToProjectError(t.Context(), cause)
			if diff := cmp.Diff(tc.text, apitest.Text(err)); diff != "" {
				t.Errorf("\n%s\nBlame: -want, +got:\n%s", tc.reason, diff)
			}
			if got := apierror.IsProjectError(err); got != tc.gone {
				t.Errorf("\n%s\nIsProjectError: want %t, got %t", tc.reason, tc.gone, got)
			}
			if !errors.Is(err, cause) || apierror.ClassOf(err) != tc.class {
				t.Errorf("\n%s\nBlame: want the failed call inside, of class %s, got %v", tc.reason, tc.class, err)
			}
		})
	}
}

// TestBlameAsksOnlyWhenTheProjectCanBeTheReason saves calls that count towards the
// rate limit.
func TestBlameAsksOnlyWhenTheProjectCanBeTheReason(t *testing.T) {
	sim, c := startSimulator(t)
	conn := &Connection{Client: c, Project: "proj_1"}
	for _, class := range []apierror.Class{apierror.ClassThrottled, apierror.ClassTransient, apierror.ClassUnauthorized, apierror.ClassForbidden} {
		cause := &apierror.Error{Class: class}
		if err := conn.ToProjectError(t.Context(), cause); !errors.Is(err, cause) || apierror.IsProjectError(err) {
			t.Errorf("Blame(%s): want the same error, got %v", class, err)
		}
	}
	if err := conn.ToProjectError(t.Context(), nil); err != nil {
		t.Errorf("Blame(nil): want no error, got %v", err)
	}
	if n := len(sim.Calls()); n != 0 {
		t.Errorf("calls: want none, got %d", n)
	}
}
