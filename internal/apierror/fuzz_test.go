// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/baseurl"
)

func FuzzErrorBody(f *testing.F) {
	for _, status := range []int{200, 302, 400, 401, 403, 404, 429, 500, 999} {
		f.Add(status, []byte(apitest.ErrorBody("invalid_request_error", "invalid_api_key", "Incorrect API key provided: "+apitest.FuzzedKeys[0])), "30")
		f.Add(status, []byte(`{"error":"You have insufficient permissions for this operation. Missing scopes: a.`+apitest.FuzzedKeys[1]+`"}`), "")
	}
	f.Add(403, []byte(`{"error":{"message":"Missing scopes: sk%2Dadmin%2Dtest%2D0123456789","type":{},"code":7}}`), "Wed, 21 Oct 2015 07:28:00 GMT")
	f.Add(401, []byte(`{"error":{"type":"invalid_request_error","code":"incorrect_hostname","message":"Use sk-admin-test-0123456789-fake.api.openai.com"}}`), "")
	f.Add(400, []byte(`{"error":{"message":"\u001b[31msk-\u200badmin-test","type":"x","code":"`+strings.Repeat(apitest.FuzzedKeys[0][:maxPartBytes], 500)+`"},"error":null}`), "-1")
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		body = body[:min(len(body), 64<<10)]
		for _, key := range apitest.FuzzedKeys {
			s := Sender{AdminKey: key, KeyOrigin: apitest.Origin, BaseURL: baseurl.Default}
			e := FromReply(status, http.Header{"Retry-After": {after}}, body, s)
			said := e.Error()
			if said != FromReply(status, http.Header{"Retry-After": {after}}, body, s).Error() {
				t.Errorf("the text differs from try to try: %q", said)
			}
			for _, shown := range append([]string{said, e.Code, e.Param, e.Message, e.host}, e.Scopes...) {
				if containsKey(strings.ReplaceAll(shown, "sk-admin-, made", ""), key) || !utf8.ValidString(shown) {
					t.Errorf("%q holds a key or is no text", shown)
				}
			}
			if len(said) > 2000+maxScopes*102 {
				t.Errorf("the text has %d bytes", len(said))
			}
			if status < http.StatusBadRequest && (HadNoEffect(e) || e.Terminal()) {
				t.Errorf("status %d is taken for a refusal: %q", status, said)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, header := range []string{"", "30", "-1", "1e300", "NaN", "Inf", "0x10", "9999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		f.Add(header, header, header, "Please try again in 6m0s or after 3 hours 5ms")
	}
	f.Add("", "", "", "after 1h1h1h1h1h1h1h1h1h1h, in 1.2.3s")
	f.Fuzz(func(t *testing.T, seconds, ms, date, message string) {
		wait, ok := retryAfter(http.Header{"Retry-After": {seconds}, "Retry-After-Ms": {ms}, "Date": {date}}, message[:min(len(message), maxReadBytes)], at)
		if ok && (wait <= 0 || wait > maxWait) {
			t.Errorf("want a wait of up to %s, got %s", maxWait, wait)
		}
	})
}

func FuzzRedaction(f *testing.F) {
	for _, key := range apitest.FuzzedKeys {
		for _, text := range []string{key, "Bearer%20" + key, key[:7] + "\u200b" + key[7:], strings.ReplaceAll(key, "e", `\u0065`), "sk-sk-" + key, "\x1b[" + key, key + key, url.QueryEscape(url.QueryEscape(key)), strings.ToUpper(key), "\xff" + key} {
			f.Add(text)
		}
	}
	f.Add("sk-%73k-abc")
	f.Fuzz(func(t *testing.T, text string) {
		if once := Redact(text); Redact(once) != once {
			t.Errorf("Redact differs the second time: %q, %q", once, Redact(once))
		}
		for _, key := range apitest.FuzzedKeys {
			parts := newKeyParts(key)
			for _, in := range []string{text, text + key, key + text, text + key + text} {
				once := parts.removeFrom(in)
				if again := parts.removeFrom(once); again != once || strings.Contains(once, key) {
					t.Errorf("the key is in %q, or %q differs", once, again)
				}
				if shown := stableWithout(parts, in); containsKey(shown, key) || len([]rune(shown)) > maxMessageRunes+1 || !utf8.ValidString(shown) {
					t.Errorf("%q holds a key, is long or is no text", shown)
				}
			}
		}
	})
}

func FuzzScopes(f *testing.F) {
	for _, message := range []string{
		"Missing scopes: api.management.read, api.management.write.", "missing scope: a and b or c; d", "Missing scopes: " + strings.Repeat("a,", 4000), "Missing scopes: " + strings.Repeat("a and ", 1300), "Missing scopes: " + apitest.FuzzedKeys[0] + ", [x]", "missing scopes:\n\n,,;", "Missing scopes: sk-admin-test sk-a,sk-b", strings.Repeat("missing scopes: ", 500),
	} {
		f.Add(message)
	}
	f.Fuzz(func(t *testing.T, message string) {
		scopes := missingScopes(bounded(message))
		if len(scopes) > maxScopes {
			t.Errorf("want at most %d scopes, got %d", maxScopes, len(scopes))
		}
		for i, s := range scopes {
			if !scopeName.MatchString(s) || Redact(s) != s || (i > 0 && scopes[i-1] >= s) {
				t.Errorf("%q is no scope, or not in order: %q", s, scopes)
			}
		}
	})
}

// containsKey reports whether a text contains a key, or what looks like one of OpenAI's.
func containsKey(text, key string) bool {
	return strings.Contains(lower(text), lower(key)) || Redact(text) != text
}
