// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package apierror turns failed replies of OpenAI, or of a gateway in its place, into one type of error:
// with a class for the code, and for the user a stable text without secrets that names a remedy.
package apierror

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Class is what a failed call means to its caller.
type Class string

// The classes of failed calls. Each call has exactly one.
const (
	// ClassNotFound: the resource does not exist, or no longer does.
	ClassNotFound Class = "NotFound"
	// ClassThrottled: the rate limit refused the call, or would refuse it; nothing was changed.
	ClassThrottled Class = "Throttled"
	// ClassUnauthorized: the admin key is wrong, lacks a permission, or is used from
	// where or for what it must not be.
	ClassUnauthorized Class = "Unauthorized"
	// ClassForbidden: a policy of the organization or project forbids the call.
	ClassForbidden Class = "Forbidden"
	// ClassInvalid: OpenAI rejects the request, whoever sends it.
	ClassInvalid Class = "Invalid"
	// ClassQuota: the organization lacks credit or exceeded a spend limit; nothing was changed. The
	// status is often 429, that of a rate limit.
	ClassQuota Class = "Quota"
	// ClassTransient: the call failed on the way or at OpenAI. A change may have been made
	// nevertheless.
	ClassTransient Class = "Transient"
)

// An Error is a failed call of the Administration API. Its text ends up in conditions: it is the same at
// every try (no request IDs, times or addresses), and never contains a key.
type Error struct {
	// Class of the failure.
	Class Class
	// Status is the HTTP status; 0 if there was no reply, or the call was not sent.
	Status int
	// Code is OpenAI's code of the error, such as invalid_api_key. It may be empty.
	Code string
	// Param is the field of the request that OpenAI objects to. It may be empty.
	Param string
	// Message is OpenAI's message, made stable (function Stable).
	Message string
	// KeyOrigin names where the admin key came from, such as Secret "ns/name" key "k".
	KeyOrigin string
	// Unsent is whether no connection was made, so that OpenAI never got the call.
	Unsent bool
	// NotFromOpenAI is whether the reply is not in the form of OpenAI's errors, as when a gateway or a
	// firewall answers in its place. It then shows nothing about the resource.
	NotFromOpenAI bool
	// Scopes are the permissions that the key lacks, if OpenAI names them.
	Scopes []string
	// RetryAt is when a throttled call can be repeated; zero if unknown.
	RetryAt time.Time

	// cause of the refusal, if it has a remedy of its own, and whether it was recognized by OpenAI's
	// message only, not by a code.
	cause     cause
	byMessage bool
	// customHost is whether the base URL is not of OpenAI's own hosts.
	customHost bool
	// host of OpenAI's API that is to be called instead.
	host string
	// isProjectKey is whether the admin key has the form of a project's API key.
	isProjectKey bool
	// Hint describes a likely mistake in the base URL, or what is wrong with the gateway.
	Hint string
	// Organization that the reply names; empty: none.
	Organization string
	// TooLarge is whether a list exceeded the provider's bounds, so that it is not to be fetched again
	// at once.
	TooLarge bool
}

// Error explains the failure, and names the remedy if there is one.
func (e *Error) Error() string {
	if e.Hint != "" {
		return e.explain() + "; " + e.Hint
	}
	return e.explain()
}

func (e *Error) explain() string {
	if remedy := remedies[e.cause]; remedy != nil {
		return remedy(e)
	}
	switch e.Class {
	case ClassNotFound:
		return "OpenAI answers " + e.reply()
	case ClassThrottled:
		if e.Code == CodeConfiguredRateLimit {
			return "the calls a minute that the provider configuration's rateLimit allows are used up; the call will be repeated"
		}
		if e.NotFromOpenAI {
			return "a rate limit of OpenAI, or of a gateway in its place, is reached; the call will be repeated"
		}
		return "OpenAI's rate limit for the Administration API is reached; the call will be repeated"
	case ClassUnauthorized:
		return e.unauthorized()
	case ClassForbidden:
		if e.Param == paramExpiresInSecs {
			return fmt.Sprintf("the OpenAI organization or project limits how long keys live: OpenAI answers %s; set forProvider.expiresIn within that limit", e.reply())
		}
		return "a policy of the OpenAI organization or project forbids this: OpenAI answers " + e.reply()
	case ClassInvalid:
		return "OpenAI rejects the request: it answers " + e.reply()
	case ClassQuota, ClassTransient:
	}
	return e.temporary()
}

// temporary explains a failure that may be over at the next try.
func (e *Error) temporary() string {
	switch {
	case e.Status == 0:
		return e.Message
	case e.NotFromOpenAI && e.Status < http.StatusInternalServerError:
		also := ""
		if e.Status == http.StatusUnauthorized {
			also = fmt.Sprintf(", and whether these accept the key from %s", e.KeyOrigin)
		}
		return fmt.Sprintf("something between here and OpenAI answers in its place (%s), which proves nothing; the call will be repeated: if it stays, check baseURL and the gateway, proxy or firewall%s", e.status(), also)
	case e.Status == http.StatusConflict:
		return fmt.Sprintf("OpenAI refuses for now: it answers %s; the call will be repeated", e.reply())
	}
	return fmt.Sprintf("OpenAI fails for now (%s); the call will be repeated", e.status())
}

// Terminal reports whether only the user can end the failure: an invalid or too weak admin key, a policy,
// an invalid request, or a lack of credit.
func (e *Error) Terminal() bool {
	if e.NotFromOpenAI || e.Status == 0 {
		return false
	}
	switch e.Class {
	case ClassUnauthorized, ClassForbidden, ClassInvalid, ClassQuota:
		return true
	case ClassNotFound, ClassThrottled, ClassTransient:
	}
	return false
}

func (e *Error) status() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code))
}

func (e *Error) reply() string {
	if e.Message == "" {
		return e.status()
	}
	return e.status() + ": " + e.Message
}

// ClassOf returns the class of a failed call. Any other error, such as that of a body which cannot be
// decoded, is transient.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ClassTransient
}

// IsNotFound reports whether OpenAI answered that the resource does not exist.
func IsNotFound(err error) bool { return err != nil && ClassOf(err) == ClassNotFound }

// IsInvalid reports whether OpenAI rejected the request itself, as it does with all calls about the
// members of an archived project.
func IsInvalid(err error) bool { return err != nil && ClassOf(err) == ClassInvalid }

// IsForbidden reports whether a policy of the organization or project forbids the call.
func IsForbidden(err error) bool { return err != nil && ClassOf(err) == ClassForbidden }

// NotSent wraps an error that occurred before the call that changes something was sent, so that it certainly
// changed nothing.
func NotSent(err error) error { return notSentError{err} }

type notSentError struct{ error }

func (e notSentError) Unwrap() error { return e.error }

// HadNoEffect reports whether a call certainly changed nothing.
func HadNoEffect(err error) bool {
	if err == nil {
		return false
	}
	if errors.As(err, &notSentError{}) {
		return true
	}
	var e *Error
	if !errors.As(err, &e) || e.NotFromOpenAI {
		return false
	}
	if e.Class == ClassTransient {
		return e.Unsent
	}
	if e.Class == ClassThrottled {
		// A call that was sent may have been refused by a gateway after OpenAI had executed it.
		return e.Status == 0
	}
	// A gateway's page, which has neither, does not show what OpenAI did.
	return e.Code != "" || e.Message != ""
}

// OutcomeUnknown reports whether a change may have been made although the call failed.
func OutcomeUnknown(err error) bool {
	return err != nil && ClassOf(err) == ClassTransient && !HadNoEffect(err)
}

// CodeConfiguredRateLimit is the code of calls that are throttled by the rateLimit of a provider
// configuration.
const CodeConfiguredRateLimit = "configured_rate_limit"

// What the class depends on besides the causes (openai-go's documentation of admin keys, and recorded
// replies).
const (
	paramExpiresInSecs = "expires_in_seconds"

	codeUnknownURL = "unknown_url"

	// typeInvalidRequest is the type of OpenAI's errors about a request.
	typeInvalidRequest = "invalid_request_error"
)

var (
	// unknownURL matches OpenAI's message about a path that it does not serve, such as one that a
	// gateway rewrote. Such a 404 is not about a resource.
	unknownURL = regexp.MustCompile(`(?i)^(invalid|unknown request) url`)
	// otherSubjectCodes are codes of a 404 about something other than the requested resource.
	otherSubjectCodes = []string{codeUnknownURL, "model_not_found", "invalid_api_key", "rate_limit_exceeded", "not_authorized_invalid_project"}
)

func isUnknownURL(status int, r failedReply) bool {
	return status == http.StatusNotFound && (r.code == codeUnknownURL || unknownURL.MatchString(r.message))
}

// classify returns the class of a failed reply. No other code decides it.
func classify(status int, r failedReply) Class {
	if r.signature != nil {
		return r.signature.class
	}
	// The reply of a gateway, a login page or a firewall is about the connection to OpenAI, except for
	// a rate limit, which counts whoever sets it.
	if r.notFromOpenAI && status != http.StatusTooManyRequests {
		return ClassTransient
	}
	code, param := r.code, r.param
	switch status {
	case http.StatusNotFound:
		switch {
		case r.other:
			return ClassTransient
		case unknownURL.MatchString(r.message), slices.Contains(otherSubjectCodes, code):
			return ClassInvalid
		}
		return ClassNotFound
	case http.StatusTooManyRequests:
		return ClassThrottled
	case http.StatusUnauthorized:
		return ClassUnauthorized
	case http.StatusForbidden:
		return ClassForbidden
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusLocked, http.StatusTooEarly:
		return ClassTransient
	case http.StatusBadRequest:
		// The CRDs keep the value in OpenAI's range, so that the cause can only be the maximum lifetime
		// that organizations can enforce since September 2026.
		if param == paramExpiresInSecs {
			return ClassForbidden
		}
		return ClassInvalid
	}
	if status >= http.StatusInternalServerError {
		return ClassTransient
	}
	return ClassInvalid
}
