// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/crossplane/upjet/v2/pkg/metrics"
	"github.com/openai/openai-go/v3/option"
)

// largestBody bounds what is read of one reply. A page of 1,000 entries has
// some 300 kB.
const largestBody = 16 << 20

// explain is a middleware that reads the whole reply and turns every failure,
// of the network or of OpenAI, into an *Error. Callers of the SDK then need no
// error handling of their own beyond ClassOf.
func explain(s settings) option.Middleware {
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		// The SDK's own timeout would replace the error below by a bare one.
		ctx, cancel := context.WithTimeout(req.Context(), cmp.Or(s.timeout, requestTimeout))
		defer cancel()
		res, err := next(req.WithContext(ctx))
		if err != nil {
			return nil, transportError(s.baseURL, err)
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, largestBody))
		_ = res.Body.Close()
		if err != nil {
			return nil, transportError(s.baseURL, err)
		}
		if res.StatusCode >= http.StatusBadRequest {
			// A gateway may echo the admin key, whatever its form.
			body = bytes.ReplaceAll(body, []byte(s.adminKey), []byte("sk-…"))
			e := replyError(res.StatusCode, body, s.credential)
			note(req.Context(), e)
			return nil, e
		}
		res.Body = io.NopCloser(bytes.NewReader(body))
		return res, nil
	}
}

func replyError(status int, body []byte, credential string) *Error {
	var reply struct {
		Error json.RawMessage `json:"error"`
	}
	var e struct {
		Code    string `json:"code"`
		Param   string `json:"param"`
		Message string `json:"message"`
	}
	// A reply that is not OpenAI's own, such as a proxy's page, has only its status.
	_ = json.Unmarshal(body, &reply)
	if json.Unmarshal(reply.Error, &e.Message) == nil {
		// Refusals for want of a permission have been seen as a bare string, which the SDK
		// cannot read.
		if status == http.StatusUnauthorized || status == http.StatusForbidden {
			e.Code = codeMissingScope
		}
	} else {
		_ = json.Unmarshal(reply.Error, &e)
	}
	return &Error{
		Class:      classify(status, e.Code, e.Param),
		Status:     status,
		Code:       stable(e.Code),
		Param:      stable(e.Param),
		Message:    stable(e.Message),
		Credential: credential,
	}
}

// transportError drops what differs from try to try, such as ports.
func transportError(baseURL string, err error) *Error {
	return &Error{
		Class:   ClassTransient,
		Message: fmt.Sprintf("no answer from OpenAI at %q: %s", baseURL, transportReason(err)),
	}
}

func transportReason(err error) string {
	var (
		errno syscall.Errno
		dns   *net.DNSError
		nerr  net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "the call was cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &nerr) && nerr.Timeout():
		return "the call timed out"
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %q cannot be looked up", dns.Name)
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	}
	// What remains, such as TLS failures, is stable once its *url.Error is taken off.
	for u := errors.Unwrap(err); u != nil; u = errors.Unwrap(u) {
		err = u
	}
	return stable(err.Error())
}

// measure is a middleware that counts and times calls in upjet's metric
// families, so that dashboards made for upjet providers serve this one too.
func measure(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	service, operation := route(req.Method, req.URL.EscapedPath())
	metrics.ExternalAPICalls.WithLabelValues(service, operation).Inc()
	start := time.Now()
	defer func() {
		metrics.ExternalAPITime.WithLabelValues(operation).Observe(time.Since(start).Seconds())
	}()
	return next(req)
}

// verbs are last elements of a path that name an operation rather than a
// collection.
var verbs = map[string]bool{"archive": true, "activate": true, "deactivate": true, "validate": true}

// singletons are last elements of a path that name a thing of which there is one,
// rather than a collection.
var singletons = map[string]bool{
	"spend_limit": true, "model_permissions": true, "hosted_tool_permissions": true,
	"data_retention": true, "service_tier_settings": true,
}

// route names a call without the IDs in it, so that metrics stay bounded: the
// collection, such as projects/api_keys, and what is done to it.
func route(method, path string) (service, operation string) {
	_, path, _ = strings.Cut(path, "/organization/")
	elements := strings.Split(strings.Trim(path, "/"), "/")

	if last := elements[len(elements)-1]; verbs[last] {
		operation = last
		elements = elements[:len(elements)-1]
	}
	var collections []string
	for i := 0; i < len(elements); i += 2 {
		collections = append(collections, elements[i])
	}
	service = strings.Join(collections, "/")
	if operation != "" {
		return service, operation
	}

	onItem := len(elements)%2 == 0 || singletons[elements[len(elements)-1]]
	switch {
	case method == http.MethodGet && onItem:
		return service, "get"
	case method == http.MethodGet:
		return service, "list"
	case method == http.MethodPost && onItem:
		return service, "update"
	case method == http.MethodPost:
		return service, "create"
	}
	return service, strings.ToLower(method)
}
