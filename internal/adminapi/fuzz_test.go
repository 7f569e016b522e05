// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
)

// Keys that the texts of fuzzed replies may hold: one of OpenAI's form, and one of another.
var fuzzedKeys = []string{"sk-admin-test-0123456789-fake", "gateway/token+test-0123456789"}

// tells reports whether a text holds a key, or what looks like one of OpenAI's.
func tells(text, key string) bool {
	return strings.Contains(lower(text), lower(key)) || Redact(text) != text
}

func FuzzErrorBody(f *testing.F) {
	for _, status := range []int{200, 302, 400, 401, 403, 404, 429, 500, 999} {
		f.Add(status, []byte(recorded("invalid_request_error", "invalid_api_key", "Incorrect API key provided: "+fuzzedKeys[0])), "30")
		f.Add(status, []byte(`{"error":"You have insufficient permissions for this operation. Missing scopes: a.`+fuzzedKeys[1]+`"}`), "")
	}
	f.Add(403, []byte(`{"error":{"message":"Missing scopes: sk%2Dadmin%2Dtest%2D0123456789","type":{},"code":7}}`), "Wed, 21 Oct 2015 07:28:00 GMT")
	f.Add(401, []byte(`{"error":{"type":"invalid_request_error","code":"incorrect_hostname","message":"Use sk-admin-test-0123456789-fake.api.openai.com"}}`), "")
	f.Add(400, []byte(`{"error":{"message":"\u001b[31msk-\u200badmin-test","type":"x","code":"`+strings.Repeat(fuzzedKeys[0][:leastKey], 500)+`"},"error":null}`), "-1")
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		body = body[:min(len(body), largestReply)]
		for _, key := range fuzzedKeys {
			s := settings{adminKey: key, credential: origin, baseURL: DefaultBaseURL}
			e := replyError(status, http.Header{"Retry-After": {after}}, body, s)
			said := e.Error()
			if said != replyError(status, http.Header{"Retry-After": {after}}, body, s).Error() {
				t.Errorf("the text differs from try to try: %q", said)
			}
			for _, told := range append([]string{said, e.Code, e.Param, e.Message, e.host}, e.Scopes...) {
				if tells(strings.ReplaceAll(told, "sk-admin-, made", ""), key) || !utf8.ValidString(told) {
					t.Errorf("%q holds a key or is no text", told)
				}
			}
			if len(said) > 2000+mostScopes*102 {
				t.Errorf("the text has %d bytes", len(said))
			}
			if status < http.StatusBadRequest && (IsDefinite(e) || e.Terminal()) {
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
		wait, told := retryAfter(http.Header{"Retry-After": {seconds}, "Retry-After-Ms": {ms}, "Date": {date}}, message[:min(len(message), longestRead)], at)
		if told && (wait <= 0 || wait > longestWait) {
			t.Errorf("want a wait of up to %s, got %s", longestWait, wait)
		}
		c := &Clock{}
		for range 2 {
			c.read(http.Header{"Date": {date}, "Age": {seconds}}, at)
		}
		if offset, _ := c.Offset(); offset.Abs() > farthestOff {
			t.Errorf("want an offset of up to %s, got %s", farthestOff, offset)
		}
	})
}

func FuzzIDs(f *testing.F) {
	for _, id := range []string{"key_abc", "rl-ft:gpt-4o:org::abc", ".", "..", "a/b", "a%2fb", "a%252fb", "a;b", "a?b", "a#b", "a\\b", "%2e%2e", "", " ", "a\x00", "é", "...", "a@b", "//evil.example.org"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if IsID(id) {
			plain, err := url.PathUnescape(id)
			if err != nil || plain != id || id == "" || strings.Trim(id, ".") == "" && len(id) < 3 || strings.ContainsAny(id, "/\\%?#; \r\n\x00") || len(id) > 256 {
				t.Errorf("%q is no segment of a path, or another once it is decoded", id)
			}
		}
		var sent *http.Request
		stop := errors.New("sent")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, DefaultBaseURL+"/organization/projects/"+url.PathEscape(id), http.NoBody)
		if err != nil {
			return
		}
		res, err := onlyIDs(DefaultBaseURL)(req, func(r *http.Request) (*http.Response, error) {
			sent = r
			return nil, stop
		})
		if res != nil {
			_ = res.Body.Close()
		}
		if (sent != nil) != IsID(id) {
			t.Errorf("%q is sent %t, and an ID %t: %v", id, sent != nil, IsID(id), err)
		}
		if sent != nil && sent.URL.Path != "/v1/organization/projects/"+id {
			t.Errorf("%q is sent as %q", id, sent.URL.Path)
		}
		if said := (&IDError{ID: id}).Error(); Redact(said) != said || len(said) > 1000 {
			t.Errorf("the error tells a key, or is long: %q", said)
		}
	})
}

func FuzzRedaction(f *testing.F) {
	for _, key := range fuzzedKeys {
		for _, text := range []string{key, "Bearer%20" + key, key[:7] + "\u200b" + key[7:], strings.ReplaceAll(key, "e", `\u0065`), "sk-sk-" + key, "\x1b[" + key, key + key, url.QueryEscape(url.QueryEscape(key)), strings.ToUpper(key), "\xff" + key} {
			f.Add(text)
		}
	}
	f.Add("sk-%73k-abc")
	f.Fuzz(func(t *testing.T, text string) {
		if once := Redact(text); Redact(once) != once {
			t.Errorf("Redact differs the second time: %q, %q", once, Redact(once))
		}
		for _, key := range fuzzedKeys {
			parts := newKeyParts(key)
			for _, in := range []string{text, text + key, key + text, text + key + text} {
				once := parts.outOf(in)
				if again := parts.outOf(once); again != once || strings.Contains(once, key) {
					t.Errorf("the key is in %q, or %q differs", once, again)
				}
				if shown := stableWithout(parts, in); tells(shown, key) || len([]rune(shown)) > longestMessage+1 || !utf8.ValidString(shown) {
					t.Errorf("%q holds a key, is long or is no text", shown)
				}
			}
		}
	})
}

func FuzzListPage(f *testing.F) {
	for _, page := range []string{
		`{"object":"list","has_more":false,"data":[{"id":"key_1","name":"k","created_at":1,"last_used_at":null}]}`,
		`{"data":null}`, `{"data":[]}`, `{"data":[null]}`, `{"data":[{"id":"a/b"}]}`, `{"data":[5,"x",[]]}`, `{"data":{"id":"x"}}`, `{"data":[{"id":"x"}],"data":5}`,
		`{"has_more":"yes","data":[{"id":"x","created_at":1e300,"expires_at":-1e300,"last_used_at":{}}]}`,
		`{"data":[{"id":5,"owner":"x","created_at":true,"last_used_at":253402300799}]}`,
		`{"data":[{"id":"a","owner":{"type":"service_account","service_account":{"id":"sa","name":"n"}}}],"has_more":true}`,
	} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > largestReply || !isObject(body) {
			return
		}
		var p pagination.ConversationCursorPage[openai.ProjectAPIKey]
		if err := json.Unmarshal(body, &p); err != nil {
			return
		}
		page, err := ByLastID(&p, nil)
		if err != nil {
			t.Fatal(err)
		}
		items, next, err := contents(page, p.Data, ProjectAPIKeys.ID)
		if err != nil {
			if ClassOf(err) != ClassTransient {
				t.Errorf("want an error that proves nothing, got %v", err)
			}
			return
		}
		if next != "" && !IsID(next) {
			t.Errorf("the cursor %q is no ID", next)
		}
		for _, k := range items {
			if !IsID(k.ID) {
				t.Errorf("%q is no ID", k.ID)
			}
			said := k.LastUsedAt == 0 && k.JSON.LastUsedAt.Raw() != "null"
			ReadKey(&k)
			if k.CreatedAt < 0 || k.CreatedAt >= never || k.ExpiresAt < 0 || k.ExpiresAt >= never || k.LastUsedAt < 0 || k.LastUsedAt >= never {
				t.Errorf("want times, got %d, %d, %d", k.CreatedAt, k.ExpiresAt, k.LastUsedAt)
			}
			if said && k.LastUsedAt == 0 && !k.JSON.LastUsedAt.Valid() {
				t.Errorf("%q counts as unused", k.ID)
			}
			id := k.ID
			if kept := ProjectAPIKeys.Slim(&k); kept > 6*(longestKept+len("…")) || k.ID != id {
				t.Errorf("%q is kept with %d bytes as %q", id, kept, k.ID)
			}
		}
	})
}

func FuzzBaseURL(f *testing.F) {
	for _, base := range []string{
		DefaultBaseURL, "http://localhost:1", "http://127.0.0.1/v1", "http://[::1]:80/", "http://localhost.evil.example.org", "http://127.0.0.1.evil.example.org",
		"https://user:FAKE@host/", "https://user:FAKE%zz@host", "https://h?FAKE", "https://h#FAKE", "https:FAKE@host", "HTTPS://h", "https://", "//user:FAKE@h", "https://a@b:FAKE@c/", "https://h/@", "\x00://FAKE@", "https://user:FAKE/x@h", "https://h:99999", "https://%6c/", "https://api.openai.com\\@evil.example.org",
	} {
		f.Add(base)
	}
	f.Fuzz(func(t *testing.T, base string) {
		u, parsed := url.Parse(base)
		err := checkBaseURL(base)
		if err == nil {
			if parsed != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
				t.Errorf("%q is accepted", base)
			}
			_ = doubtBaseURL(base)
		}
		// A password of a URL in each of its forms, whatever surrounds it.
		const password = "FAKE-pw-0123456789"
		for _, with := range []string{"https://user:" + password + "@" + base, base + "://user:" + password + "@host", "https://host/" + base + "?key=" + password, "https://host/" + base + "#" + password} {
			if strings.ContainsAny(base, "@?#/:\\") {
				break // What surrounds it would end it, or make it another part.
			}
			if shown := shownURL(with) + text(checkBaseURL(with)); strings.Contains(shown, password) {
				t.Errorf("%q is shown as %q", with, shown)
			}
		}
	})
}

func FuzzPastedKey(f *testing.F) {
	for _, stored := range []string{
		fuzzedKeys[0], `"` + fuzzedKeys[0] + `"`, "OPENAI_ADMIN_KEY=" + fuzzedKeys[0], `{"key":"` + fuzzedKeys[0] + `"}`, "Bearer " + fuzzedKeys[0], fuzzedKeys[0] + "\n" + fuzzedKeys[0], "c2stYWRtaW4tdGVzdC1mYWtl", "sk-admin-…test", "${KEY}", "vault:x/y#z", "{{", fuzzedKeys[0] + `\n`,
		strings.Repeat("a.", 5000) + "=sk-", strings.Repeat("[", 5000), strings.Repeat("\n-", 5000), strings.Repeat("sk-", 5000),
	} {
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		said := Mistaken(stored)
		if said != Mistaken(stored) {
			t.Errorf("what is said differs from try to try: %q", said)
		}
		if len(stored) >= leastKey && strings.Contains(said, stored) && !strings.HasPrefix(stored, "holds") || Redact(said) != said || len(said) > 300 {
			t.Errorf("what is said tells what was stored: %q", said)
		}
	})
}

func FuzzScopes(f *testing.F) {
	for _, message := range []string{
		"Missing scopes: api.management.read, api.management.write.", "missing scope: a and b or c; d", "Missing scopes: " + strings.Repeat("a,", 4000), "Missing scopes: " + strings.Repeat("a and ", 1300), "Missing scopes: " + fuzzedKeys[0] + ", [x]", "missing scopes:\n\n,,;", "Missing scopes: sk-admin-test sk-a,sk-b", strings.Repeat("missing scopes: ", 500),
	} {
		f.Add(message)
	}
	f.Fuzz(func(t *testing.T, message string) {
		scopes := missingScopes(told(message))
		if len(scopes) > mostScopes {
			t.Errorf("want at most %d scopes, got %d", mostScopes, len(scopes))
		}
		for i, s := range scopes {
			if !scopeName.MatchString(s) || Redact(s) != s || (i > 0 && scopes[i-1] >= s) {
				t.Errorf("%q is no scope, or not in order: %q", s, scopes)
			}
		}
	})
}
