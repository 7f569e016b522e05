// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"
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
		r.foreign = err != nil || e.Type == "" || e.Message == "" || outer.Type != nil || numeric.MatchString(r.code)
		r.other = e.Type != typeInvalidRequest
	}
	if top, ok := outer.Message.(string); ok && r.message == "" {
		r.message = top
	}
	r.message = r.message[:min(len(r.message), longestRead)]
	if bare && bareRefusal.MatchString(r.message) {
		// OpenAI has been seen to answer so, which the SDK cannot read.
		r.foreign = false
	}
	r.sign, r.byWords = recognize(status, r)
	return r
}

// bareRefusal is how OpenAI's refusals for want of a permission begin.
var bareRefusal = regexp.MustCompile(`(?i)^you have insufficient permissions for this operation\. missing scopes?:`)

// longestForeignWait is the longest that is waited for a rate limit which is told in
// another form than OpenAI's.
const longestForeignWait = 5 * time.Minute

// leastKey is the length of the shortest part of an admin key that is a secret.
const leastKey = 12

// withoutKey takes the admin key, whatever its form, out of what a reply tells: a gateway
// may echo it, or the beginning of it.
func (s settings) withoutKey(text string) string {
	if len(s.adminKey) < leastKey {
		return text
	}
	for begin := s.adminKey[:leastKey]; ; {
		before, after, found := strings.Cut(text, begin)
		if !found {
			return text
		}
		rest := strings.TrimLeftFunc(after, func(r rune) bool { return !unicode.IsSpace(r) && !strings.ContainsRune(`"'<>`, r) })
		text = before + "sk-…" + rest
	}
}

func replyError(status int, header http.Header, body []byte, s settings) *Error {
	r := readReply(status, body)
	for _, told := range []*string{&r.code, &r.kind, &r.param, &r.message} {
		*told = s.withoutKey(*told)
	}
	failed := &Error{
		Class:      classify(status, r),
		Status:     status,
		Code:       stable(r.code),
		Param:      stable(r.param),
		Message:    stable(r.message),
		Credential: s.credential,
		Foreign:    r.foreign,
		ofProject:  projectKey.MatchString(s.adminKey),
		elsewhere:  !isOpenAI(s.baseURL),
	}
	if r.sign != nil {
		failed.cause, failed.byWords = r.sign.cause, r.byWords
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
	if isUnknownURL(status, r) || (r.foreign && failed.Class == ClassTransient && status < http.StatusInternalServerError) {
		failed.hint = doubtBaseURL(s.baseURL)
	}
	if failed.Class == ClassThrottled {
		now := time.Now()
		// The message as it came: the stable one tells no times.
		if wait, told := retryAfter(header, r.message, now); told {
			if failed.Foreign {
				// One that is not OpenAI must not silence everybody for an hour.
				wait = min(wait, longestForeignWait)
			}
			failed.RetryAt = now.Add(wait)
		}
	}
	return failed
}
