// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

func heapMiB() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc >> 20)
}

// TestAListThatIsGivenUpIsNotRetained shows that a list which is not fetched again for half an
// hour takes no memory meanwhile, for each project that somebody names.
func TestAListThatIsGivenUpIsNotRetained(t *testing.T) {
	// The test would be about whatever runs beside it.
	before := heapMiB()
	var libraries []*library
	for n := range 4 {
		l := endless(1000, func(n int) book {
			return book{id: fmt.Sprintf("book-%d", n), title: strings.Repeat("x", truncate.MaxBytes)}
		})
		libraries = append(libraries, l)
		_, err := newBooks(fmt.Sprintf("libraries %d", n)).List(t.Context(), l, shelf, time.Time{})
		if err == nil {
			t.Fatal("want an error")
		}
	}
	after := heapMiB()
	if after > before+32 {
		t.Errorf("want nothing retained of 4 lists that were given up, got %d MiB", after-before)
	}
	runtime.KeepAlive(libraries)
}
