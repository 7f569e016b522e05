// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// listed is an item of which tests read only this.
type listed struct{ ID, Name string }

func (o *listed) id() string { return o.ID }

// accounts and projects stand for the lists of kinds.
var (
	accounts = NewCollection("projects/service_accounts", (*listed).id,
		func(_ string, o *openai.ProjectServiceAccount) *listed { return &listed{o.ID, o.Name} },
		func(ctx context.Context, c *Connection, project, after string) (Page[openai.ProjectServiceAccount], error) {
			return ByLastID(c.Organization.Projects.ServiceAccounts.List(ctx, project, openai.AdminOrganizationProjectServiceAccountListParams{After: After(after)}))
		})
	projects = NewCollection("projects", (*listed).id,
		func(_ string, o *openai.Project) *listed { return &listed{o.ID, o.Name} },
		func(ctx context.Context, c *Connection, _, after string) (Page[openai.Project], error) {
			return ByLastID(c.Organization.Projects.List(ctx, openai.AdminOrganizationProjectListParams{After: After(after)}))
		})
)

func readAs[P any](t *testing.T, body string) *P {
	t.Helper()
	p := new(P)
	if err := json.Unmarshal([]byte(body), p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPagesOfEveryForm shows what follows from a page, whichever way OpenAI names the cursor of the
// next one.
func TestPagesOfEveryForm(t *testing.T) {
	t.Parallel()
	type role = openai.Role
	read := map[string]func(t *testing.T, body string) (Page[role], error){
		"ByLastID": func(t *testing.T, body string) (Page[role], error) {
			return ByLastID(readAs[pagination.ConversationCursorPage[role]](t, body), nil)
		},
		"ByItemID": func(t *testing.T, body string) (Page[role], error) {
			return ByItemID(readAs[pagination.CursorPage[role]](t, body), nil)
		},
		"ByNext": func(t *testing.T, body string) (Page[role], error) {
			return ByNext(readAs[pagination.NextCursorPage[role]](t, body), nil)
		},
	}
	ids, next := []string{"ByLastID", "ByItemID"}, []string{"ByNext"}
	all := append(append([]string{}, ids...), next...)
	cases := map[string]struct {
		reason string
		forms  []string
		body   string
		after  string // what the next page follows; empty: there is none
		broken bool
	}{
		"TheOnlyPage":           {"Nothing follows.", all, `{"data":[{"id":"role_1"}],"has_more":false,"last_id":"role_1","next":null}`, "", false},
		"Empty":                 {"There is nothing.", all, `{"data":[],"has_more":false}`, "", false},
		"MoreByID":              {"The last item is the cursor.", ids, `{"data":[{"id":"role_1"},{"id":"role_2"}],"has_more":true}`, "role_2", false},
		"MoreByAnotherLastID":   {"A gateway that changes it must not skip a page.", ids, `{"data":[{"id":"role_1"}],"has_more":true,"last_id":"role_9"}`, "role_1", false},
		"MoreByNext":            {"The cursor is OpenAI's own.", next, `{"data":[{"id":"role_1"}],"has_more":true,"next":"b64=="}`, "b64==", false},
		"NotSaidByID":           {"It is followed up, as the SDK does.", ids, `{"data":[{"id":"role_1"}]}`, "role_1", false},
		"NotSaidByNext":         {"As above.", next, `{"data":[{"id":"role_1"}],"next":"b64=="}`, "b64==", false},
		"NeitherSaidNorNext":    {"Where there is no cursor, nothing follows.", next, `{"data":[{"id":"role_1"}]}`, "", false},
		"MoreWithoutNext":       {"What follows cannot be read, so that the list is not complete.", next, `{"data":[{"id":"role_1"}],"has_more":true}`, "", true},
		"AnEndlessCursor":       {"It would be retained for each page.", next, `{"data":[{"id":"role_1"}],"has_more":true,"next":"` + strings.Repeat("x", maxCursorBytes+1) + `"}`, "", true},
		"EmptyAndMore":          {"OpenAI has been seen to answer so.", all, `{"data":[],"has_more":true,"next":"b64=="}`, "", true},
		"NoList":                {"It proves nothing.", all, `{"object":"list"}`, "", true},
		"AnItemWithoutID":       {"It could be anything.", all, `{"data":[{"name":"x"}],"has_more":false}`, "", true},
		"AnIDThatIsAPath":       {"It could be taken for another.", all, `{"data":[{"id":"../role_1"}],"has_more":false}`, "", true},
		"MoreThanOneIsReadOnce": {"The order is OpenAI's.", all, `{"data":[{"id":"role_2"},{"id":"role_1"}],"has_more":false}`, "", false},
	}
	for name, tc := range cases {
		for _, form := range tc.forms {
			t.Run(name+"/"+form, func(t *testing.T) {
				t.Parallel()
				p, err := read[form](t, tc.body)
				if err != nil {
					t.Fatal(err)
				}
				items, after, err := readPage(p, p.items, func(o *role) string { return o.ID })
				if (err != nil) != tc.broken || (err != nil && apierror.ClassOf(err) != apierror.ClassTransient) {
					t.Fatalf("%s\nwant a broken list: %t, got %v", tc.reason, tc.broken, err)
				}
				if diff := cmp.Diff(tc.after, after); diff != "" {
					t.Errorf("%s\ncursor: -want, +got:\n%s", tc.reason, diff)
				}
				if err == nil && len(items) != len(p.items) {
					t.Errorf("%s\nwant %d items, got %d", tc.reason, len(p.items), len(items))
				}
			})
		}
	}
}

// TestKeepBoundsEveryText shows that nothing which is kept for long, and shown in a status,
// holds on to the reply that it was read from, whatever its form.
func TestKeepBoundsEveryText(t *testing.T) {
	t.Parallel()
	type part struct{ Name string }
	type resource struct {
		ID    string
		Role  openai.ProjectServiceAccountRole
		Times *metav1.Time
		Names []string
		Parts []part
		Part  *part
		By    map[string]part
		Count int64
	}
	made := metav1.NewTime(time.Unix(1700000000, 0))
	long := strings.Repeat("ä", truncate.MaxBytes)
	o := resource{ID: "x\xff", Role: "member", Times: &made, Names: []string{long}, Parts: []part{{long}}, Part: &part{long}, By: map[string]part{"k": {long}}, Count: 5}
	if size := truncate.Fields(&o); size < 4*(truncate.MaxBytes-4) {
		t.Errorf("want about 4 KiB, got %d bytes", size)
	}
	for _, text := range []string{o.ID, o.Names[0], o.Parts[0].Name, o.Part.Name, o.By["k"].Name} {
		if len(text) > truncate.MaxBytes || !utf8.ValidString(text) {
			t.Errorf("want at most %d bytes of UTF-8, got %d", truncate.MaxBytes, len(text))
		}
	}
	if !o.Times.Equal(&made) || o.Count != 5 || o.Role != "member" {
		t.Errorf("what is short, or no text, was changed: %+v", o)
	}
}

// TestACursorDoesNotHoldOnToItsPage shows that cursors, all of which are retained until a list is
// complete, keep nothing else in memory.
func TestACursorDoesNotHoldOnToItsPage(t *testing.T) {
	t.Parallel()
	page := Page[listed]{items: []listed{{ID: "item-1"}}, isList: true, more: true, next: "b64=="}
	for _, opaque := range []bool{false, true} {
		page.opaque = opaque
		_, after, err := readPage(page, page.items, (*listed).id)
		if err != nil {
			t.Fatal(err)
		}
		if at := unsafe.StringData(after); at == unsafe.StringData(page.next) || at == unsafe.StringData(page.items[0].ID) {
			t.Errorf("opaque %t: cursor %q is a part of the reply", opaque, after)
		}
	}
}
