// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type item struct{ id string }

// An itemConnection has an inventory, and a list of items.
type itemConnection struct {
	inventory inventory.Inventory
	items     []item
}

func (c *itemConnection) Inventory() *inventory.Inventory { return &c.inventory }

func summaryOf(t *testing.T, ids ...string) (string, error) {
	t.Helper()
	s := &itemConnection{}
	for _, id := range ids {
		s.items = append(s.items, item{id})
	}
	col := inventory.Collection[*itemConnection, item]{
		Name: "test", ID: func(o *item) string { return o.id },
		Page: func(_ context.Context, s *itemConnection, _, _ string) ([]item, string, error) {
			return s.items, "", nil
		},
	}
	all, err := col.List(t.Context(), s, "", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return summarize(all, col.ID)
}

func TestAnIDIsNewIfItWasNotListed(t *testing.T) {
	three, err := summaryOf(t, "alert_2", "alert_1", "alert_3")
	if err != nil {
		t.Fatal(err)
	}
	none, err := summaryOf(t)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason, listed, id string
		want, fails        bool
	}{
		"Listed":       {reason: "It was there.", listed: three, id: "alert_2"},
		"NotListed":    {reason: "It came since.", listed: three, id: "alert_4", want: true},
		"ToNothing":    {reason: "Whatever there is came since.", listed: none, id: "alert_1", want: true},
		"NothingNoted": {reason: "Without a list nothing is known to be new.", id: "alert_1"},
		"AnotherForm":  {reason: "It was written by a later version.", listed: "1:AAAA", id: "alert_1", fails: true},
		"Cut":          {reason: "A truncated list proves nothing.", listed: three[:len(three)-2], id: "alert_1", fails: true},
		"NoBase64":     {reason: "As above.", listed: "0:###", id: "alert_1", fails: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := isNew(tc.listed, tc.id)
			if (err != nil) != tc.fails || (err != nil && !terminal.Is(err)) {
				t.Fatalf("%s\nwant an error that only the user can end: %t, got %v", tc.reason, tc.fails, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nnew: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestMoreIDsThanAStatusHoldsAreRefused(t *testing.T) {
	var ids []string
	for i := range maxListed + 1 {
		ids = append(ids, fmt.Sprintf("alert_%d", i))
	}
	most, err := summaryOf(t, ids[:maxListed]...)
	if err != nil || len(most) > 6*maxListed {
		t.Errorf("want at most %d bytes for %d IDs, got %d and %v", 6*maxListed, maxListed, len(most), err)
	}
	if _, err := summaryOf(t, ids...); !terminal.Is(err) {
		t.Errorf("want an error for one more, got %v", err)
	}
}
