// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package adminapi is the client of OpenAI's Administration API: OpenAI's SDK with bounded replies,
// typed errors (package apierror), rate limits (package ratelimit) and cached lists (package
// inventory).
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

// DefaultBaseURL is the base URL of OpenAI's API, which its SDKs use by default.
const DefaultBaseURL = baseurl.Default

// RequestTimeout bounds one call, and so how long it can block a worker. It is shorter than the time in
// which a key must be issued and stored.
const RequestTimeout = 12 * time.Second

// A Client calls the Administration API with one admin key. It is safe for concurrent use. Failed calls
// return an *apierror.Error. The SDK's retries are off, since they would also repeat the POST that issues
// a key.
type Client struct {
	openai.AdminService

	// OrganizationID that calls are made for; empty: that of the admin key.
	OrganizationID string

	// BaseURL of the API, without a trailing slash.
	BaseURL string

	// limiter of the admin key, which other clients may share.
	limiter   *ratelimit.Limiter
	inventory *inventory.Inventory
	clock     *Clock
	archived  *recentProjects
	existing  *recentProjects

	// answered is whether any call succeeded, so that the admin key is one of the organization.
	answered *atomic.Bool

	// namedOrganization is the organization that replies named; nil: no call succeeded yet, empty:
	// they name none.
	namedOrganization *atomic.Pointer[string]
}

// Clock estimates OpenAI's clock from replies.
func (c *Client) Clock() *Clock { return c.clock }

// Inventory caches what OpenAI lists for the admin key.
func (c *Client) Inventory() *inventory.Inventory { return c.inventory }

// Settings are everything that a Client is made from.
type Settings struct {
	AdminKey string
	// KeyOrigin names where AdminKey came from, for errors, such as Secret "ns/name" key "k".
	KeyOrigin string
	// OrganizationID that calls are made for; empty: that of the admin key.
	OrganizationID string
	// BaseURL of the API, without a trailing slash.
	BaseURL string

	timeout time.Duration // of one call; 0 for RequestTimeout
	clock   *Clock        // that is set from replies
}

// sender is the part of the settings that errors depend on.
func (s Settings) sender() apierror.Sender {
	return apierror.Sender{AdminKey: s.AdminKey, KeyOrigin: s.KeyOrigin, BaseURL: s.BaseURL}
}

// New returns a client whose calls a limiter throttles, which clients with the same admin key should
// share.
func New(s Settings, l *ratelimit.Limiter) *Client {
	s.clock = &Clock{}
	c := &Client{
		OrganizationID:    s.OrganizationID,
		BaseURL:           s.BaseURL,
		limiter:           l,
		inventory:         &inventory.Inventory{},
		clock:             s.clock,
		archived:          &recentProjects{ttl: archivedTTL},
		existing:          &recentProjects{ttl: existingTTL},
		answered:          &atomic.Bool{},
		namedOrganization: &atomic.Pointer[string]{},
	}
	opts := []option.RequestOption{
		option.WithBaseURL(s.BaseURL),
		option.WithAdminAPIKey(s.AdminKey),
		option.WithMaxRetries(0),
		option.WithHTTPClient(httpClient),
		option.WithHeader("User-Agent", "provider-openai/"+version.Version),
		option.WithMiddleware(onlyIDs(s.BaseURL), l.Middleware, measure, c.observeReply, checkReply(s)),
	}
	if s.OrganizationID != "" {
		opts = append(opts, option.WithOrganization(s.OrganizationID))
	}
	// Unlike openai.NewClient this reads no OPENAI_ environment variables, which may belong to the
	// credentials of another configuration.
	c.AdminService = openai.NewAdminService(opts...)
	return c
}

// observeReply is a middleware that notes that a call succeeded, and for which organization.
func (c *Client) observeReply(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	res, err := next(req)
	if err != nil {
		return res, err
	}
	c.answered.Store(true)
	organization := apierror.OrganizationOf(res.Header)
	if had := c.namedOrganization.Load(); had == nil || (*had == "" && organization != "") {
		c.namedOrganization.Store(&organization)
	}
	return res, nil
}

// Reserve one call of a route, so that what must precede the call is done only if the call can follow. It
// fails with apierror.ClassThrottled if the call would be throttled. The next call of the route with the
// context uses the reservation; an unused one must be released (reconcilestate.State.Release). Outside
// of a reconcile, Reserve only checks.
func (c *Client) Reserve(ctx context.Context, r ratelimit.Route) error {
	return c.limiter.Reserve(ctx, r)
}

// Limiter of the admin key, which other clients may share.
func (c *Client) Limiter() *ratelimit.Limiter { return c.limiter }

// Succeeded reports whether any call succeeded.
func (c *Client) Succeeded() bool { return c.answered.Load() }

// ReplyOrganization returns the ID of the organization that replies named, which is empty if they name
// none. It reports whether any call succeeded yet.
func (c *Client) ReplyOrganization() (id string, answered bool) {
	named := c.namedOrganization.Load()
	if named == nil {
		return "", false
	}
	return *named, true
}
