// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// BenchmarkInventory measures List with 10,000 cached items, and Put.
func BenchmarkInventory(b *testing.B) {
	const size = 10_000
	books := newBooks("benchmark")
	start := func(b *testing.B) *library {
		b.Helper()
		names := make([]string, size)
		for n := range names {
			names[n] = fmt.Sprintf("book-%06d", n)
		}
		l := &library{page: func(context.Context, string, string) ([]book, string, error) { return named(names...), "", nil }}
		if _, err := books.List(b.Context(), l, shelf, time.Time{}); err != nil {
			b.Fatalf("List: %v", err)
		}
		b.ReportAllocs()
		return l
	}
	// Prepared, so that only the inventory's own cost counts.
	var changes [size]book
	for n := range changes {
		changes[n] = book{id: fmt.Sprintf("book-%06d", n*7919%size), rev: n}
	}

	b.Run("List", func(b *testing.B) {
		l := start(b)
		ctx := b.Context()
		for b.Loop() {
			if _, err := books.List(ctx, l, shelf, time.Time{}); err != nil {
				b.Fatalf("List: %v", err)
			}
		}
	})
	b.Run("ListInParallel", func(b *testing.B) {
		l := start(b)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := books.List(b.Context(), l, shelf, time.Time{}); err != nil {
					b.Errorf("List: %v", err)
				}
			}
		})
	})
	b.Run("Put", func(b *testing.B) {
		l := start(b)
		for n := 0; b.Loop(); n++ {
			books.Put(l, shelf, changes[n%size])
		}
	})
	b.Run("PutAndList", func(b *testing.B) {
		l := start(b)
		ctx := b.Context()
		for n := 0; b.Loop(); n++ {
			books.Put(l, shelf, changes[n%size])
			if _, err := books.List(ctx, l, shelf, time.Time{}); err != nil {
				b.Fatalf("List: %v", err)
			}
		}
	})
	b.Run("All", func(b *testing.B) {
		l := start(b)
		got, err := books.List(b.Context(), l, shelf, time.Time{})
		if err != nil {
			b.Fatalf("List: %v", err)
		}
		found := 0
		for b.Loop() {
			for o := range got.All() {
				found += o.rev
			}
		}
	})
}
