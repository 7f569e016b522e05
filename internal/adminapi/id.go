// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/openai/openai-go/v3/option"
)

// segment matches what may stand between two slashes of a path: OpenAI's IDs, such as
// user-abc123, rl-gpt-4.1 and rl-ft:gpt-4o:org::abc, and the names of collections.
// Whatever else there is, a gateway may decode, or take for a part of the path. A comma is
// none of these, as the SDK escapes it.
var segment = regexp.MustCompile(`^[A-Za-z0-9._:~@=+-]{1,256}$`)

// An IDError says that what was given as an ID cannot be one, so that no call is made
// with it: with a gateway in between it could be about something else.
type IDError struct {
	// ID that was given.
	ID string
}

// Error quotes the ID, and names the remedy.
func (e *IDError) Error() string {
	return fmt.Sprintf("%q cannot be an ID of OpenAI's, which have letters, digits and . _ : - only: correct the external name, or the field or annotation that it comes from", Redact(Shortened(e.ID, 100)))
}

// Terminal reports that only the user can end this.
func (e *IDError) Terminal() bool { return true }

// Shortened is as much of a text as is told, of at most so many bytes.
func Shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// IsID reports whether something can be an ID of OpenAI's.
func IsID(id string) bool { return segment.MatchString(id) && id != "." && id != ".." }

// belowBase is the key of a request's path behind the base URL, whose own path may look like
// one of OpenAI's.
type belowBase struct{}

// onlyIDs is a middleware that makes no call whose path has anything else than IDs and
// names, wherever it comes from: a spec, an annotation, a Secret or a reply.
func onlyIDs(baseURL string) option.Middleware {
	prefix := "/"
	if base, err := url.Parse(strings.TrimRight(baseURL, "/") + "/"); err == nil {
		// As the SDK joins them.
		prefix = base.JoinPath("/").EscapedPath()
	}
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		path, ok := strings.CutPrefix(req.URL.EscapedPath(), prefix)
		if !ok {
			return nil, &IDError{ID: req.URL.Path}
		}
		for part := range strings.SplitSeq(path, "/") {
			if !IsID(part) {
				plain, err := url.PathUnescape(part)
				if err != nil {
					plain = part
				}
				return nil, &IDError{ID: plain}
			}
		}
		return next(req.WithContext(context.WithValue(req.Context(), belowBase{}, "/"+path)))
	}
}
