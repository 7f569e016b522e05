// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"math"
	"slices"
	"time"
)

// A table holds the records of one family below one parent with all of their versions, so
// that a list can be read as it was earlier. Records are values: to change one, put a new
// value.
type table[T any] struct {
	rows  []row[T]
	index map[string]int
}

type row[T any] struct {
	id       string
	versions []version[T]
}

type version[T any] struct {
	change
	value   T
	deleted bool
}

// A change is the sequence number of a write, and its time.
type change struct {
	seq int64
	at  time.Time
}

// A view is a point in the sequence of writes at which tables are read: it includes the
// writes up to seq and, unless until is zero, only those until that time.
type view struct {
	seq   int64
	until time.Time
}

// latest includes every write.
var latest = view{seq: math.MaxInt64}

func (v view) sees(c change) bool {
	return c.seq <= v.seq && (v.until.IsZero() || !c.at.After(v.until))
}

func (r row[T]) at(v view) (value T, ok bool) {
	for _, v0 := range slices.Backward(r.versions) {
		if v.sees(v0.change) {
			return v0.value, !v0.deleted
		}
	}
	return value, false
}

func (t *table[T]) put(c change, id string, value T) {
	t.write(id, version[T]{change: c, value: value})
}

func (t *table[T]) drop(c change, id string) {
	t.write(id, version[T]{change: c, deleted: true})
}

func (t *table[T]) write(id string, v version[T]) {
	if t.index == nil {
		t.index = make(map[string]int)
	}
	i, known := t.index[id]
	if !known {
		i = len(t.rows)
		t.index[id] = i
		t.rows = append(t.rows, row[T]{id: id})
	}
	t.rows[i].versions = append(t.rows[i].versions, v)
}

func (t *table[T]) get(v view, id string) (value T, ok bool) {
	i, known := t.index[id]
	if !known {
		return value, false
	}
	return t.rows[i].at(v)
}

// after returns the records that follow the one with the given ID, in the order of their
// creation, or all of them if the ID is empty. The ID may be that of a deleted record, so
// that deleting while paging skips nothing; ok is false if it never existed.
func (t *table[T]) after(v view, id string) (values []T, ok bool) {
	start := 0
	if id != "" {
		i, known := t.index[id]
		if !known {
			return nil, false
		}
		start = i + 1
	}
	for _, r := range t.rows[start:] {
		if value, there := r.at(v); there {
			values = append(values, value)
		}
	}
	return values, true
}

func (t *table[T]) all(v view) []T {
	values, _ := t.after(v, "")
	return values
}
