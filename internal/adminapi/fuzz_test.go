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

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

func FuzzIDs(f *testing.F) {
	for _, id := range []string{"key_abc", "rl-ft:gpt-4o:org::abc", ".", "..", "a/b", "a%2fb", "a%252fb", "a;b", "a?b", "a#b", "a\\b", "%2e%2e", "", " ", "a\x00", "é", "...", "a@b", "//evil.example.org"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if apierror.IsID(id) {
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
		if (sent != nil) != apierror.IsID(id) {
			t.Errorf("%q is sent %t, and an ID %t: %v", id, sent != nil, apierror.IsID(id), err)
		}
		if sent != nil && sent.URL.Path != "/v1/organization/projects/"+id {
			t.Errorf("%q is sent as %q", id, sent.URL.Path)
		}
		if said := (&apierror.IDError{ID: id}).Error(); apierror.Redact(said) != said || len(said) > 1000 {
			t.Errorf("the error contains a key, or is long: %q", said)
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
		if len(body) > maxReplyBytes || !isObject(body) {
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
		items, next, err := readPage(page, p.Data, ProjectAPIKeys.ID)
		if err != nil {
			if apierror.ClassOf(err) != apierror.ClassTransient {
				t.Errorf("want an error that proves nothing, got %v", err)
			}
			return
		}
		if next != "" && !apierror.IsID(next) {
			t.Errorf("the cursor %q is no ID", next)
		}
		for _, k := range items {
			if !apierror.IsID(k.ID) {
				t.Errorf("%q is no ID", k.ID)
			}
			said := k.LastUsedAt == 0 && k.JSON.LastUsedAt.Raw() != "null"
			NormalizeKey(&k)
			if k.CreatedAt < 0 || k.CreatedAt >= latestTime || k.ExpiresAt < 0 || k.ExpiresAt >= latestTime || k.LastUsedAt < 0 || k.LastUsedAt >= latestTime {
				t.Errorf("want times, got %d, %d, %d", k.CreatedAt, k.ExpiresAt, k.LastUsedAt)
			}
			if said && k.LastUsedAt == 0 && !k.JSON.LastUsedAt.Valid() {
				t.Errorf("%q counts as unused", k.ID)
			}
			id := k.ID
			if size := ProjectAPIKeys.Trim(&k); size > 6*(truncate.MaxBytes+len("…")) || k.ID != id {
				t.Errorf("%q is trimmed to %d bytes as %q", id, size, k.ID)
			}
		}
	})
}

func FuzzClock(f *testing.F) {
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, header := range []string{"", "30", "-1", "1e300", "NaN", "9999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		f.Add(header, header)
	}
	f.Fuzz(func(t *testing.T, age, date string) {
		c := &Clock{}
		for range 2 {
			c.read(http.Header{"Date": {date}, "Age": {age}}, at)
		}
		if offset, _ := c.Offset(); offset.Abs() > maxClockOffset {
			t.Errorf("want an offset of up to %s, got %s", maxClockOffset, offset)
		}
	})
}
