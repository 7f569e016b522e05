// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// start is the time of the fixtures until it is advanced.
var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// A fixture is a simulator with the SDK as its client.
type fixture struct {
	*simulator.HTTP
	admin *openai.AdminOrganizationProjectService
}

func newFixture(tb testing.TB, opts ...simulator.Option) fixture {
	tb.Helper()
	opts = append([]simulator.Option{simulator.WithClock(func() time.Time { return start })}, opts...)
	sim := simulator.NewHTTP(opts...)
	tb.Cleanup(sim.Close)
	return fixture{HTTP: sim, admin: adminClient(sim, simulator.DefaultAdminKey)}
}

func adminClient(sim *simulator.HTTP, key string, opts ...option.RequestOption) *openai.AdminOrganizationProjectService {
	admin := openai.NewAdminOrganizationProjectService(append([]option.RequestOption{
		option.WithBaseURL(sim.BaseURL()), option.WithAdminAPIKey(key), option.WithMaxRetries(0),
	}, opts...)...)
	return &admin
}

// project creates a project.
func (f fixture) project(tb testing.TB) string {
	tb.Helper()
	p, err := f.admin.New(tb.Context(), openai.AdminOrganizationProjectNewParams{Name: "team-a"})
	if err != nil {
		tb.Fatalf("cannot create project: %v", err)
	}
	return p.ID
}

// account creates a service account that has access but no key.
func (f fixture) account(tb testing.TB, projectID string) string {
	tb.Helper()
	a, err := f.admin.ServiceAccounts.New(tb.Context(), projectID, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "robot", CreateServiceAccountOnly: openai.Bool(true),
	})
	if err != nil {
		tb.Fatalf("cannot create service account: %v", err)
	}
	_, err = f.admin.ServiceAccounts.Update(tb.Context(), projectID, a.ID, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleMember,
	})
	if err != nil {
		tb.Fatalf("cannot give service account %q a role: %v", a.ID, err)
	}
	return a.ID
}

type newKey = openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams

// key creates a key for a service account.
func (f fixture) key(tb testing.TB, projectID, accountID string, params newKey) *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse {
	tb.Helper()
	k, err := f.admin.ServiceAccounts.APIKeys.New(tb.Context(), projectID, accountID, params)
	if err != nil {
		tb.Fatalf("cannot create key: %v", err)
	}
	return k
}

// listKeys lists the names of all keys of a project.
func (f fixture) listKeys(tb testing.TB, projectID string, access openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccess) []string {
	tb.Helper()
	names := []string{}
	pages := f.admin.APIKeys.ListAutoPaging(tb.Context(), projectID, openai.AdminOrganizationProjectAPIKeyListParams{
		OwnerProjectAccess: access, Limit: openai.Int(100),
	})
	for pages.Next() {
		names = append(names, pages.Current().Name)
	}
	if err := pages.Err(); err != nil {
		tb.Fatalf("cannot list keys: %v", err)
	}
	return names
}

func (f fixture) listModels(ctx context.Context, key string, opts ...option.RequestOption) error {
	models := openai.NewModelService(append([]option.RequestOption{
		option.WithBaseURL(f.BaseURL()), option.WithAPIKey(key), option.WithMaxRetries(0),
	}, opts...)...)
	_, err := models.List(ctx)
	return err
}

func (f fixture) chat(ctx context.Context, key string) (string, error) {
	chat := openai.NewChatCompletionService(
		option.WithBaseURL(f.BaseURL()), option.WithAPIKey(key), option.WithMaxRetries(0))
	c, err := chat.New(ctx, openai.ChatCompletionNewParams{
		Model: "gpt-5", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Hello?")},
	})
	if err != nil {
		return "", err
	}
	return c.Choices[0].Message.Content, nil
}

// A problem is what a client learns about a failed call.
type problem struct {
	Status  int
	Code    string
	Message string
}

// problemOf is nil for no error, and a Status of 0 for an error that is no reply.
func problemOf(err error) *problem {
	if err == nil {
		return nil
	}
	var e *openai.Error
	if !errors.As(err, &e) {
		return &problem{Message: "not a reply"}
	}
	return &problem{Status: e.StatusCode, Code: e.Code, Message: e.Message}
}

// refused is problemOf without the message.
func refused(err error) *problem {
	p := problemOf(err)
	if p != nil {
		p.Message = ""
	}
	return p
}

func mustAddFault(tb testing.TB, s *simulator.Server, f simulator.Fault) int {
	tb.Helper()
	id, err := s.AddFault(f)
	if err != nil {
		tb.Fatalf("AddFault(%+v): %v", f, err)
	}
	return id
}
