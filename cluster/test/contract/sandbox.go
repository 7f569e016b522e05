// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// prefix of the names of all projects that this program creates, by which people recognize them.
const prefix = "provider-openai-contract-"

// A sandbox is all that a run may change: projects that it created itself, and their members.
type sandbox struct {
	target   *target
	progress io.Writer
	wire     *throttledTransport
	options  []option.RequestOption

	projects openai.AdminOrganizationProjectService

	// run is the prefix of the names of this run's projects, and of no others.
	run string
	// made are the IDs of the projects that may not be archived yet.
	made map[string]bool
	// unanswered reports that a create was not answered, so that a project with an unknown ID may
	// exist.
	unanswered bool

	// secrets are removed from all output.
	secrets []string

	fixtures fixtures
}

func newSandbox(t *target, rec *exchanges.Recorder, progress io.Writer) *sandbox {
	random := make([]byte, 6)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	s := &sandbox{
		target: t, progress: progress,
		wire:    &throttledTransport{next: rec.Transport(http.DefaultTransport), pace: t.callInterval, wait: sleep},
		run:     prefix + time.Now().UTC().Format("20060102-150405-") + hex.EncodeToString(random),
		made:    map[string]bool{},
		secrets: []string{t.adminKey},
	}
	s.options = []option.RequestOption{
		option.WithBaseURL(t.baseURL),
		option.WithMaxRetries(0),
		option.WithHTTPClient(&http.Client{
			Transport: s.wire,
			// A redirected POST would be sent as a GET.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
	}
	// Unlike openai.NewClient, this reads no OPENAI_ environment variables.
	s.projects = openai.NewAdminOrganizationProjectService(slices.Concat(s.options, []option.RequestOption{option.WithAdminAPIKey(t.adminKey)})...)
	return s
}

// newProject creates a project with a name that is unique to this run. It is archived at the end.
func (s *sandbox) newProject(ctx context.Context, role string) (*openai.Project, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Not canceled by an interrupt: without the reply, nobody knows what to archive.
	p, err := s.projects.New(context.WithoutCancel(ctx), openai.AdminOrganizationProjectNewParams{Name: s.run + "-" + role})
	if p != nil && p.ID != "" {
		s.made[p.ID] = true
	} else if a, aerr := s.answered(err); aerr != nil || a.succeeded() {
		s.unanswered = true
	}
	if err == nil && p.ID == "" {
		err = errors.New("OpenAI confirms a project without an ID")
	}
	return p, err
}

// archive a project that this run created.
func (s *sandbox) archive(ctx context.Context, id string) (*openai.Project, error) {
	p, err := s.projects.Archive(ctx, id)
	if err == nil && p.ID == id && adminapi.IsArchived(p.Status) {
		delete(s.made, id)
	}
	return p, err
}

// archiveAll archives what this run created. The error names what it cannot archive.
func (s *sandbox) archiveAll(ctx context.Context) error {
	if s.unanswered {
		if err := s.findUnanswered(ctx); err != nil {
			return fmt.Errorf("cannot search for a project whose creation was not answered; search for names that begin with %q and archive them: %w", s.run, s.safe(err))
		}
	}
	var failed []error
	for id := range s.made {
		if err := s.archiveWithRetries(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("cannot archive the project %q, named %q; archive it by hand: %w", id, s.run, err))
		}
	}
	if len(failed) == 0 {
		say(s.progress, "%d calls; all projects of this run are archived", s.wire.calls)
	}
	return errors.Join(failed...)
}

// archiveWithRetries tries more than once, because nothing archives the project later.
func (s *sandbox) archiveWithRetries(ctx context.Context, id string) error {
	const tries = 3
	var last error
	for range tries {
		_, err := s.archive(ctx, id)
		if err == nil && !s.made[id] {
			return nil
		}
		last = s.safe(err)
		// The project is archived already if the reply to an earlier attempt was lost.
		if p, err := s.projects.Get(ctx, id); err == nil && adminapi.IsArchived(p.Status) {
			delete(s.made, id)
			return nil
		}
	}
	return last
}

// findUnanswered adds projects with this run's prefix to those to archive. Lists may lag.
func (s *sandbox) findUnanswered(ctx context.Context) error {
	if s.target.callInterval > 0 {
		if err := sleep(ctx, inventory.ListLag); err != nil {
			return err
		}
	}
	return s.eachProject(ctx, func(p *openai.Project) bool {
		if strings.HasPrefix(p.Name, s.run+"-") && !adminapi.IsArchived(p.Status) {
			s.made[p.ID] = true
		}
		return true
	})
}

// eachProject calls f with each project that is not archived, until f returns false.
func (s *sandbox) eachProject(ctx context.Context, f func(p *openai.Project) bool) error {
	const pageSize, most = 100, 50
	after := openai.AdminOrganizationProjectListParams{Limit: openai.Int(pageSize)}
	for range most {
		page, err := s.projects.List(ctx, after)
		if err != nil {
			return err
		}
		for i := range page.Data {
			if !f(&page.Data[i]) {
				return nil
			}
		}
		if !page.HasMore || len(page.Data) == 0 {
			return nil
		}
		after.After = openai.String(page.Data[len(page.Data)-1].ID)
	}
	return fmt.Errorf("the organization has more than %d projects", most*pageSize)
}

// pass waits, or advances the clock of the run's own simulator.
func (s *sandbox) pass(ctx context.Context, d time.Duration) error {
	if sim := s.target.simulator; sim != nil {
		sim.Advance(d)
		return nil
	}
	return sleep(ctx, d)
}

// cell removes secrets from a text and truncates it to a cell of the table.
func (s *sandbox) cell(text string) string {
	const most = 240
	return truncate.ForDisplay(s.withoutKeys(text), most)
}

func (s *sandbox) withoutKeys(text string) string {
	b := []byte(text)
	for _, secret := range s.secrets {
		b = bytes.ReplaceAll(b, []byte(secret), []byte("sk-…"))
	}
	return apierror.Redact(string(b))
}

// safe removes secrets from an error. The SDK's errors contain the request.
func (s *sandbox) safe(err error) error {
	if err == nil {
		return errors.New("OpenAI does not confirm it")
	}
	var refused *openai.Error
	if errors.As(err, &refused) {
		if a, aerr := s.answered(err); aerr == nil {
			return errors.New(s.withoutKeys(a.String()))
		}
		return fmt.Errorf("HTTP %d", refused.StatusCode)
	}
	return errors.New(s.withoutKeys(err.Error()))
}
