// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"net/http"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// listCases are about list replies that prove nothing. Where OpenAI has no list, the GET of the one
// resource takes its place.
var listCases = []Case{
	{Name: "list_broken", Each: func(Row) []Case {
		// A 404 of a GET means that the resource does not exist.
		notFound := brokenList("404", openAIError(http.StatusNotFound, "No such resource."))
		notFound.NA = needsList
		moreToFollow := brokenList("empty_with_more_to_follow", listOfNothing(true))
		moreToFollow.NA = needsList
		return []Case{
			notFound,
			brokenList("403", openAIError(http.StatusForbidden, "You have insufficient permissions for this operation.")),
			brokenList("500", openAIError(http.StatusInternalServerError, "The server had an error.")),
			brokenList("page", reply{status: http.StatusOK, contentType: asHTML, body: "<html>Sign in</html>"}),
			brokenList("page_404", reply{status: http.StatusNotFound, contentType: asHTML, body: page}),
			moreToFollow,
		}
	}},
	{Name: "list_incomplete", NA: both(needsList, func(r Row) string {
		if r.Routes.Get == "" {
			return "only its list shows that it exists"
		}
		return ""
	}), Run: incompleteList},
}

// listOfNothing is an empty page in all forms of OpenAI's lists at once.
func listOfNothing(more bool) reply {
	return reply{status: http.StatusOK, contentType: asJSON, body: fmt.Sprintf(`{"object":"list","data":[],"first_id":null,"last_id":null,"next":null,"has_more":%t}`, more)}
}

// brokenList is a case in which a list fails after a create whose reply was lost, while the object
// is Ready, and while it is deleted.
func brokenList(name string, with reply) Case {
	return Case{Name: name, Run: func(e *Env, r Row) {
		read := r.Routes.read()
		var o resource.ModernManaged
		if r.Routes.Create == "" || r.Routes.List == "" {
			o, _ = e.ready(r)
		} else {
			o = e.create(r, "an-object", func(resource.ModernManaged) {
				e.gateway.intercept(r.Routes.Create, interception{reply: lost, matches: first(1)})
				e.gateway.intercept(read, interception{reply: with, matches: func() bool { return e.carriedOut(r.Routes.Create) > 0 }})
			})
			e.awaitIntercepted(read, 2, never)
			if n := e.carriedOut(r.Routes.Create); n != 1 {
				e.Errorf("%d were created while the list that would show the first is broken, want 1", n)
			}
			e.gateway.stop()
			e.healed(o)
		}
		e.assertOne(r, "once the list is whole", o)
		id, creates := meta.GetExternalName(o), e.carriedOut(r.Routes.Create)

		e.gateway.intercept(read, interception{reply: with})
		e.awaitIntercepted(read, 2, never)
		await.Problem(e, kube, o)
		e.gateway.stop()
		e.healed(o)
		e.assertOne(r, "after a list that was broken meanwhile", o)
		if n := e.carriedOut(r.Routes.Create) - creates; n != 0 || meta.GetExternalName(o) != id {
			e.Errorf("%d were created because of a broken list, and the object has %q: want none, and %q", n, meta.GetExternalName(o), id)
		}

		e.gateway.intercept(read, interception{reply: with})
		e.awaitIntercepted(read, 1, never)
		e.delete(o)
		e.awaitIntercepted(read, 2, func() bool { return e.isGone(o) })
		if e.isGone(o) && r.Routes.Delete != "" {
			e.assertAlive(r, "after an end while the list was broken")
		}
		e.gateway.stop()
		// Its backoff may be long by then.
		await.Request(e, kube, o)
		e.assertEnds(r, o, id)
	}}
}

func never() bool { return false }

func (e *Env) isGone(o client.Object) bool {
	return kerrors.IsNotFound(kube.Get(e.Context(), client.ObjectKeyFromObject(o), o))
}

// incompleteList is a list that looks complete and omits an existing resource.
func incompleteList(e *Env, r Row) {
	o, id := e.ready(r)
	creates := e.carriedOut(r.Routes.Create)
	// For as long as lists may lag, the provider relies on what it created itself.
	e.gateway.intercept(r.Routes.List, interception{reply: listOfNothing(false)})
	e.forgetCaches()
	gets := e.count(r.Routes.Get)
	await.Condition(e, "a call that gets what is not listed", func() (bool, string) { return e.count(r.Routes.Get) > gets, "none" })
	await.Reconciled(e, kube, o)
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
	if got := meta.GetExternalName(o); got != id || e.carriedOut(r.Routes.Create) != creates {
		e.Errorf("the object has %q, and %d were created: want %q and none", got, e.carriedOut(r.Routes.Create)-creates, id)
	}
	e.assertAlive(r, "though it is not listed", id)
	e.assertEnds(r, o, id)
}
