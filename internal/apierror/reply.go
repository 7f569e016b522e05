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

// A failedReply is the body of a reply that is not a success.
type failedReply struct {
	code, typ, param, message string

	// notFromOpenAI is whether the body is not an error of OpenAI's. Those have a type and a message
	// (OpenAPI document, schema Error), which gateways that imitate OpenAI omit.
	notFromOpenAI bool

	// other is whether the error is not of the type invalid_request_error.
	other bool

	// signature that the reply matches, or nil, and whether only the message does.
	signature *signature
	byMessage bool
}

// numeric matches codes that repeat the HTTP status, as OpenAI's do not.
var numeric = regexp.MustCompile(`^\d+$`)

func readReply(status int, body []byte) failedReply {
	var outer struct {
		Error   json.RawMessage `json:"error"`
		Message any             `json:"message"`
		// Type is absent in OpenAI's errors, and "error" in those of similar APIs.
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
	isText := json.Unmarshal(outer.Error, &r.message) == nil
	if isText {
		r.notFromOpenAI = true
	} else {
		err := json.Unmarshal(outer.Error, &e)
		r.typ, r.param, r.message = e.Type, e.Param, e.Message
		if e.Code != nil {
			r.code = *e.Code
		}
		r.notFromOpenAI = err != nil || e.Type == "" || e.Message == "" || outer.Type != nil || numeric.MatchString(bounded(r.code))
		r.other = e.Type != typeInvalidRequest
	}
	if top, ok := outer.Message.(string); ok && r.message == "" {
		r.message = top
	}
	r.code, r.typ, r.param, r.message = bounded(r.code), bounded(r.typ), bounded(r.param), bounded(r.message)
	if isText && bareRefusal.MatchString(r.message) {
		// OpenAI has been seen to reply so, in a form that the SDK cannot decode.
		r.notFromOpenAI = false
	}
	if status < http.StatusBadRequest {
		// A redirect is not a refusal by OpenAI.
		r.notFromOpenAI = true
	}
	r.signature, r.byMessage = recognize(status, r)
	return r
}

// bareRefusal matches OpenAI's message about missing permissions, which it has been seen to send as a
// text in place of an error object.
var bareRefusal = regexp.MustCompile(`(?i)^you have insufficient permissions for this operation\. missing scopes?:`)

// maxGatewayWait bounds the wait that a reply can demand that is not in OpenAI's form.
const maxGatewayWait = 5 * time.Minute

// bounded cuts a text of a reply, so that regular expressions match it in little time.
func bounded(text string) string { return strings.ToValidUTF8(text[:min(len(text), maxReadBytes)], "") }

// A Sender is the part of a client's settings that errors depend on.
type Sender struct {
	AdminKey string
	// KeyOrigin names where AdminKey came from.
	KeyOrigin string
	BaseURL   string
}

// FromReply returns the error for a reply that is not a success.
func FromReply(status int, header http.Header, body []byte, s Sender) *Error {
	r, key := readReply(status, body), newKeyParts(s.AdminKey)
	safe := func(text string) string { return stableWithout(key, text) }
	failed := &Error{
		Class:         classify(status, r),
		Status:        status,
		Code:          safe(r.code),
		Param:         safe(r.param),
		Message:       safe(r.message),
		KeyOrigin:     s.KeyOrigin,
		NotFromOpenAI: r.notFromOpenAI,
		isProjectKey:  projectKey.MatchString(s.AdminKey),
		customHost:    !isOpenAI(s.BaseURL),

		Organization: OrganizationOf(header),
	}
	if r.signature != nil {
		failed.cause, failed.byMessage = r.signature.cause, r.byMessage
	}
	if failed.Code == "" && failed.cause == causeQuota {
		failed.Code = safe(r.typ)
	}
	if failed.cause == causeScopes {
		failed.Scopes = missingScopes(key.removeFrom(r.message))
	}
	if failed.cause == causeHostname {
		failed.host = baseurl.OtherHost(Redact(key.removeFrom(r.message)), s.BaseURL)
	}
	if isUnknownURL(status, r) || (r.notFromOpenAI && failed.Class == ClassTransient && status < http.StatusInternalServerError) {
		failed.Hint = baseurl.LikelyMistake(s.BaseURL)
	}
	if failed.Class == ClassThrottled {
		now := time.Now()
		// The original message, since the stable one contains no times.
		if wait, ok := retryAfter(header, r.message, now); ok {
			if failed.NotFromOpenAI {
				// A gateway must not stop all calls for an hour.
				wait = min(wait, maxGatewayWait)
			}
			failed.RetryAt = now.Add(wait)
		}
	}
	return failed
}
