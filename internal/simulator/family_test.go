// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// The calls of a family.
type operation string

const (
	list   operation = "list"
	get    operation = "get"
	create operation = "create"
	update operation = "update"
	remove operation = "delete"
)

func routeOf(name string, op operation) simulator.Route {
	o := simulator.FamilyRoutes(name)
	return map[operation]simulator.Route{list: o.List, get: o.Get, create: o.Create, update: o.Update, remove: o.Delete}[op]
}

var inBraces = regexp.MustCompile(`\{\w+\}`)

// call does one call of a family, with the IDs in the path, and returns the status and
// the reply.
func (f fixture) call(tb testing.TB, name string, op operation, ids []string, in body, query ...string) (int, []byte) {
	tb.Helper()
	method, path, _ := strings.Cut(string(routeOf(name, op)), " ")
	for _, id := range ids {
		done := false
		path = inBraces.ReplaceAllStringFunc(path, func(parameter string) string {
			if done {
				return parameter
			}
			done = true
			return id
		})
	}
	var sent io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			tb.Fatal(err)
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(tb.Context(), method, f.Root()+path+"?"+strings.Join(query, "&"), sent)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+simulator.DefaultAdminKey)
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	b, err := io.ReadAll(reply.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return reply.StatusCode, b
}

// must is call for calls that the API accepts.
func (f fixture) must(tb testing.TB, name string, op operation, ids []string, in body, query ...string) body {
	tb.Helper()
	status, b := f.call(tb, name, op, ids, in, query...)
	if status != http.StatusOK {
		tb.Fatalf("%s of %s: status %d: %s", op, name, status, b)
	}
	return decoded(tb, b)
}

func decoded(tb testing.TB, b []byte) body {
	tb.Helper()
	var reply body
	if err := json.Unmarshal(b, &reply); err != nil {
		tb.Fatalf("cannot read %s: %v", b, err)
	}
	return reply
}

// refusal is the status and the code with which a call is refused.
func (f fixture) refusal(tb testing.TB, name string, op operation, ids []string, in body) problem {
	tb.Helper()
	status, b := f.call(tb, name, op, ids, in)
	why, ok := decoded(tb, b)["error"].(body)
	if !ok {
		tb.Fatalf("%s of %s is not refused: status %d: %s", op, name, status, b)
	}
	code, _ := why["code"].(string) // Many refusals have none.
	return problem{Status: status, Code: code}
}

// conforms checks that a reply has all that the SDK's type requires, and nothing more.
func conforms(tb testing.TB, reply body, to any) {
	tb.Helper()
	b, err := json.Marshal(reply)
	if err != nil {
		tb.Fatal(err)
	}
	v := reflect.New(reflect.TypeOf(to))
	if err := json.Unmarshal(b, v.Interface()); err != nil {
		tb.Fatalf("%T cannot be read from %s: %v", to, b, err)
	}
	conformsValue(tb, v.Elem(), b)
}

func conformsValue(tb testing.TB, v reflect.Value, reply []byte) {
	tb.Helper()
	meta := v.FieldByName("JSON")
	if !meta.IsValid() {
		return
	}
	for name := range v.Fields() {
		if name.Name == "JSON" {
			continue
		}
		known, ok := meta.FieldByName(name.Name).Interface().(respjson.Field)
		if !ok {
			tb.Fatalf("%s.JSON.%s is no respjson.Field", v.Type(), name.Name)
		}
		if required := name.Tag.Get("api") == "required"; required && known.Raw() == respjson.Omitted {
			tb.Errorf("%s lacks %s: %s", v.Type(), name.Name, reply)
		}
		if field := v.FieldByIndex(name.Index); field.Kind() == reflect.Struct && known.Valid() && !strings.HasSuffix(field.Type().Name(), "Union") {
			conformsValue(tb, field, reply)
		}
	}
	if extra := meta.FieldByName("ExtraFields"); extra.IsValid() && extra.Len() > 0 {
		tb.Errorf("%s does not know %v: %s", v.Type(), extra.MapKeys(), reply)
	}
}

// contains returns the wanted fields that a reply has otherwise or not at all.
func contains(want, reply body) string {
	got := body{}
	for k := range want {
		got[k] = reply[k]
	}
	return cmp.Diff(want, got)
}

// idOf is the ID of a record, which is elsewhere in the reply about an assignment.
func idOf(tb testing.TB, reply, sent body) string {
	tb.Helper()
	for _, v := range []any{reply["id"], sent["user_id"], sent["role_id"]} {
		if id, ok := v.(string); ok {
			return id
		}
	}
	tb.Fatalf("no ID in %v", reply)
	return ""
}

// record creates a record of a family, unless it exists, and returns the IDs of its path.
func (f fixture) record(tb testing.TB, name string, g given, i int) []string {
	tb.Helper()
	singleton := routeOf(name, list) == ""
	if g.create == nil {
		if singleton {
			return g.parents
		}
		return append(slices.Clone(g.parents), g.id)
	}
	reply := f.must(tb, name, create, g.parents, g.create(i))
	conforms(tb, reply, familyCases[name].created)
	if singleton {
		return g.parents
	}
	return append(slices.Clone(g.parents), idOf(tb, reply, g.create(i)))
}

func TestEveryFamilyIsTested(t *testing.T) {
	handWritten := []string{"chat/completions", "models", "oauth/token", "projects/service_accounts/api_keys"}
	var tested []string
	for name := range familyCases {
		tested = append(tested, name)
	}
	tested = append(tested, handWritten...)
	slices.Sort(tested)
	if diff := cmp.Diff(simulator.Families(), tested); diff != "" {
		t.Errorf("families without a case: -want, +got:\n%s", diff)
	}
}

// eachFamily runs a test for all families, or those that have a call.
func eachFamily(t *testing.T, having operation, test func(t *testing.T, f fixture, name string, tc familyCase, g given)) {
	t.Helper()
	for name, tc := range familyCases {
		if routeOf(name, having) == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			test(t, f, name, tc, tc.given(t, f))
		})
	}
}

func TestARecordIsReadAndListedAsTheSDKReadsIt(t *testing.T) {
	eachFamily(t, get, func(t *testing.T, f fixture, name string, tc familyCase, g given) {
		ids := f.record(t, name, g, 0)
		conforms(t, f.must(t, name, get, ids, nil), tc.got)
	})
	eachFamily(t, list, func(t *testing.T, f fixture, name string, tc familyCase, g given) {
		ids := f.record(t, name, g, 0)
		listed := false
		for _, item := range f.all(t, name, ids[:len(ids)-1], tc.page) {
			conforms(t, item, tc.item)
			listed = listed || item["id"] == ids[len(ids)-1]
		}
		if !listed {
			t.Errorf("%q is not listed", ids)
		}
	})
}

// all lists two items at a time, by the cursor of the kind of page.
func (f fixture) all(tb testing.TB, name string, parents []string, kind pageKind) []body {
	tb.Helper()
	var items []body
	after := ""
	for {
		var page struct {
			Data    []body `json:"data"`
			HasMore bool   `json:"has_more"`
			LastID  string `json:"last_id"`
			Next    string `json:"next"`
		}
		status, b := f.call(tb, name, list, parents, nil, "limit=2", "after="+url.QueryEscape(after))
		if err := json.Unmarshal(b, &page); err != nil || status != http.StatusOK {
			tb.Fatalf("list of %s after %q: status %d: %s: %v", name, after, status, b, err)
		}
		items = append(items, page.Data...)
		if !page.HasMore {
			return items
		}
		switch kind {
		case pageL:
			after = page.LastID
		case pageN:
			after = page.Next
		case pageI:
			last, ok := page.Data[len(page.Data)-1]["id"].(string)
			if !ok {
				tb.Fatalf("an item has no ID: %s", b)
			}
			after = last
		}
		if len(items) > 100 {
			tb.Fatalf("list of %s does not end", name)
		}
	}
}

func TestAListingPagesInTheStyleOfItsFamily(t *testing.T) {
	cursors := map[pageKind][]string{pageL: {"first_id", "last_id"}, pageI: nil, pageN: {"next"}}
	eachFamily(t, list, func(t *testing.T, f fixture, name string, tc familyCase, g given) {
		var want []string
		for i := range 3 {
			ids := f.record(t, name, g, i)
			want = append(want, ids[len(ids)-1])
		}
		var got []string
		parents := g.parents
		for _, item := range f.all(t, name, parents, tc.page) {
			if id, ok := item["id"].(string); ok && slices.Contains(want, id) {
				got = append(got, id)
			}
		}
		if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
			t.Errorf("listed by cursor: -want, +got:\n%s", diff)
		}
		have := []string{}
		for key := range f.must(t, name, list, parents, nil) {
			have = append(have, key)
		}
		slices.Sort(have)
		keys := append([]string{"data", "has_more", "object"}, cursors[tc.page]...)
		slices.Sort(keys)
		if diff := cmp.Diff(keys, have); diff != "" {
			t.Errorf("a page: -want, +got:\n%s", diff)
		}
	})
}

func TestAListingCanLag(t *testing.T) {
	eachFamily(t, list, func(t *testing.T, f fixture, name string, tc familyCase, g given) {
		if g.create == nil {
			return
		}
		before := f.all(t, name, g.parents, tc.page)
		id := mustAddFault(t, f.Server, simulator.Fault{Route: routeOf(name, list), Kind: simulator.FaultLag})
		f.record(t, name, g, 0)
		if diff := cmp.Diff(before, f.all(t, name, g.parents, tc.page)); diff != "" {
			t.Errorf("while lagging: -want, +got:\n%s", diff)
		}
		f.ClearFault(id)
		if got := len(f.all(t, name, g.parents, tc.page)); got != len(before)+1 {
			t.Errorf("after lagging: %d items, want %d", got, len(before)+1)
		}
	})
}

func TestARecordIsUpdated(t *testing.T) {
	eachFamily(t, update, func(t *testing.T, f fixture, name string, tc familyCase, g given) {
		ids := f.record(t, name, g, 0)
		reply := f.must(t, name, update, ids, tc.update)
		form := tc.changed
		if form == nil {
			form = tc.got
		}
		conforms(t, reply, form)
		if diff := contains(tc.updated, reply); diff != "" {
			t.Errorf("reply to the update: -want, +got:\n%s", diff)
		}
		if routeOf(name, get) == "" {
			return
		}
		if diff := contains(tc.updated, f.must(t, name, get, ids, nil)); diff != "" {
			t.Errorf("after the update: -want, +got:\n%s", diff)
		}
	})
}

func TestARecordIsDeletedOnce(t *testing.T) {
	eachFamily(t, remove, func(t *testing.T, f fixture, name string, tc familyCase, g given) {
		ids := f.record(t, name, g, 0)
		reply := f.must(t, name, remove, ids, nil)
		if tc.kept {
			f.must(t, name, get, ids, nil)
			return
		}
		if reply["deleted"] != true {
			t.Errorf("the deletion is not confirmed: %v", reply)
		}
		want := problem{Status: http.StatusNotFound}
		for _, op := range []operation{get, remove} {
			if diff := cmp.Diff(want, f.refusal(t, name, op, ids, nil)); diff != "" {
				t.Errorf("%s after the deletion: -want, +got:\n%s", op, diff)
			}
		}
	})
}

func TestARecordCanBeCreatedAgainOnlyAfterItsDeletion(t *testing.T) {
	eachFamily(t, create, func(t *testing.T, f fixture, name string, _ familyCase, g given) {
		assignment := strings.HasSuffix(name, "/users") || strings.HasSuffix(name, "users/roles")
		ids := f.record(t, name, g, 0)
		if !assignment {
			return
		}
		if diff := cmp.Diff(problem{Status: http.StatusConflict}, f.refusal(t, name, create, g.parents, g.create(0))); diff != "" {
			t.Errorf("second creation: -want, +got:\n%s", diff)
		}
		f.SetQuirks(simulator.Quirks{AlreadyExistsStatus: http.StatusBadRequest})
		if diff := cmp.Diff(problem{Status: http.StatusBadRequest}, f.refusal(t, name, create, g.parents, g.create(0))); diff != "" {
			t.Errorf("second creation, with another status: -want, +got:\n%s", diff)
		}
		f.must(t, name, remove, ids, nil)
		f.record(t, name, g, 0)
	})
}

func TestEveryFamilyRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, op := range []operation{get, create, update, remove} {
		eachFamily(t, op, func(t *testing.T, f fixture, name string, _ familyCase, g given) {
			ids := f.record(t, name, g, 0)
			if op == create || op == update {
				if op == create {
					ids = g.parents
				}
				got := f.refusal(t, name, op, ids, body{"colour": "red"})
				if diff := cmp.Diff(problem{Status: http.StatusBadRequest, Code: "unknown_parameter"}, got); diff != "" {
					t.Errorf("%s with an unknown parameter: -want, +got:\n%s", op, diff)
				}
			}
			// Each ID of the path, whether the record's or a parent's.
			for i := range ids {
				unknown := slices.Clone(ids)
				unknown[i] = "unknown"
				if diff := cmp.Diff(problem{Status: http.StatusNotFound}, f.refusal(t, name, op, unknown, body{})); diff != "" {
					t.Errorf("%s at %q: -want, +got:\n%s", op, unknown, diff)
				}
			}
		})
	}
}

func TestAnArchivedProjectRefusesItsMembers(t *testing.T) {
	for _, op := range []operation{list, get, create, update, remove} {
		eachFamily(t, op, func(t *testing.T, f fixture, name string, _ familyCase, g given) {
			if !strings.HasPrefix(name, "projects/") {
				return
			}
			ids := f.record(t, name, g, 0)
			if op == list || op == create {
				ids = g.parents
			}
			f.must(t, "projects", remove, ids[:1], nil)
			want := problem{Status: http.StatusBadRequest, Code: "project_archived"}
			if diff := cmp.Diff(want, f.refusal(t, name, op, ids, body{})); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", op, diff)
			}
		})
	}
}
