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
)

// Accepts tells whether OpenAI accepts a key's value. It lists models, which costs
// nothing; a key that may not do that is accepted all the same.
func (c *Client) Accepts(ctx context.Context, value string) (bool, error) {
	s := settings{adminKey: value, baseURL: c.BaseURL, credential: "the Secret to import", clock: c.clock}
	models := openai.NewModelService(
		option.WithBaseURL(c.BaseURL),
		option.WithAPIKey(value),
		option.WithMaxRetries(0),
		option.WithHTTPClient(notFollowed),
		option.WithMiddleware(explain(s)),
	)
	listed, err := models.List(ctx)
	var e *Error
	switch {
	case err == nil && listed.Object == "list" && listed.Data != nil:
		return true, nil
	case err == nil:
		return false, errors.New("cannot tell whether OpenAI accepts a key: what answers in its place lists no models")
	case errors.As(err, &e) && !e.Foreign && (e.cause == causeScopes || e.cause == causeQuota):
		// OpenAI knows whose key it is, and what it may not do or cannot pay.
		return true, nil
	case errors.As(err, &e) && e.Status == http.StatusUnauthorized && e.refusesKey():
		return false, nil
	}
	return false, fmt.Errorf("cannot tell whether OpenAI accepts a key: %w", err)
}
