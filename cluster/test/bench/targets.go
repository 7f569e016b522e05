// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import "math"

// A Verdict compares a figure with its target.
type Verdict struct {
	Column string  `json:"column"`
	Size   int     `json:"size"`
	Figure string  `json:"figure"`
	AtMost float64 `json:"at_most"`
	Value  Value   `json:"value"`
	Met    bool    `json:"met"`
}

// A target is an upper bound of a figure at some sizes.
type target struct {
	column, figure string
	at             func(size int) bool
	atMost         func(size int) float64
}

func always(int) bool { return true }

func only(n int) func(int) bool { return func(size int) bool { return size == n } }

func beyond(n int) func(int) bool { return func(size int) bool { return size > n } }

func fixed(v float64) func(int) float64 { return func(int) float64 { return v } }

var targets = []target{
	{columnProvider, callsPerKey, only(1000), fixed(1.05)},
	{columnProvider, wallRatio, only(1000), fixed(2.5)},
	{columnProvider, growth, beyond(1000), fixed(1)},
	{columnProvider, rss, only(10000), fixed(400)},
	{columnProvider, restartCalls, always, func(size int) float64 { return float64(listPages(size)) }},
	{columnProvider, restartWrites, always, fixed(0)},
	{columnProvider, cycleCalls, always, func(size int) float64 { return float64(listPages(size)) / projectCount }},
	{columnProvider, cycleWrites, always, fixed(0)},
	{columnLimited, refusedLate, always, fixed(0)},
	{columnLimited, allowedRatio, only(1000), fixed(1.05)},
}

// judge every figure that has a target, measured or not, of the columns that were to be measured.
func (r *report) judge() []Verdict {
	var verdicts []Verdict
	for _, t := range targets {
		for _, c := range r.Columns {
			if c.Name != t.column || c.Reason != "" || !t.at(c.Size) {
				continue
			}
			v, ok := c.Figures[t.figure]
			if !ok {
				// Its phase was not selected.
				continue
			}
			verdicts = append(verdicts, Verdict{
				Column: c.Name, Size: c.Size, Figure: t.figure, AtMost: t.atMost(c.Size), Value: v,
				Met: v.Number != nil && *v.Number <= t.atMost(c.Size),
			})
		}
	}
	return verdicts
}

func (r *report) missed() int {
	n := 0
	for _, v := range r.Verdicts {
		if !v.Met {
			n++
		}
	}
	return n
}

// derive the figures that compare columns.
func (r *report) derive() {
	for _, c := range r.Columns {
		took, measured := c.number(wall)
		if !measured || c.Name == columnLimited {
			continue
		}
		if c.Name != columnFloor {
			r.compareWithFloor(c, took)
		}
		if s := r.sizeBefore(c); s != nil {
			if before, ok := s.number(wall); ok {
				c.set(growth, round(took/float64(c.Size)/(before/float64(s.Size))))
			}
		}
	}
}

func (r *report) compareWithFloor(c *Column, took float64) {
	floor, ok := r.column(columnFloor, c.Size).number(wall)
	if !ok {
		c.without("the floor was not measured", wallRatio)
		return
	}
	c.set(wallRatio, round(took/floor))
}

// round to the precision of the table, so that verdicts match what it shows.
func round(v float64) float64 { return math.Round(v*100) / 100 }

// column of the report, or nil.
func (r *report) column(name string, size int) *Column {
	for _, c := range r.Columns {
		if c.Name == name && c.Size == size {
			return c
		}
	}
	return nil
}

// sizeBefore is the same column at the next smaller size, or nil.
func (r *report) sizeBefore(c *Column) *Column {
	var before *Column
	for _, other := range r.Columns {
		if other.Name == c.Name && other.Size < c.Size && (before == nil || other.Size > before.Size) {
			before = other
		}
	}
	return before
}
