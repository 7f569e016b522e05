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

// An answer is what the API replied to a call, as far as it tells success from refusal.
type answer struct {
	status int

	// code, kind, param and message are those of an error in OpenAI's form, which inForm
	// reports.
	code, kind, param, message string
	inForm                     bool
}

// typeInvalidRequest is the type of OpenAI's refusals, which the provider knows a 404
// about a thing by.
const typeInvalidRequest = "invalid_request_error"

// aboutURL begins the message of a 404 about a path that OpenAI does not serve.
var aboutURL = regexp.MustCompile(`(?i)^(invalid|unknown request) url`)

// answered is the answer to a call that was just made, and may have failed. It fails if
// there was none that says anything about the call: no reply, a rate limit or an outage.
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

// readError of a reply; nil if it is in another form.
func readError(body []byte) *apiError {
	var outer struct {
		Error *apiError `json:"error"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return nil
	}
	return outer.Error
}

// notFound reports whether an answer says that a thing does not exist, as the provider
// understands it.
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

// A call is about what is in the sandbox, and fails as the SDK has it.
type call func(ctx context.Context, s *sandbox) error

// checkAnswer is a check of how a call is answered. A call that fails with an errSetting had
// nothing to be tried on.
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

// A setupError says that what a check is tried on could not be made.
type setupError struct{ err error }

func (e *setupError) Error() string { return "could not be set up: " + e.err.Error() }

func (e *setupError) Unwrap() error { return e.err }

// setupFailed marks the error of a call that prepares for the one that is tried.
func setupFailed(err error) error {
	if err == nil {
		return nil
	}
	return &setupError{err: err}
}
