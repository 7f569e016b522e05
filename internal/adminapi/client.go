// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package adminapi is the client of the Administration API: OpenAI's SDK with bounded replies,
// typed errors, rate limits and shared lists.
package adminapi

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/baseurl"
	"github.com/crossplane-contrib/provider-openai/internal/version"
)

// DefaultBaseURL is where OpenAI's SDKs expect the API unless they are told
// otherwise.
const DefaultBaseURL = baseurl.Default

// RequestTimeout bounds one call, and so how long a worker can be held up. It is
// less than the time in which a key must be minted and stored.
const RequestTimeout = 12 * time.Second

// A Client calls the Administration API with one admin key. It is safe for
// concurrent use. Its calls are never repeated by the SDK, since the SDK would
// also repeat the POST that mints a key; failures are *Error.
type Client struct {
	openai.AdminService

	// OrganizationID that calls are made for; empty for the admin key's own.
	OrganizationID string

	// BaseURL of the API, without a slash at its end.
	BaseURL string

	// budget of the admin key, which other clients may share.
	budget *ratelimit.Budget

	inventory *inventory.Inventory

	clock *Clock

	// archived projects, as far as OpenAI said so of late.
	archived *recently

	// good tells that a call ever succeeded, so that the organization is one of the admin
	// key's.
	good *atomic.Bool

	// told is the organization that replies named; nil: no call succeeded yet, empty: they
	// name none.
	told *atomic.Pointer[string]
}

// Clock is OpenAI's, as its replies to the admin key tell.
func (c *Client) Clock() *Clock { return c.clock }

// Inventory of what OpenAI lists to the admin key.
func (c *Client) Inventory() *inventory.Inventory { return c.inventory }

// Settings are all that a Client is made from.
type Settings struct {
	AdminKey       string
	Credential     string // where adminKey came from, for errors
	OrganizationID string
	BaseURL        string
	timeout        time.Duration // of one call; 0 for RequestTimeout
	clock          *Clock        // that replies are read into
}

// sender is what errors tell of the settings.
func (s Settings) sender() apierror.Sender {
	return apierror.Sender{AdminKey: s.AdminKey, Credential: s.Credential, BaseURL: s.BaseURL}
}

func New(s Settings, b *ratelimit.Budget) *Client {
	s.clock = &Clock{}
	c := &Client{
		OrganizationID: s.OrganizationID,
		BaseURL:        s.BaseURL,
		budget:         b,
		inventory:      &inventory.Inventory{},
		clock:          s.clock,
		archived:       &recently{},
		good:           &atomic.Bool{},
		told:           &atomic.Pointer[string]{},
	}
	opts := []option.RequestOption{
		option.WithBaseURL(s.BaseURL),
		option.WithAdminAPIKey(s.AdminKey),
		option.WithMaxRetries(0),
		option.WithHTTPClient(notFollowed),
		option.WithHeader("User-Agent", "provider-openai/"+version.Version),
		option.WithMiddleware(onlyIDs(s.BaseURL), b.Middleware, measure, c.remember, explain(s)),
	}
	if s.OrganizationID != "" {
		opts = append(opts, option.WithOrganization(s.OrganizationID))
	}
	// Unlike openai.NewClient this reads no OPENAI_ variables, which may belong to
	// another configuration's credentials.
	c.AdminService = openai.NewAdminService(opts...)
	return c
}

// remember is a middleware that notes whether any call succeeded, and for which organization.
func (c *Client) remember(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	res, err := next(req)
	if err == nil {
		c.good.Store(true)
		c.hear(apierror.OrganizationOf(res.Header))
	}
	return res, err
}

// Reserve one call that is about to be made, so that what must precede it is done
// only if the call can follow. It fails, with ClassThrottled, if the call would be
// held back. The next call of the route with the context uses the reservation; what
// is not used must be released. Without a Pace it only checks.
func (c *Client) Reserve(ctx context.Context, r ratelimit.Route) error {
	return c.budget.Reserve(ctx, r)
}

// Budget of the calls of the admin key, which other clients may share.
func (c *Client) Budget() *ratelimit.Budget { return c.budget }

// Answered reports whether any call ever succeeded.
func (c *Client) Answered() bool { return c.good.Load() }

// NamedOrganization is the ID of the organization that replies named; empty: they name none. It
// reports whether any call succeeded yet.
func (c *Client) NamedOrganization() (id string, answered bool) {
	told := c.told.Load()
	if told == nil {
		return "", false
	}
	return *told, true
}

// hear what a reply tells of the organization.
func (c *Client) hear(organization string) {
	if had := c.told.Load(); had == nil || (*had == "" && organization != "") {
		c.told.Store(&organization)
	}
}
