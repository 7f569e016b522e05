// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/baseurl"
)

// A failedReply is the body of a refusal, or of what stands in its place.
type failedReply struct {
	code, kind, param, message string

	// foreign reports that the body is not one of OpenAI's errors: these have a type and
	// a message (OpenAPI document, schema Error), which gateways that imitate OpenAI
	// leave out.
	foreign bool

	// other reports that the error is of another type than OpenAI's refusals of requests.
	other bool

	// sign of why the call failed, if it is one that OpenAI is known for, and whether only
	// the words of the message tell.
	sign    *sign
	byWords bool
}

// numeric codes are those of HTTP, which OpenAI does not repeat.
var numeric = regexp.MustCompile(`^\d+$`)

func readReply(status int, body []byte) failedReply {
	var outer struct {
		Error   json.RawMessage `json:"error"`
		Message any             `json:"message"`
		// Type is left out by OpenAI, and "error" in other APIs that are built alike.
		Type any `json:"type"`
	}
	var e struct {
		Code    *string `json:"code"`
		Param   string  `json:"param"`
		Message string  `json:"message"`
		Type    string  `json:"type"`
	}
	_ = json.Unmarshal(body, &outer)
	r := failedReply{}
	bare := json.Unmarshal(outer.Error, &r.message) == nil
	if bare {
		r.foreign = true
	} else {
		err := json.Unmarshal(outer.Error, &e)
		r.kind, r.param, r.message = e.Type, e.Param, e.Message
		if e.Code != nil {
			r.code = *e.Code
		}
		r.foreign = err != nil || e.Type == "" || e.Message == "" || outer.Type != nil || numeric.MatchString(told(r.code))
		r.other = e.Type != typeInvalidRequest
	}
	if top, ok := outer.Message.(string); ok && r.message == "" {
		r.message = top
	}
	r.code, r.kind, r.param, r.message = told(r.code), told(r.kind), told(r.param), told(r.message)
	if bare && bareRefusal.MatchString(r.message) {
		// OpenAI has been seen to answer so, which the SDK cannot read.
		r.foreign = false
	}
	if status < http.StatusBadRequest {
		// Whoever redirects, OpenAI refuses nothing by it.
		r.foreign = true
	}
	r.sign, r.byWords = recognize(status, r)
	return r
}

// bareRefusal is how OpenAI's refusals for want of a permission begin.
var bareRefusal = regexp.MustCompile(`(?i)^you have insufficient permissions for this operation\. missing scopes?:`)

// longestForeignWait is the longest that is waited for a rate limit which is told in
// another form than OpenAI's.
const longestForeignWait = 5 * time.Minute

// told is as much of a text in a reply as is looked at, so that no expression takes long.
func told(text string) string { return strings.ToValidUTF8(text[:min(len(text), longestRead)], "") }

// A Sender is who makes a call, as far as errors depend on it.
type Sender struct {
	AdminKey string
	// Credential says where AdminKey came from.
	Credential string
	BaseURL    string
}

// FromReply is the error for a reply that is no success.
func FromReply(status int, header http.Header, body []byte, s Sender) *Error {
	r, key := readReply(status, body), newKeyParts(s.AdminKey)
	safe := func(text string) string { return stableWithout(key, text) }
	failed := &Error{
		Class:      classify(status, r),
		Status:     status,
		Code:       safe(r.code),
		Param:      safe(r.param),
		Message:    safe(r.message),
		Credential: s.Credential,
		Foreign:    r.foreign,
		ofProject:  projectKey.MatchString(s.AdminKey),
		elsewhere:  !isOpenAI(s.BaseURL),

		Organization: OrganizationOf(header),
	}
	if r.sign != nil {
		failed.cause, failed.byWords = r.sign.cause, r.byWords
	}
	if failed.Code == "" && failed.cause == causeQuota {
		failed.Code = safe(r.kind)
	}
	if failed.cause == causeScopes {
		failed.Scopes = missingScopes(key.outOf(r.message))
	}
	if failed.cause == causeHostname {
		failed.host = baseurl.OtherHost(Redact(key.outOf(r.message)), s.BaseURL)
	}
	if isUnknownURL(status, r) || (r.foreign && failed.Class == ClassTransient && status < http.StatusInternalServerError) {
		failed.Hint = baseurl.Doubt(s.BaseURL)
	}
	if failed.Class == ClassThrottled {
		now := time.Now()
		// The message as it came: the stable one tells no times.
		if wait, ok := retryAfter(header, r.message, now); ok {
			if failed.Foreign {
				// One that is not OpenAI must not silence everybody for an hour.
				wait = min(wait, longestForeignWait)
			}
			failed.RetryAt = now.Add(wait)
		}
	}
	return failed
}
