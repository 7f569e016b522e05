// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"
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

	// sign of why the call failed, if it is one that OpenAI is known for.
	sign *sign
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
	if json.Unmarshal(outer.Error, &r.message) == nil {
		r.foreign = true
	} else {
		err := json.Unmarshal(outer.Error, &e)
		r.kind, r.param, r.message = e.Type, e.Param, e.Message
		if e.Code != nil {
			r.code = *e.Code
		}
		r.foreign = err != nil || e.Type == "" || e.Message == "" || outer.Type != nil || numeric.MatchString(r.code)
		r.other = e.Type != typeInvalidRequest
	}
	if top, ok := outer.Message.(string); ok && r.message == "" {
		r.message = top
	}
	r.sign = recognize(status, r)
	if r.sign != nil && r.sign.cause == causeScopes {
		// Nobody else says it in these words. They have been seen as a bare string, which
		// the SDK cannot read.
		r.foreign = false
	}
	return r
}

func replyError(status int, header http.Header, body []byte, s settings) *Error {
	r := readReply(status, body)
	failed := &Error{
		Class:      classify(status, r),
		Status:     status,
		Code:       stable(r.code),
		Param:      stable(r.param),
		Message:    stable(r.message),
		Credential: s.credential,
		Foreign:    r.foreign,
		ofProject:  projectKey.MatchString(s.adminKey),
	}
	if r.sign != nil {
		failed.cause = r.sign.cause
	}
	if failed.Code == "" && failed.cause == causeQuota {
		failed.Code = stable(r.kind)
	}
	if failed.cause == causeScopes {
		failed.Scopes = missingScopes(r.message)
	}
	if failed.cause == causeHostname {
		failed.host = otherHost(r.message, s.baseURL)
	}
	if isUnknownURL(status, r) || (r.foreign && failed.Class == ClassTransient) {
		failed.hint = doubtBaseURL(s.baseURL)
	}
	if failed.Class == ClassThrottled {
		now := time.Now()
		// The message as it came: the stable one tells no times.
		if wait, told := retryAfter(header, r.message, now); told {
			failed.RetryAt = now.Add(wait)
		}
	}
	return failed
}
