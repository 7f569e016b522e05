// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3/packages/pagination"
)

type item struct {
	ID string `json:"id"`
}

// sdkPage has what a test needs of any of the SDK's pages.
type sdkPage struct {
	data    []item
	hasMore bool
	next    string
}

func TestEveryPagingStyleReadsAsTheSDKsPage(t *testing.T) {
	read := map[cursorKind]func([]byte) (sdkPage, error){
		cursorLastID: func(b []byte) (sdkPage, error) {
			var p pagination.ConversationCursorPage[item]
			err := json.Unmarshal(b, &p)
			return sdkPage{p.Data, p.HasMore, p.LastID}, err
		},
		cursorItemID: func(b []byte) (sdkPage, error) {
			var p pagination.CursorPage[item]
			err := json.Unmarshal(b, &p)
			return sdkPage{p.Data, p.HasMore, p.Data[len(p.Data)-1].ID}, err
		},
		cursorNext: func(b []byte) (sdkPage, error) {
			var p pagination.NextCursorPage[item]
			err := json.Unmarshal(b, &p)
			return sdkPage{p.Data, p.HasMore, p.Next}, err
		},
	}
	var records table[string]
	var want []string
	for i := range 5 {
		id := strconv.Itoa(i)
		records.put(change{seq: int64(i)}, id, id)
		want = append(want, id)
	}

	cases := map[string]struct {
		reason string
		cursor cursorKind
	}{
		"LastID": {reason: "after is the reply's last_id.", cursor: cursorLastID},
		"ItemID": {reason: "after is the ID of the last item.", cursor: cursorItemID},
		"Next":   {reason: "after is the reply's opaque next.", cursor: cursorNext},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			style := pageStyle{cursor: tc.cursor, defaultLimit: 2, maxLimit: 2}
			var got []string
			after := ""
			for range want {
				r := &request{Request: httptest.NewRequest(http.MethodGet, "/?after="+url.QueryEscape(after), http.NoBody), view: latest}
				out, aerr := page(r, &records, style, lister[string]{
					id:     func(s string) string { return s },
					render: func(s string) any { return item{ID: s} },
				})
				if aerr != nil {
					t.Fatalf("page after %q: %s", after, aerr.message)
				}
				p, err := read[tc.cursor](marshal(out))
				if err != nil {
					t.Fatal(err)
				}
				for _, i := range p.data {
					got = append(got, i.ID)
				}
				if !p.hasMore {
					break
				}
				after = p.next
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
