// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

const (
	// realPrefix of the names of projects that the demo creates in a real organization, by which
	// people recognize them.
	realPrefix = "provider-openai-demo-"

	// shownProjects is the number of projects that are shown to identify the organization.
	shownProjects = 5
)

// A realOpenAI is a real organization, used instead of the simulator. As JSON it names what the
// demo created there, without secrets.
type realOpenAI struct {
	BaseURL string `json:"baseURL"`
	// Project is the name of the demo's project.
	Project string `json:"project"`

	adminKey string
	projects openai.AdminOrganizationProjectService
}

// reach prepares calls with an admin key. Only its arguments decide where the key is sent.
func (r *realOpenAI) reach(adminKey string) {
	r.adminKey = adminKey
	r.projects = openai.NewAdminOrganizationProjectService(option.WithBaseURL(r.BaseURL), option.WithAdminAPIKey(adminKey))
}

// adminKey comes from the environment, never from a command line, which every
// user of the machine could read.
func adminKey() (string, error) {
	key := strings.TrimSpace(os.Getenv("OPENAI_ADMIN_KEY"))
	if key == "" {
		return "", errors.New("REAL=1 uses the real OpenAI API: set the environment variable OPENAI_ADMIN_KEY to an admin key of the organization to use, made under Settings > Organization > Admin keys")
	}
	return key, nil
}

// askForReal asks the user to confirm the organization of the admin key.
func askForReal(ctx context.Context, in io.Reader, out io.Writer) (*realOpenAI, error) {
	key, err := adminKey()
	if err != nil {
		return nil, err
	}
	r := &realOpenAI{
		// Organizations with data residency have an endpoint of their own.
		BaseURL: strings.TrimSuffix(cmp.Or(os.Getenv("OPENAI_BASE_URL"), adminapi.DefaultBaseURL), "/"),
		Project: realPrefix + time.Now().UTC().Format("20060102-150405"),
	}
	r.reach(key)
	names, err := r.activeProjects(ctx)
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(out, "\n== REAL=1: this uses the OpenAI API at %s\n%s\n", r.BaseURL, describe(names))
	_, _ = fmt.Fprintf(out, "The demo makes a project %q with a service account and an API key there, and archives it at the end.\nType yes to go on: ", r.Project)
	return r, confirm(ctx, in)
}

// confirm waits for the user's yes.
func confirm(ctx context.Context, in io.Reader) error {
	answer := make(chan string, 1)
	go func() {
		// A read error is not a yes.
		line, _ := bufio.NewReader(in).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return errors.New("interrupted, nothing was touched")
	case a := <-answer:
		if a != "yes" {
			return errors.New("not confirmed, nothing was touched")
		}
		return nil
	}
}

// describe an organization by the names of its projects.
func describe(names []string) string {
	switch n := len(names); {
	case n == 0:
		return "The admin key's organization has no active projects."
	case n <= shownProjects:
		return fmt.Sprintf("Active projects of the admin key's organization (%d): %s.", n, strings.Join(names, ", "))
	default:
		return fmt.Sprintf("Active projects of the admin key's organization (%d): %s and others.", n, strings.Join(names[:shownProjects], ", "))
	}
}

func (r *realOpenAI) activeProjects(ctx context.Context) ([]string, error) {
	var names []string
	pages := r.projects.ListAutoPaging(ctx, openai.AdminOrganizationProjectListParams{})
	for pages.Next() {
		names = append(names, pages.Current().Name)
	}
	if err := pages.Err(); err != nil {
		return nil, fmt.Errorf("cannot list the organization's projects with OPENAI_ADMIN_KEY: %w", withoutDetails(err))
	}
	return names, nil
}

// archive the demo's active project, by its name, which only the demo uses.
func (r *realOpenAI) archive(ctx context.Context, out io.Writer) error {
	if !strings.HasPrefix(r.Project, realPrefix) {
		return fmt.Errorf("it is not one of the demo's")
	}
	pages := r.projects.ListAutoPaging(ctx, openai.AdminOrganizationProjectListParams{})
	for pages.Next() {
		p := pages.Current()
		if p.Name != r.Project || p.Status == adminapi.StatusArchived {
			continue
		}
		_, _ = fmt.Fprintf(out, "Archiving the project %q (%s) at OpenAI\n", p.Name, p.ID)
		if _, err := r.projects.Archive(ctx, p.ID); err != nil {
			return withoutDetails(err)
		}
	}
	if err := pages.Err(); err != nil {
		return withoutDetails(err)
	}
	return nil
}

// withoutDetails removes the request and the refused key from the SDK's error.
func withoutDetails(err error) error {
	var refused *openai.Error
	if errors.As(err, &refused) {
		return fmt.Errorf("HTTP %d: %s", refused.StatusCode, refusal(refused.StatusCode, []byte(`{"error":`+refused.RawJSON()+`}`)))
	}
	return err
}
