// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// AcceptsKey verifies the value of a key: it reports whether OpenAI accepts it. It lists models with it,
// which is free; a key without the permission for that counts as accepted. A value that cannot be a key is
// not accepted, without a call. It fails if models are also listed for an invalid key, as by a gateway
// that replaces keys by its own.
func (c *Client) AcceptsKey(ctx context.Context, value string) (bool, error) {
	if !MayBeKey(value) {
		return false, nil
	}
	known, listed, err := c.listModels(ctx, value)
	if err != nil || !listed {
		return known, err
	}
	_, listed, err = c.listModels(ctx, alteredKey(value))
	if err != nil {
		return false, err
	}
	if listed {
		return false, errors.New("cannot determine whether OpenAI accepts a key: what answers in its place accepts any, such as a gateway that puts in a key of its own; let the provider reach OpenAI without it to adopt a key")
	}
	return true, nil
}

// alteredKey returns a value in the form of a key that is not valid.
func alteredKey(value string) string {
	b := []byte(value)
	for i := len(b) / 3; i < len(b)-4; i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '8', c >= 'a' && c <= 'y', c >= 'A' && c <= 'Y':
			b[i]++
		}
	}
	return string(b)
}

// listModels reports whether OpenAI knows a key, and whether it listed models for it.
func (c *Client) listModels(ctx context.Context, value string) (known, listed bool, err error) {
	s := Settings{AdminKey: value, BaseURL: c.BaseURL, KeyOrigin: "the Secret to import", clock: c.clock}
	models := openai.NewModelService(
		option.WithBaseURL(c.BaseURL),
		option.WithAPIKey(value),
		option.WithMaxRetries(0),
		option.WithHTTPClient(httpClient),
		option.WithMiddleware(onlyIDs(c.BaseURL), checkReply(s)),
	)
	page, err := models.List(ctx)
	var e *apierror.Error
	switch {
	case err == nil && page.Object == "list" && page.Data != nil:
		return true, true, nil
	case err == nil:
		return false, false, errors.New("cannot determine whether OpenAI accepts a key: what answers in its place lists no models")
	case !errors.As(err, &e) || e.NotFromOpenAI:
	case e.ShowsKeyIsValid():
		// Refused for a missing permission or an exceeded quota, which only a valid key can be.
		return true, false, nil
	case e.Status == http.StatusUnauthorized && e.RefusesKey():
		return false, false, nil
	}
	return false, false, fmt.Errorf("cannot determine whether OpenAI accepts a key: %w", err)
}
