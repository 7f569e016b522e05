// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Answers returns a condition for Await: a URL answers a GET with 200.
func Answers(c *http.Client, url string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		_, err := Get(ctx, c, url)
		return err == nil
	}
}

// Get returns the body of a URL that answers with 200, such as metrics.
func Get(ctx context.Context, c *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := c.Do(req)
	if err != nil {
		return nil, fmt.Errorf("cannot get %q: %w", url, err)
	}
	defer func() { _ = res.Body.Close() }() // only read
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("cannot get %q: it answers %s", url, res.Status)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("cannot get %q: %w", url, err)
	}
	return body, nil
}
