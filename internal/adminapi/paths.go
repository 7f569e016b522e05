// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// onlyIDs is a middleware that refuses a call whose path contains anything other than IDs and names of
// collections. IDs come from specs, annotations, Secrets and replies, and with a slash or dots could lead
// to another resource.
func onlyIDs(baseURL string) option.Middleware {
	prefix := "/"
	if base, err := url.Parse(strings.TrimRight(baseURL, "/") + "/"); err == nil {
		// As the SDK joins base URL and path.
		prefix = base.JoinPath("/").EscapedPath()
	}
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		path, ok := strings.CutPrefix(req.URL.EscapedPath(), prefix)
		if !ok {
			return nil, &apierror.IDError{ID: req.URL.Path}
		}
		for part := range strings.SplitSeq(path, "/") {
			if !apierror.IsID(part) {
				plain, err := url.PathUnescape(part)
				if err != nil {
					plain = part
				}
				return nil, &apierror.IDError{ID: plain}
			}
		}
		return next(req.WithContext(ratelimit.WithPath(req.Context(), "/"+path)))
	}
}
