// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// TestNamesDoNotKeepAListFromBeingRead shows that what somebody calls their service accounts
// takes the list from nobody in the project.
func TestNamesDoNotKeepAListFromBeingRead(t *testing.T) {
	t.Parallel()
	for _, char := range []string{",", "{", "["} {
		var items []map[string]any
		for i := range 100 {
			items = append(items, map[string]any{"object": "organization.project.service_account", "id": fmt.Sprintf("svc_acct_%d", i), "name": strings.Repeat(char, 512), "role": "member", "created_at": 1700000000})
		}
		body, err := json.Marshal(map[string]any{"object": "list", "data": items, "has_more": false})
		if err != nil {
			t.Fatal(err)
		}
		s := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", string(body)))
		c := &Connection{Client: testClient(s.URL+"/v1", apitest.FakeKey)}
		got, err := accounts.List(t.Context(), c, "proj_1", time.Time{})
		if err != nil || len(thingsIn(got)) != 100 {
			t.Errorf("%q: want 100 accounts of %d bytes, got %v", char, len(body), err)
		}
	}
}

// TestAnAdminKeyThatIsEchoedIsReadAsNoName shows that a key is found in any form that JSON has
// for it.
func TestAnAdminKeyThatIsEchoedIsReadAsNoName(t *testing.T) {
	t.Parallel()
	const token = "fake/gateway/token/of/the/platform"
	for name, escape := range map[string]func(string) string{
		"PHP":     func(k string) string { return strings.ReplaceAll(k, "/", `\/`) },
		"Unicode": func(k string) string { return strings.ReplaceAll(k, "a", `\u0061`) },
	} {
		s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
			key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			apitest.Answer(http.StatusOK, "application/json", `{"object":"organization.project","id":"proj_1","status":"active","created_at":1700000000,"name":"`+escape(key)+`"}`)(w, r)
		})
		p, err := testClient(s.URL+"/v1", token).Organization.Projects.Get(t.Context(), "proj_1")
		if err == nil && strings.Contains(p.Name, token) {
			t.Errorf("%s: the admin key is read as the name of a project: %q", name, p.Name)
		}
	}
}

// TestAListIsOneBelowAnyBaseURL shows that the path of a gateway may look like OpenAI's.
func TestAListIsOneBelowAnyBaseURL(t *testing.T) {
	t.Parallel()
	var items []map[string]any
	for i := range 100 {
		items = append(items, map[string]any{"object": "organization.project", "id": fmt.Sprintf("proj_%d", i), "name": strings.Repeat("x", 700), "status": "active", "created_at": 1700000000})
	}
	body, _ := json.Marshal(map[string]any{"object": "list", "data": items, "has_more": false})
	s := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", string(body)))
	for _, path := range []string{"/v1", "/organization/acme/v1"} {
		c := &Connection{Client: testClient(s.URL+path, apitest.FakeKey)}
		got, err := projects.List(t.Context(), c, "", time.Time{})
		if err != nil || len(thingsIn(got)) != 100 {
			t.Errorf("%s: want 100 projects of %d bytes, got %v", path, len(body), err)
		}
	}
}

// TestAWordInPlaceOfAnAdminKeyMayBeInNames is about gateways that put in the admin key, and are
// given a word in its place.
func TestAWordInPlaceOfAnAdminKeyMayBeInNames(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", `{"object":"list","data":[{"object":"organization.project.service_account","id":"svc_acct_1","name":"openai-admin-fake","role":"member","created_at":1700000000}],"has_more":false}`))
	c := &Connection{Client: testClient(s.URL+"/v1", "openai-admin")}
	if _, err := accounts.List(t.Context(), c, "proj_1", time.Time{}); err != nil {
		t.Errorf("want the list, got %v", err)
	}
}

func thingsIn[O any](l *inventory.Listing[O]) (all []*O) {
	if l == nil {
		return nil
	}
	for o := range l.All() {
		all = append(all, o)
	}
	return all
}
