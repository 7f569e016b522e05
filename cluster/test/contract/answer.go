// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

// An answer is the API's reply to a call, with what distinguishes success from refusal.
type answer struct {
	status int

	// code, kind, param and message are those of an error in OpenAI's form; inForm reports whether
	// the reply has that form.
	code, kind, param, message string
	inForm                     bool
}

// typeInvalidRequest is the type of OpenAI's refusals. The provider recognizes a 404 about a
// resource by it.
const typeInvalidRequest = "invalid_request_error"

// aboutURL begins the message of a 404 about a path that OpenAI does not serve.
var aboutURL = regexp.MustCompile(`(?i)^(invalid|unknown request) url`)

// answered returns the answer to the last call, which may have failed. It returns an error if the
// answer says nothing about the call: no reply, a rate limit or an outage.
func (s *sandbox) answered(callErr error) (answer, error) {
	last := s.wire.last
	if last == nil {
		return answer{}, fmt.Errorf("no reply: %w", callErr)
	}
	a := answer{status: last.status}
	if last.status == http.StatusTooManyRequests || last.status >= http.StatusInternalServerError {
		return a, fmt.Errorf("answered %d, which says nothing about it", last.status)
	}
	if last.status < http.StatusBadRequest {
		if callErr != nil {
			return a, fmt.Errorf("the SDK cannot read the reply: %w", callErr)
		}
		return a, nil
	}
	e := readError(last.body)
	if e == nil {
		a.message = string(last.body)
		return a, nil
	}
	a.kind, a.message = e.Type, e.Message
	if e.Code != nil {
		a.code = *e.Code
	}
	if e.Param != nil {
		a.param = *e.Param
	}
	a.inForm = e.Type != "" && e.Message != ""
	return a, nil
}

// An apiError is an error in OpenAI's form.
type apiError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// readError parses the error in a reply; nil if it has another form.
func readError(body []byte) *apiError {
	var outer struct {
		Error *apiError `json:"error"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return nil
	}
	return outer.Error
}

// notFound reports whether an answer says that a resource does not exist, by the provider's rules.
func (a answer) notFound() bool {
	return a.status == http.StatusNotFound && a.inForm && a.kind == typeInvalidRequest && !aboutURL.MatchString(a.message)
}

// refused reports whether an answer refuses the request itself.
func (a answer) refused() bool {
	return a.status == http.StatusBadRequest && a.inForm
}

// succeeded reports whether the call was carried out.
func (a answer) succeeded() bool { return a.status != 0 && a.status < http.StatusMultipleChoices }

func (a answer) String() string {
	switch {
	case a.status < http.StatusBadRequest:
		return fmt.Sprintf("%d", a.status)
	case !a.inForm:
		return fmt.Sprintf("%d, not in the form of OpenAI's errors: %q", a.status, a.message)
	}
	text := fmt.Sprintf("%d %s", a.status, a.kind)
	if a.code != "" {
		text += ", code " + a.code
	}
	if a.param != "" {
		text += ", param " + a.param
	}
	return fmt.Sprintf("%s: %q", text, a.message)
}

// A call to the API about the fixtures. It returns the SDK's error.
type call func(ctx context.Context, s *sandbox) error

// checkAnswer checks the answer to a call. A setupError means that the call could not be tried.
func checkAnswer(do call, as func(answer) bool) func(context.Context, *sandbox) (string, bool, error) {
	return func(ctx context.Context, s *sandbox) (string, bool, error) {
		err := do(ctx, s)
		var setting *setupError
		if errors.As(err, &setting) {
			return "", false, setting
		}
		a, err := s.answered(err)
		return a.String(), as(a), err
	}
}

// A setupError means that the preparation of a check failed.
type setupError struct{ err error }

func (e *setupError) Error() string { return "could not be set up: " + e.err.Error() }

func (e *setupError) Unwrap() error { return e.err }

// setupFailed wraps the error of a call that prepares a check.
func setupFailed(err error) error {
	if err == nil {
		return nil
	}
	return &setupError{err: err}
}
