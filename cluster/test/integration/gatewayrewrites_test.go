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

// A rewriting changes the body of one of OpenAI's successful replies.
type rewriting func(r *http.Request, body map[string]any)

// rewrite OpenAI's reply to a call. An error, or a body that is no JSON object, is passed on
// unchanged.
func (g *gateway) rewrite(w http.ResponseWriter, r *http.Request, change rewriting) {
	answer := httptest.NewRecorder()
	g.openai.ServeHTTP(answer, r)
	body := answer.Body.Bytes()
	var content map[string]any
	if answer.Code == http.StatusOK && json.Unmarshal(body, &content) == nil {
		change(r, content)
		body, _ = json.Marshal(content) // It was JSON before.
	}
	// All headers are OpenAI's except for the length.
	maps.Copy(w.Header(), answer.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}

// eachResource changes every resource in a reply, be it one or a list.
func eachResource(change func(o map[string]any)) rewriting {
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

// onlyListing removes the items of a list that do not fit.
func onlyListing(fits func(o map[string]any) bool) rewriting {
	return func(_ *http.Request, body map[string]any) {
		list, ok := body["data"].([]any)
		if !ok {
			return
		}
		body["data"] = slices.DeleteFunc(list, func(o any) bool {
			item, ok := o.(map[string]any)
			return ok && !fits(item)
		})
		body["has_more"] = false
	}
}

// without removes items from a list by their IDs. The list says that it is complete.
func without(ids ...string) rewriting {
	return onlyListing(func(o map[string]any) bool {
		id, _ := o["id"].(string)
		return !slices.Contains(ids, id)
	})
}

// lagging removes the items of a list that are younger than its lag.
func lagging(lag time.Duration) rewriting {
	return onlyListing(func(o map[string]any) bool {
		created, _ := o["created_at"].(float64)
		return !time.Unix(int64(created), 0).After(sim.Now().Add(-lag))
	})
}

// shiftedTimes shifts created_at and expires_at of keys.
func shiftedTimes(by time.Duration) rewriting {
	return eachResource(func(o map[string]any) {
		for _, field := range []string{"created_at", "expires_at"} {
			if at, ok := o[field].(float64); ok {
				o[field] = at + by.Seconds()
			}
		}
	})
}

// shorterLived divides the lifetime of keys.
func shorterLived(parts float64) rewriting {
	return eachResource(func(o map[string]any) {
		created, _ := o["created_at"].(float64)
		if expires, ok := o["expires_at"].(float64); ok {
			o["expires_at"] = created + (expires-created)/parts
		}
	})
}

// withoutField sets a field of resources to null.
func withoutField(field string) rewriting {
	return eachResource(func(o map[string]any) { o[field] = nil })
}

// truncatedNames truncates the names of resources.
func truncatedNames(length int) rewriting {
	return eachResource(func(o map[string]any) {
		if name, ok := o["name"].(string); ok && len(name) > length {
			o["name"] = name[:length]
		}
	})
}

// maskedValues masks the values of keys.
func maskedValues(_ *http.Request, body map[string]any) {
	if _, ok := body["value"]; ok {
		body["value"] = "sk-svcacct-********"
	}
}

// aboutKeys reports whether a call is about keys.
func aboutKeys(r *http.Request) bool { return strings.Contains(r.URL.Path, "/api_keys") }

// listsKeys reports whether a call lists keys.
func listsKeys(r *http.Request) bool {
	return r.Method == http.MethodGet && path.Base(r.URL.Path) == "api_keys"
}

// issuesKey reports whether a call issues a key.
func issuesKey(r *http.Request) bool {
	return r.Method == http.MethodPost && path.Base(r.URL.Path) == "api_keys"
}

// readsByID matches the calls that get the resource with an ID.
func readsByID(id string) func(r *http.Request) bool {
	return func(r *http.Request) bool { return r.Method == http.MethodGet && path.Base(r.URL.Path) == id }
}

func TestAGatewayRewritesMatchingReplies(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		rewriting
		body, want string
	}{
		"EachOfAList":   {"All that is listed is shifted.", shiftedTimes(time.Minute), `{"data":[{"created_at":1796000000,"expires_at":null},{"created_at":5,"expires_at":9}]}`, `{"data":[{"created_at":1796000060,"expires_at":null},{"created_at":65,"expires_at":69}]}`},
		"TheOnlyOne":    {"A single resource is no list.", truncatedNames(3), `{"name":"a-name"}`, `{"name":"a-n"}`},
		"Without":       {"A list that looks complete.", without("a"), `{"data":[{"id":"a"},{"id":"b"}],"has_more":true}`, `{"data":[{"id":"b"}],"has_more":false}`},
		"WithoutAll":    {"No list is not an empty list.", without("a"), `{"data":[{"id":"a"}],"has_more":false}`, `{"data":[],"has_more":false}`},
		"WithoutNoList": {"A key itself is no list.", without("a"), `{"id":"a"}`, `{"id":"a"}`},
		"Lagging":       {"What is old is listed.", lagging(time.Minute), `{"data":[{"created_at":1},{"created_at":4000000000}]}`, `{"data":[{"created_at":1}],"has_more":false}`},
		"ShorterLived":  {"A third of the life.", shorterLived(3), `{"created_at":100,"expires_at":400}`, `{"created_at":100,"expires_at":200}`},
		"Nulled":        {"The field is there, without a value.", withoutField("created_at"), `{"created_at":100}`, `{"created_at":null}`},
		"Masked":        {"Only replies with a value have it masked.", maskedValues, `{"value":"sk-svcacct-FAKE-1234"}`, `{"value":"sk-svcacct-********"}`},
		"NothingToMask": {"As above.", maskedValues, `{"id":"a"}`, `{"id":"a"}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, want := parsed(t, tc.body), parsed(t, tc.want)
			tc.rewriting(nil, got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}
