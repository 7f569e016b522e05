// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The error types that OpenAI uses.
const (
	typeInvalidRequest = "invalid_request_error"
	typeServer         = "server_error"
	typeRateLimit      = "requests"
)

// An apiError is a refusal in OpenAI's form. An empty code or param is null in the reply.
type apiError struct {
	status  int
	message string
	kind    string
	code    string
	param   string

	// bare replies {"error":"message"}, as some admin endpoints have been observed to do.
	bare bool

	// raw replaces the JSON, as when a proxy in front of OpenAI answers.
	raw string

	// wait is how long the message asks to wait, and retryAfter how long the header does.
	wait, retryAfter time.Duration
}

func (e *apiError) body() []byte {
	if e.raw != "" {
		return []byte(e.raw)
	}
	if e.bare {
		return marshal(map[string]any{"error": e.message})
	}
	null := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	return marshal(map[string]any{"error": map[string]any{
		"message": e.message, "type": e.kind, "param": null(e.param), "code": null(e.code),
	}})
}

// marshal panics on errors: values of this package's types always marshal.
func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("cannot marshal a reply of type %T: %v", v, err))
	}
	return b
}

func badRequest(code, param, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, kind: typeInvalidRequest, code: code, param: param, message: fmt.Sprintf(format, args...)}
}

// notFound is a 404. Pass no ID for a singleton. It has no code: OpenAI documents none for
// unknown IDs, so that clients must use the status.
func notFound(description, id string) *apiError {
	e := &apiError{status: http.StatusNotFound, kind: typeInvalidRequest, message: fmt.Sprintf("%s with ID %s not found", description, id)}
	if id == "" {
		e.message = description + " not found"
	}
	return e
}

// alreadyExists refuses to create what exists. The words are those that users report; the
// status is undocumented.
func (s *Server) alreadyExists(description, id string) *apiError {
	return &apiError{
		status: cmp.Or(s.quirks.AlreadyExistsStatus, http.StatusConflict), kind: typeInvalidRequest,
		message: fmt.Sprintf("%s with ID %s already exists", description, id),
	}
}

func noCredential() *apiError {
	return &apiError{
		status: http.StatusUnauthorized, kind: typeInvalidRequest,
		message: "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
	}
}

func invalidCredential(value string) *apiError {
	return &apiError{
		status: http.StatusUnauthorized, kind: typeInvalidRequest, code: "invalid_api_key",
		message: fmt.Sprintf("Incorrect API key provided: %s. You can find your API key at https://platform.openai.com/account/api-keys.", redactCredential(value)),
	}
}

func mismatched(header, what string) *apiError {
	return &apiError{
		status: http.StatusUnauthorized, kind: typeInvalidRequest, code: "mismatched_" + what,
		message: fmt.Sprintf("%s header should match %s for API key", header, what),
	}
}

// missingScope has no code, as in most recordings.
func missingScope(status int, scopes ...string) *apiError {
	return &apiError{
		status: status, kind: typeInvalidRequest,
		message: "You have insufficient permissions for this operation. Missing scopes: " + strings.Join(scopes, ", ") +
			". Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes.",
	}
}

// codeMissingScope is the code that some recordings have.
const codeMissingScope = "missing_scope"

// defaultProjectRefusal refuses an update or archival of the Default project. The status
// 400 is documented; the words are not.
func defaultProjectRefusal(verb string) *apiError {
	return badRequest("", "", "The default project cannot be %s.", verb)
}

// rateLimited is a 429 without a time to wait. OpenAI sends no x-ratelimit headers on admin
// endpoints.
func rateLimited() *apiError {
	return &apiError{status: http.StatusTooManyRequests, kind: typeRateLimit, code: "rate_limit_exceeded", message: "Rate limit reached for requests."}
}

// rateLimitedFor is a 429 whose message says how long to wait, in words that were observed
// on admin endpoints.
func rateLimitedFor(wait time.Duration) *apiError {
	e := rateLimited()
	e.wait = wait
	e.message = fmt.Sprintf("Rate limit reached for requests. Please try again after %.3f seconds.", wait.Seconds())
	return e
}

// serverError is OpenAI's error for a status that the client did not cause.
func serverError(status int) *apiError {
	switch {
	case status == http.StatusTooManyRequests:
		return rateLimited()
	case status == http.StatusConflict:
		return &apiError{status: status, kind: typeInvalidRequest, code: "conflict", message: "The resource was changed by another request. Please try again."}
	case status >= http.StatusInternalServerError:
		return &apiError{status: status, kind: typeServer, message: "The server had an error while processing your request. Sorry about that!"}
	default:
		return &apiError{status: status, kind: typeInvalidRequest, message: http.StatusText(status)}
	}
}
