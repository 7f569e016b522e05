// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package apierror turns what OpenAI, or whatever answers in its place, replies to a failed call
// into one type of error: its class, its text without secrets, and its remedy.
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

// A Class says what a failed call means to its caller.
type Class string

// The classes of failure. Every failed call has exactly one.
const (
	// ClassNotFound: the thing does not exist, or no longer does.
	ClassNotFound Class = "NotFound"
	// ClassThrottled: the rate limit refused the call, or would have; nothing was
	// changed.
	ClassThrottled Class = "Throttled"
	// ClassUnauthorized: the admin key is wrong, lacks a permission, or is used from
	// where or for what it must not be.
	ClassUnauthorized Class = "Unauthorized"
	// ClassRefused: a policy of the organization or project forbids the call.
	ClassRefused Class = "Refused"
	// ClassInvalid: the request makes no sense to OpenAI, whoever sends it.
	ClassInvalid Class = "Invalid"
	// ClassQuota: OpenAI refuses for want of money; nothing was changed. The status is
	// often that of a rate limit.
	ClassQuota Class = "Quota"
	// ClassTransient: the call failed on the way or at OpenAI. A change may have been
	// carried out all the same.
	ClassTransient Class = "Transient"
)

// An Error is a failed call to the Admin API. Its text is stable from one try to
// the next (no request IDs, times or addresses), because it ends in conditions,
// and never holds a key.
type Error struct {
	// Class says what the failure means.
	Class Class
	// Status is the HTTP status; 0 if there was no reply, or the call was not sent.
	Status int
	// Code is OpenAI's own name of the error, such as invalid_api_key. It may be empty.
	Code string
	// Param is the request's field that OpenAI objects to. It may be empty.
	Param string
	// Message is OpenAI's explanation, cleaned of what changes from try to try.
	Message string
	// Credential says where the admin key came from, such as Secret "ns/name" key "k".
	Credential string
	// Unsent tells that no connection came about, so that OpenAI never got the call.
	Unsent bool
	// Foreign reports that the reply is not in the form of OpenAI's errors, as when a
	// gateway or a firewall answers in its place. It says nothing about the thing.
	Foreign bool
	// Scopes are the permissions that the key lacks, as far as OpenAI names them.
	Scopes []string
	// RetryAt is when the turn of a throttled call comes; zero if that is not known.
	RetryAt time.Time

	// cause of the refusal, if it has a remedy of its own, and whether only the words of
	// OpenAI's message tell.
	cause   cause
	byWords bool
	// elsewhere: the base URL is not of OpenAI's own hosts.
	elsewhere bool
	// host that OpenAI asks to be called at instead.
	host string
	// ofProject: the key has the form of a project's.
	ofProject bool
	// Hint at what may be wrong with the base URL.
	Hint string
	// Organization that the reply names; empty: none.
	Organization string
	// TooLarge: a list has no end in sight, so that it is not to be fetched again at once.
	TooLarge bool
}

// Error explains the failure, with the remedy where there is one.
func (e *Error) Error() string {
	if e.Hint != "" {
		return e.explain() + "; " + e.Hint
	}
	return e.explain()
}

func (e *Error) explain() string {
	if say := remedies[e.cause]; say != nil {
		return say(e)
	}
	switch e.Class {
	case ClassNotFound:
		return "OpenAI answers " + e.reply()
	case ClassThrottled:
		if e.Code == CodeRequestBudget {
			return "the calls a minute that the provider configuration's requestBudget allows are used up; the call will be repeated"
		}
		if e.Foreign {
			return "a rate limit of OpenAI, or of a gateway in its place, is reached; the call will be repeated"
		}
		return "OpenAI's rate limit for the Administration API is reached; the call will be repeated"
	case ClassUnauthorized:
		return e.unauthorized()
	case ClassRefused:
		if e.Param == paramExpiresInSecs {
			return fmt.Sprintf("the OpenAI organization or project limits how long keys live: OpenAI answers %s; set forProvider.expiresIn within that limit", e.reply())
		}
		return "a policy of the OpenAI organization or project forbids this: OpenAI answers " + e.reply()
	case ClassInvalid:
		return "OpenAI rejects the request: it answers " + e.reply()
	case ClassQuota, ClassTransient:
	}
	return e.passing()
}

// passing explains a failure that may be over at the next try.
func (e *Error) passing() string {
	switch {
	case e.Status == 0:
		return e.Message
	case e.Foreign && e.Status < http.StatusInternalServerError:
		also := ""
		if e.Status == http.StatusUnauthorized {
			also = fmt.Sprintf(", and whether these accept the key from %s", e.Credential)
		}
		return fmt.Sprintf("something between here and OpenAI answers in its place (%s), which proves nothing; the call will be repeated: if it stays, check baseURL and the gateway, proxy or firewall%s", e.status(), also)
	case e.Status == http.StatusConflict:
		return fmt.Sprintf("OpenAI refuses for now: it answers %s; the call will be repeated", e.reply())
	}
	return fmt.Sprintf("OpenAI fails for now (%s); the call will be repeated", e.status())
}

// Terminal reports whether only the user can end the failure: a wrong or too weak admin
// key, a policy, a request that makes no sense, money.
func (e *Error) Terminal() bool {
	if e.Foreign || e.Status == 0 {
		return false
	}
	switch e.Class {
	case ClassUnauthorized, ClassRefused, ClassInvalid, ClassQuota:
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

// ClassOf tells the class of a failed call. Anything that is not a reply of
// OpenAI, such as an unreadable body, is transient.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ClassTransient
}

// IsNotFound tells whether OpenAI says that the thing does not exist.
func IsNotFound(err error) bool { return err != nil && ClassOf(err) == ClassNotFound }

// IsInvalid tells whether OpenAI rejects the request itself, as it does with
// every call about the members of an archived project.
func IsInvalid(err error) bool { return err != nil && ClassOf(err) == ClassInvalid }

// IsRefused tells whether a policy of the organization or project forbids a call.
func IsRefused(err error) bool { return err != nil && ClassOf(err) == ClassRefused }

// IsDefinite tells whether a call failed for a reason that leaves no doubt that
// nothing was changed.
func IsDefinite(err error) bool {
	if err == nil {
		return false
	}
	var e *Error
	if !errors.As(err, &e) || e.Foreign {
		return false
	}
	if e.Class == ClassTransient {
		return e.Unsent
	}
	if e.Class == ClassThrottled {
		// One that was sent may have been answered by a gateway, after OpenAI had carried
		// it out.
		return e.Status == 0
	}
	// A gateway's page, which has neither, says nothing about what OpenAI did.
	return e.Code != "" || e.Message != ""
}

// IsAmbiguous tells whether a change may have been carried out although the call
// failed.
func IsAmbiguous(err error) bool {
	return err != nil && ClassOf(err) == ClassTransient && !IsDefinite(err)
}

// What the class depends on besides the causes (openai-go's documentation of admin keys
// and the replies seen in the wild).
// codeAllowance is the code of calls that a provider configuration's cap holds
// back.
const CodeRequestBudget = "request_budget"

const (
	paramExpiresInSecs = "expires_in_seconds"

	codeUnknownURL = "unknown_url"

	// typeInvalidRequest is the type of OpenAI's refusals.
	typeInvalidRequest = "invalid_request_error"
)

var (
	// unknownURL begins OpenAI's message about a path that it does not serve, such as
	// one that a gateway rewrote. No thing is meant by it.
	unknownURL = regexp.MustCompile(`(?i)^(invalid|unknown request) url`)
	// aboutElse are codes of a 404 about something other than what was asked for.
	aboutElse = []string{codeUnknownURL, "model_not_found", "invalid_api_key", "rate_limit_exceeded", "not_authorized_invalid_project"}
)

func isUnknownURL(status int, r failedReply) bool {
	return status == http.StatusNotFound && (r.code == codeUnknownURL || unknownURL.MatchString(r.message))
}

// classify maps a reply to its class. This is the only place that does.
func classify(status int, r failedReply) Class {
	if r.sign != nil {
		return r.sign.class
	}
	// What a gateway, a login page or a firewall answers is about the way to OpenAI. A
	// rate limit is what it is.
	if r.foreign && status != http.StatusTooManyRequests {
		return ClassTransient
	}
	code, param := r.code, r.param
	switch status {
	case http.StatusNotFound:
		switch {
		case r.other:
			return ClassTransient
		case unknownURL.MatchString(r.message), slices.Contains(aboutElse, code):
			return ClassInvalid
		}
		return ClassNotFound
	case http.StatusTooManyRequests:
		return ClassThrottled
	case http.StatusUnauthorized:
		return ClassUnauthorized
	case http.StatusForbidden:
		return ClassRefused
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusLocked, http.StatusTooEarly:
		return ClassTransient
	case http.StatusBadRequest:
		// The CRDs keep the value in OpenAI's range, so that only a maximum lifetime,
		// which organizations can enforce since September 2026, can object to it.
		if param == paramExpiresInSecs {
			return ClassRefused
		}
		return ClassInvalid
	}
	if status >= http.StatusInternalServerError {
		return ClassTransient
	}
	return ClassInvalid
}
