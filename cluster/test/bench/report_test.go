// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// finished is a report of two sizes in which one target is missed and one figure could not be
// measured.
func finished() *report {
	r := &report{CPUs: 2, Concurrency: 200, Window: "6s", PerMinute: perMinute}
	add := func(name string, size int, seconds, calls float64) *Column {
		c := newColumn(name, size)
		c.set(wall, seconds)
		c.set(callsPerKey, calls)
		r.Columns = append(r.Columns, c)
		return c
	}
	add(columnFloor, 1000, 10, 1)
	provider := add(columnProvider, 1000, 20, 1.02)
	provider.set(cycleCalls, 1)
	provider.set(cycleWrites, 0)
	provider.without("needs Linux's /proc", rss)
	add(columnNaive, 1000, 90, 3)
	add(columnFloor, 10000, 100, 1)
	provider = add(columnProvider, 10000, 300, 1.01)
	provider.without("needs Linux's /proc", rss)
	naive := newColumn(columnNaive, 10000)
	naive.Reason = "would take hours"
	r.Columns = append(r.Columns, naive)
	r.derive()
	r.Verdicts = r.judge()
	return r
}

func TestTable(t *testing.T) {
	t.Parallel()
	want := `2 CPUs, concurrency 200, a minute of the limited column is 6s

1000 keys                              floor    provider  naive    to reach
wall time to all Ready                 10.00 s  20.00 s   90.00 s  
  by the floor's                       -        2.00 ×    9.00 ×   ≤ 2.5 ok
OpenAI calls per key to Ready          1.000    1.020     3.000    ≤ 1.05 ok
provider peak RSS                      -        -         -        
poll cycle: OpenAI calls per project   -        1.00      -        ≤ 1 ok
poll cycle: Kubernetes writes per key  -        0.000     -        ≤ 0 ok
- provider, provider peak RSS: needs Linux's /proc

10000 keys                             floor     provider  naive  to reach
wall time to all Ready                 100.00 s  300.00 s  -      
  by the floor's                       -         3.00 ×    -      
  per key, by that of the size before  1.00 ×    1.50 ×    -      ≤ 1 MISSED
OpenAI calls per key to Ready          1.000     1.010     -      
provider peak RSS                      -         -         -      ≤ 400 MISSED
- naive: would take hours
- provider, provider peak RSS: needs Linux's /proc

4 of 6 targets reached
`
	if diff := cmp.Diff(want, finished().table()); diff != "" {
		t.Errorf("table: -want, +got:\n%s", diff)
	}
}

func TestTheChartIsXMLAndShowsWhatWasMeasured(t *testing.T) {
	t.Parallel()
	chart, err := finished().svg()
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(string(chart)))
	points := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the chart is no XML: %v\n%s", err, chart)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "circle" {
			points++
		}
	}
	// Five wall times, five numbers of calls, and one of a poll cycle.
	if points != 11 {
		t.Errorf("points: want 11, got %d", points)
	}
	for _, want := range []string{"provider, 1000 keys: 20.00", "naive, 1000 keys: 90.00", "Wall time to all Ready, s"} {
		if !strings.Contains(string(chart), want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
}

func TestAChartOfNothingIsDrawn(t *testing.T) {
	t.Parallel()
	if _, err := (&report{}).svg(); err != nil {
		t.Errorf("svg: %v", err)
	}
}
