// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"crypto/rand"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

// gathered are the registered metrics of a collection, by name and result.
func gathered(t *testing.T, collection string) map[string]float64 {
	t.Helper()
	families, err := metrics.Registry.Gather()
	if err != nil {
		t.Fatalf("Gather: %v", err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name, of := f.GetName(), ""
			for _, l := range m.GetLabel() {
				switch l.GetName() {
				case labelCollection:
					of = l.GetValue()
				case "result":
					name += " " + l.GetValue()
				}
			}
			if of == collection {
				out[name] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return out
}

// TestInventoryMetrics shows what an administrator can tell of the inventories.
func TestInventoryMetrics(t *testing.T) {
	t.Parallel()
	books := newBooks("metrics " + rand.Text())
	stock := func(ids ...string) *library {
		return &library{page: func(context.Context, string, string) ([]book, string, error) { return named(ids...), "", nil }}
	}
	one, other := stock("a", "b"), stock("a", "b", "c")
	older := must(t, books, one, time.Time{})
	must(t, books, one, time.Time{})
	books.Put(one, shelf, book{id: "d"})
	books.Remove(one, shelf, "a")
	books.Remove(one, shelf, "never seen")
	must(t, books, other, time.Time{})

	took := time.Since(older.AsOf()).Seconds()
	got := gathered(t, books.Name)
	age := "provider_openai_inventory_age_seconds"
	if got[age] < took || got[age] > time.Since(older.AsOf()).Seconds() {
		t.Errorf("%s: want that of the oldest list, %f, got %f", age, took, got[age])
	}
	want := map[string]float64{
		"provider_openai_inventory_lookups_total fetch": 2,
		"provider_openai_inventory_lookups_total hit":   1,
		"provider_openai_inventory_items":               5,
	}
	noAge := cmpopts.IgnoreMapEntries(func(k string, _ float64) bool { return k == age })
	if diff := cmp.Diff(want, got, noAge); diff != "" {
		t.Errorf("metrics: -want, +got:\n%s", diff)
	}
	runtime.KeepAlive(one)
	runtime.KeepAlive(other)
}

// TestFormerInventoriesAreNotCounted shows that an inventory ends with its client.
func TestFormerInventoriesAreNotCounted(t *testing.T) {
	t.Parallel()
	books := newBooks("former " + rand.Text())
	func() {
		l := listing("a")
		must(t, books, l, time.Time{})
		if got := gathered(t, books.Name)["provider_openai_inventory_items"]; got != 1 {
			t.Errorf("items while the client lives: want 1, got %f", got)
		}
		runtime.KeepAlive(l)
	}()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.GC() {
		if _, ok := gathered(t, books.Name)["provider_openai_inventory_items"]; !ok {
			return
		}
	}
	t.Error("the inventory of a former client is still counted")
}
