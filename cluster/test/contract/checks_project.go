// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// unknownProject is the well-formed ID of no project.
const unknownProject = "proj_contractcontractcontract"

// dateTolerance is the difference that the provider tolerates between two of OpenAI's times for one
// event.
const dateTolerance = 5 * time.Second

var projectChecks = []check{
	{
		name:       "NewProjectIsActive",
		assumption: "a new project has status active, and archived_at and external_key_id are null",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			p := s.fixtures.live.project
			archived, external := p.JSON.ArchivedAt.Raw(), p.JSON.ExternalKeyID.Raw()
			return fmt.Sprintf("status %q, archived_at %s, external_key_id %s, residency %q", p.Status, archived, external, p.Residency),
				p.Status == "active" && archived == "null" && external == "null", nil
		},
	},
	{
		name:       "ProjectIsDatedByTheServer",
		assumption: "created_at of a project is within 5 s of the Date of the reply to its creation: interrupted creates are recovered by it",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			text, ok := dated(s.fixtures.live.project.CreatedAt, s.fixtures.live.made)
			return text, ok, nil
		},
	},
	{
		name:       "ProjectNamesAreNotUnique",
		assumption: "two projects can have one name, so that a repeated create makes a second one",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			a, b := s.fixtures.live.project, s.fixtures.archived.project
			return fmt.Sprintf("two IDs: %t, one name: %t", a.ID != b.ID, a.Name == b.Name), a.ID != b.ID && a.Name == b.Name, nil
		},
	},
	{
		name:       "UnknownProjectIs404",
		assumption: "a project that does not exist is answered 404 invalid_request_error, which is not about the URL",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.Get(ctx, unknownProject)
			return err
		}, answer.notFound),
	},
	{
		name:       "UnknownURLIsToldApart",
		assumption: `a path that is not served is answered 404 with code unknown_url, or a message that begins with "Invalid URL"`,
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.Get(ctx, unknownProject, option.WithMiddleware(func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
				req.URL.Path = strings.Replace(req.URL.Path, "/projects/"+unknownProject, "/contract_unknown", 1)
				return next(req)
			}))
			return err
		}, func(a answer) bool {
			return a.status == http.StatusNotFound && (a.code == "unknown_url" || aboutURL.MatchString(a.message))
		}),
	},
	{
		name:       "UnknownParameterIsRefused",
		assumption: "a parameter that is not known is refused with 400, and not ignored (simulator)",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			p := s.fixtures.live.project
			_, err := s.projects.Update(ctx, p.ID, openai.AdminOrganizationProjectUpdateParams{Name: openai.String(p.Name)},
				option.WithJSONSet("contract_unknown", true))
			return err
		}, answer.refused),
	},
	{
		name:       "ExternalKeyIsDetachedByNull",
		assumption: "external_key_id: null in an update is accepted, and the reply has null",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			p, err := s.projects.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectUpdateParams{ExternalKeyID: param.Null[string]()})
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			return fmt.Sprintf("%s, external_key_id %s, name kept: %t", a, p.JSON.ExternalKeyID.Raw(), p.Name == s.fixtures.live.project.Name),
				p.JSON.ExternalKeyID.Raw() == "null" && p.Name == s.fixtures.live.project.Name, nil
		},
	},
	{
		name:       "ProjectNameIsKeptInEssence",
		assumption: "a name is answered as it was asked for, or with other blanks or letter case, or cut at the end",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			asked := s.run + "  Two Blanks "
			p, err := s.projects.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectUpdateParams{Name: openai.String(asked)})
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			fold := func(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
			return fmt.Sprintf("asked for %q, answered %q", asked, p.Name), strings.HasPrefix(fold(asked), fold(p.Name)) && len(p.Name) >= 32, nil
		},
	},
	{
		name:       "ArchivingIsConfirmed",
		assumption: "the reply to archiving has the project's ID and status archived",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			p := s.fixtures.archiving
			same := p.ID == s.fixtures.archived.project.ID
			return fmt.Sprintf("status %q, archived_at %s, same ID: %t", p.Status, p.JSON.ArchivedAt.Raw(), same), same && adminapi.IsArchived(p.Status), nil
		},
	},
	{
		name:       "ArchivedProjectCanBeRead",
		assumption: "an archived project is still found by its ID, with status archived",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			p, err := s.projects.Get(ctx, s.fixtures.archived.project.ID)
			a, err := s.answered(err)
			if err != nil || !a.succeeded() {
				return a.String(), false, err
			}
			return fmt.Sprintf("%s, status %q", a, p.Status), adminapi.IsArchived(p.Status), nil
		},
	},
	{
		name:       "ListLeavesOutArchivedProjects",
		assumption: "the list of projects shows a live one and, within 15 s, no archived one",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			seen := map[string]bool{}
			err := s.eachProject(ctx, func(p *openai.Project) bool {
				seen[p.ID] = true
				return true
			})
			if err != nil {
				return "", false, s.safe(err)
			}
			live, archived := seen[s.fixtures.live.project.ID], seen[s.fixtures.archived.project.ID]
			return fmt.Sprintf("lists the live one: %t, the archived one: %t", live, archived), live && !archived, nil
		},
	},
	{
		name:       "ArchivingTwiceIsRefused",
		assumption: "archiving an archived project is refused with 400, so that its status has to be read",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.Archive(ctx, s.fixtures.archived.project.ID)
			return err
		}, answer.refused),
	},
	{
		name:       "ArchivedProjectCannotBeUpdated",
		assumption: "an update of an archived project is refused with 400",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			p := s.fixtures.archived.project
			_, err := s.projects.Update(ctx, p.ID, openai.AdminOrganizationProjectUpdateParams{Name: openai.String(p.Name)})
			return err
		}, answer.refused),
	},
}

// dated compares created_at with the Date header of the reply.
func dated(createdAt int64, date time.Time) (string, bool) {
	if date.IsZero() {
		return "the reply has no Date", false
	}
	off := time.Unix(createdAt, 0).Sub(date)
	return fmt.Sprintf("created_at is %v from the Date of the reply", off), off.Abs() <= dateTolerance
}
