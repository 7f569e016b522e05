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
	typeRequests       = "requests"
)

// An apiError is a refusal in OpenAI's shape. Code and param are null in the
// reply when empty.
type apiError struct {
	status  int
	message string
	kind    string
	code    string
	param   string

	// bare writes the message alone, {"error":"..."}, which some admin
	// endpoints have been seen to do.
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
		return mustMarshal(map[string]any{"error": e.message})
	}
	null := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	return mustMarshal(map[string]any{"error": map[string]any{
		"message": e.message, "type": e.kind, "param": null(e.param), "code": null(e.code),
	}})
}

// mustMarshal is for values of this package's own types, which always marshal.
func mustMarshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("cannot marshal a reply of type %T: %v", v, err))
	}
	return b
}

func badRequest(code, param, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, kind: typeInvalidRequest, code: code, param: param, message: fmt.Sprintf(format, args...)}
}

// notFound has no ID for a singleton, and no code: OpenAI documents none for unknown IDs, so that clients
// must go by the status.
func notFound(what, id string) *apiError {
	e := &apiError{status: http.StatusNotFound, kind: typeInvalidRequest, message: fmt.Sprintf("%s with ID %s not found", what, id)}
	if id == "" {
		e.message = what + " not found"
	}
	return e
}

// alreadyExists refuses to create what is there. Users report the words, and nobody
// documents the status.
func (s *Server) alreadyExists(what, id string) *apiError {
	return &apiError{
		status: cmp.Or(s.quirks.AlreadyExistsStatus, http.StatusConflict), kind: typeInvalidRequest,
		message: fmt.Sprintf("%s with ID %s already exists", what, id),
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

// missingScope has no code, as most recordings of it.
func missingScope(status int, scopes ...string) *apiError {
	return &apiError{
		status: status, kind: typeInvalidRequest,
		message: "You have insufficient permissions for this operation. Missing scopes: " + strings.Join(scopes, ", ") +
			". Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes.",
	}
}

// codeMissingScope is the code of some such refusals.
const codeMissingScope = "missing_scope"

// unchangeable is the refusal of an update or archival of the Default project, which
// is documented with status 400; its words are not.
func unchangeable(verb string) *apiError {
	return badRequest("", "", "The default project cannot be %s.", verb)
}

// rateLimited is a 429 without a hint. OpenAI sends no x-ratelimit headers on
// admin endpoints.
func rateLimited() *apiError {
	return &apiError{status: http.StatusTooManyRequests, kind: typeRequests, code: "rate_limit_exceeded", message: "Rate limit reached for requests."}
}

// rateLimitedFor is a 429 whose body alone says how long to wait, in the words
// that admin endpoints have been seen to use.
func rateLimitedFor(wait time.Duration) *apiError {
	e := rateLimited()
	e.wait = wait
	e.message = fmt.Sprintf("Rate limit reached for requests. Please try again after %.3f seconds.", wait.Seconds())
	return e
}

// failure is what OpenAI says for a status that is not the client's doing.
func failure(status int) *apiError {
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
