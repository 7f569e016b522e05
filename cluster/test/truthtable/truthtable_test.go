// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// TestWhatToolsMakeOfAnObjectsStatus brings real objects into all states, and runs the real tools
// on them. It always prints the table.
func TestWhatToolsMakeOfAnObjectsStatus(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	r := &results{verdicts: map[string]answers{}}
	defer func() { fmt.Println(table(r.rows())) }()
	p := newEnvironment(t)
	j := judge{environment: p, checks: healthChecks(t)}
	causes := map[string]*caused{}
	for _, s := range states() {
		sim := simulator.NewHTTP()
		t.Cleanup(sim.Close)
		causes[s.name] = &caused{state: s, tenant: newTenant(t, p, sim)}
	}
	each := func(name string, of func(s state) bool, do func(c *caused)) {
		t.Run(name, func(t *testing.T) {
			for _, s := range states() {
				if !of(s) {
					continue
				}
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					c := *causes[s.name]
					c.tenant = c.forSubtest(t)
					do(&c)
					causes[s.name].objects = c.objects
				})
			}
		})
	}
	check := func(c *caused) { r.check(c, j.judge(c.tenant, c.objects)) }

	each("BeforeTheProviderStarts", func(s state) bool { return s.beforeProvider }, func(c *caused) {
		c.objects = c.cause(c.tenant)
		check(c)
	})
	stop := p.startProvider(t)
	each("WhileTheProviderRuns", func(s state) bool { return !s.beforeProvider }, func(c *caused) {
		c.objects = c.cause(c.tenant)
		if c.later != nil {
			return
		}
		check(c)
		if !c.ignoresRequests {
			c.reconcileAgain(c.objects)
			check(c)
		}
	})
	stop()
	each("AfterTheProviderEnded", func(s state) bool { return s.later != nil }, func(c *caused) {
		if c.objects == nil {
			c.Fatal("the state did not come about")
		}
		c.later(c.tenant, c.objects)
		check(c)
	})
}

// A caused state has the objects of a tenant.
type caused struct {
	state
	*tenant

	objects []client.Object
}

// results are the answers of the tools.
type results struct {
	mu       sync.Mutex
	verdicts map[string]answers
}

// oddCell is the prefix of a cell with an unexpected answer.
const oddCell = "WANT "

// check the answers of the tools about a state's objects, and record them.
func (r *results) check(c *caused, verdicts []answers) {
	c.Helper()
	var cells answers
	for tool := range cells {
		want := c.want[tool]
		cells[tool] = want
		var odd []string
		for i, v := range verdicts {
			kind := strings.TrimPrefix(fmt.Sprintf("%T", c.objects[i]), "*v1alpha1.")
			switch v[tool] {
			case says(want):
			case notRun:
				cells[tool] = notRun
			default:
				odd = append(odd, kind+": "+v[tool])
				c.Errorf("%s\n%s says %q of a %s in the state %q, want %q", c.reason, columns[tool+1], v[tool], kind, c.name, want)
			}
		}
		if len(odd) > 0 {
			cells[tool] = oddCell + want + ", GOT " + strings.Join(odd, ", ")
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for tool, before := range r.verdicts[c.name] {
		// A later right answer must not hide an earlier wrong one.
		if strings.HasPrefix(before, oddCell) {
			cells[tool] = before
		}
	}
	r.verdicts[c.name] = cells
}

// rows of the table, with the answers of the tools.
func (r *results) rows() [][]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows [][]string
	for _, s := range states() {
		cells, ok := r.verdicts[s.name]
		if !ok {
			cells = answers{"?", "?", "?", "?"}
		}
		rows = append(rows, append([]string{s.name}, cells[:]...))
	}
	return rows
}

// says returns the answer in a cell, without the right one in parentheses.
func says(cell string) string {
	said, _, _ := strings.Cut(cell, "*")
	return said
}
