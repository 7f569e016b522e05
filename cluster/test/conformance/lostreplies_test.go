// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"net/http"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// lostReplyCases are about calls that OpenAI carried out, and whose reply did not arrive.
var lostReplyCases = []Case{
	{Name: "reply_lost", Each: func(Row) []Case { return lostReplies(lost) }},
	{Name: "reply_lost_and_list_lagging", NA: func(r Row) string {
		if r.FromSpec {
			return "its spec identifies what a lost reply created"
		}
		return both(needsCreate, needsList)(r)
	}, Run: lostAndLagging},
	{Name: "reply_replaced_by_a_page", Each: func(Row) []Case {
		return lostReplies(reply{status: http.StatusBadGateway, contentType: asHTML, body: page, afterwards: true})
	}},
}

// page is an error page of a gateway.
const page = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"

func lostReplies(with reply) []Case {
	return []Case{
		{Name: "create", NA: needsCreate, Run: func(e *Env, r Row) {
			e.gateway.intercept(r.Routes.Create, interception{reply: with, matches: first(1)})
			o := e.create(r, "an-object")
			e.awaitReady(o)
			e.assertIntercepted(r.Routes.Create)
			await.Reconciled(e, kube, o)
			e.assertOne(r, "after a create without a reply", o)
			if n := e.carriedOut(r.Routes.Create); n > r.mostCreates() && !r.createsByUpdate() {
				e.Errorf("%d were created, want %d at most", n, r.mostCreates())
			}
			e.assertEnds(r, o, meta.GetExternalName(o))
		}},
		{Name: "update", NA: needsUpdate, Run: func(e *Env, r Row) {
			o, id := e.ready(r)
			c := r.Changes[0]
			e.gateway.intercept(r.Routes.Update, interception{reply: with, matches: first(1)})
			e.change(o, c)
			await.Condition(e, "a change without a reply", func() (bool, string) { return e.gateway.intercepted(r.Routes.Update) == 1, "none" })
			e.healed(o)
			if got := c.at(e, id); got != c.want() {
				e.Errorf("%s is %q, want %q", c.Field, got, c.want())
			}
			e.assertAlive(r, "after a change without a reply", id)
		}},
		{Name: "delete", NA: needsDelete, Run: func(e *Env, r Row) {
			o, _ := e.ready(r)
			// The provider ignores a missing list entry shortly after a create.
			e.forgetCaches()
			e.gateway.intercept(r.Routes.Delete, interception{reply: with, matches: first(1)})
			e.delete(o)
			e.awaitGone(o)
			e.assertIntercepted(r.Routes.Delete)
			e.assertAlive(r, "after an end without a reply")
		}},
	}
}

// lostAndLagging is a create whose reply is lost, while the list does not show the created resource
// at once.
func lostAndLagging(e *Env, r Row) {
	e.gateway.intercept(r.Routes.Create, interception{reply: lost, matches: first(1)})
	once := first(1)
	e.gateway.intercept(r.Routes.List, interception{reply: listOfNothing(false), matches: func() bool {
		return e.carriedOut(r.Routes.Create) > 0 && once()
	}})
	o := e.create(r, "an-object")
	e.awaitIntercepted(r.Routes.List, 1, never)
	e.healed(o)
	e.assertOne(r, "once the list shows it", o)
	if n := e.carriedOut(r.Routes.Create); n > r.mostCreates() {
		e.Errorf("%d were created, want %d at most", n, r.mostCreates())
	}
	e.assertEnds(r, o, meta.GetExternalName(o))
}

// assertIntercepted asserts that a call of a route was intercepted. Otherwise the case would prove
// nothing.
func (e *Env) assertIntercepted(route simulator.Route) {
	e.Helper()
	if e.gateway.intercepted(route) == 0 {
		e.Errorf("no call of %q was intercepted", route)
	}
}

// awaitIntercepted awaits this many further intercepted calls of a route, or another condition that
// ends the wait.
func (e *Env) awaitIntercepted(route simulator.Route, more int, or func() bool) {
	e.Helper()
	want := e.gateway.intercepted(route) + more
	await.Condition(e, fmt.Sprintf("%d calls of %q that are intercepted", more, route), func() (bool, string) {
		n := e.gateway.intercepted(route)
		return n >= want || or(), fmt.Sprint(n)
	})
}
