// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A rewriting changes the body of one of OpenAI's replies, which says that the call
// succeeded.
type rewriting func(r *http.Request, body map[string]any)

// rewrite OpenAI's reply to a call. One that is an error, or no JSON object, stays.
func (g *gateway) rewrite(w http.ResponseWriter, r *http.Request, change rewriting) {
	answer := httptest.NewRecorder()
	g.openai.ServeHTTP(answer, r)
	body := answer.Body.Bytes()
	var content map[string]any
	if answer.Code == http.StatusOK && json.Unmarshal(body, &content) == nil {
		change(r, content)
		body, _ = json.Marshal(content) // It was JSON before.
	}
	// The Date is OpenAI's still; only the length is another.
	maps.Copy(w.Header(), answer.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}

// each changes every thing in a reply, be it one or a list.
func each(change func(o map[string]any)) rewriting {
	return func(_ *http.Request, body map[string]any) {
		list, ok := body["data"].([]any)
		if !ok {
			change(body)
			return
		}
		for _, o := range list {
			if o, ok := o.(map[string]any); ok {
				change(o)
			}
		}
	}
}

// listing leaves out of a list what does not fit.
func listing(fits func(o map[string]any) bool) rewriting {
	return func(_ *http.Request, body map[string]any) {
		list, ok := body["data"].([]any)
		if !ok {
			return
		}
		body["data"] = slices.DeleteFunc(list, func(o any) bool {
			thing, ok := o.(map[string]any)
			return ok && !fits(thing)
		})
		body["has_more"] = false
	}
}

// without some things, by their IDs, a list says that it is complete.
func without(ids ...string) rewriting {
	return listing(func(o map[string]any) bool {
		id, _ := o["id"].(string)
		return !slices.Contains(ids, id)
	})
}

// lagging has a list leave out what is younger than its lag.
func lagging(lag time.Duration) rewriting {
	return listing(func(o map[string]any) bool {
		created, _ := o["created_at"].(float64)
		return !time.Unix(int64(created), 0).After(sim.Now().Add(-lag))
	})
}

// shifted has keys created and expire at other times.
func shifted(by time.Duration) rewriting {
	return each(func(o map[string]any) {
		for _, field := range []string{"created_at", "expires_at"} {
			if at, ok := o[field].(float64); ok {
				o[field] = at + by.Seconds()
			}
		}
	})
}

// shorterLived has keys expire when one of so many parts of their life is over.
func shorterLived(parts float64) rewriting {
	return each(func(o map[string]any) {
		created, _ := o["created_at"].(float64)
		if expires, ok := o["expires_at"].(float64); ok {
			o["expires_at"] = created + (expires-created)/parts
		}
	})
}

// nulled has things lack a field.
func nulled(field string) rewriting {
	return each(func(o map[string]any) { o[field] = nil })
}

// cutShort has the names of things end early.
func cutShort(length int) rewriting {
	return each(func(o map[string]any) {
		if name, ok := o["name"].(string); ok && len(name) > length {
			o["name"] = name[:length]
		}
	})
}

// masked hides the values of keys.
func masked(_ *http.Request, body map[string]any) {
	if _, ok := body["value"]; ok {
		body["value"] = "sk-svcacct-********"
	}
}

// aboutKeys tells the calls about keys.
func aboutKeys(r *http.Request) bool { return strings.Contains(r.URL.Path, "/api_keys") }

// listsKeys tells the calls that list keys.
func listsKeys(r *http.Request) bool {
	return r.Method == http.MethodGet && path.Base(r.URL.Path) == "api_keys"
}

// issuesAKey tells the calls that issue keys.
func issuesAKey(r *http.Request) bool {
	return r.Method == http.MethodPost && path.Base(r.URL.Path) == "api_keys"
}

// reads tells the calls that get the thing with an ID.
func reads(id string) func(r *http.Request) bool {
	return func(r *http.Request) bool { return r.Method == http.MethodGet && path.Base(r.URL.Path) == id }
}

func TestAGatewayRewritesWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		rewriting
		body, want string
	}{
		"EachOfAList":   {"All that is listed is shifted.", shifted(time.Minute), `{"data":[{"created_at":1796000000,"expires_at":null},{"created_at":5,"expires_at":9}]}`, `{"data":[{"created_at":1796000060,"expires_at":null},{"created_at":65,"expires_at":69}]}`},
		"TheOnlyOne":    {"One thing is no list.", cutShort(3), `{"name":"a-name"}`, `{"name":"a-n"}`},
		"Without":       {"A list that looks complete.", without("a"), `{"data":[{"id":"a"},{"id":"b"}],"has_more":true}`, `{"data":[{"id":"b"}],"has_more":false}`},
		"WithoutAll":    {"No list is not an empty list.", without("a"), `{"data":[{"id":"a"}],"has_more":false}`, `{"data":[],"has_more":false}`},
		"WithoutNoList": {"A key itself is no list.", without("a"), `{"id":"a"}`, `{"id":"a"}`},
		"Lagging":       {"What is old is listed.", lagging(time.Minute), `{"data":[{"created_at":1},{"created_at":4000000000}]}`, `{"data":[{"created_at":1}],"has_more":false}`},
		"ShorterLived":  {"A third of the life.", shorterLived(3), `{"created_at":100,"expires_at":400}`, `{"created_at":100,"expires_at":200}`},
		"Nulled":        {"The field is there, without a value.", nulled("created_at"), `{"created_at":100}`, `{"created_at":null}`},
		"Masked":        {"Only replies with a value have it masked.", masked, `{"value":"sk-svcacct-FAKE-1234"}`, `{"value":"sk-svcacct-********"}`},
		"NothingToMask": {"As above.", masked, `{"id":"a"}`, `{"id":"a"}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, want := object(t, tc.body), object(t, tc.want)
			tc.rewriting(nil, got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}
