// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// errorCases are about errors in conditions, events and logs.
var errorCases = []Case{
	{Name: "error_stable", Each: func(Row) []Case {
		return []Case{
			{Name: "read", Run: func(e *Env, r Row) {
				o, _ := e.ready(r)
				e.assertUnwritten(r.Routes.read(), o)
			}},
			{Name: "create", NA: needsCreate, Run: stableCreate},
			{Name: "update", NA: needsUpdate, Run: func(e *Env, r Row) {
				o, _ := e.ready(r)
				e.gateway.intercept(r.Routes.Update, interception{reply: aServerError})
				e.change(o, r.Changes[0])
				e.assertUnwritten(r.Routes.Update, o)
			}},
			{Name: "delete", NA: needsDelete, Run: func(e *Env, r Row) {
				o, _ := e.ready(r)
				e.gateway.intercept(r.Routes.Delete, interception{reply: aServerError})
				e.delete(o)
				e.assertUnwritten(r.Routes.Delete, o)
			}},
		}
	}},
	{Name: "secrets_kept", Run: secretsNotDisclosed},
}

// aServerError contains the ID of the request in its message, as OpenAI's does.
var aServerError = openAIError(http.StatusInternalServerError, "The server had an error while processing your request. Please include the request ID "+requestID+" in your message.")

// assertUnwritten asserts that repeated errors, which differ only in their request IDs, cause one
// write of the object and not one at each retry.
func (e *Env) assertUnwritten(route simulator.Route, o resource.Managed) {
	e.Helper()
	e.gateway.intercept(route, interception{reply: aServerError})
	await.Problem(e, kube, o)
	version, before := o.GetResourceVersion(), o.GetCondition(xpv2.TypeSynced)
	e.awaitReconciles(o, 1)
	e.get(o)
	if diff := cmp.Diff(before, o.GetCondition(xpv2.TypeSynced)); diff != "" {
		e.Errorf("the condition changes from try to try: -before, +after:\n%s", diff)
	}
	if o.GetResourceVersion() != version {
		e.Errorf("the object is written at each try: %s", await.State(o))
	}
	e.assertIntercepted(route)
}

// stableCreate is a create that is refused. Each attempt writes annotations first, so that only the
// condition must not change.
func stableCreate(e *Env, r Row) {
	const why = "This is not possible"
	e.gateway.intercept(r.Routes.Create, interception{reply: openAIError(http.StatusBadRequest, why+" (request ID "+requestID+").")})
	o := e.create(r, "an-object")
	e.awaitMessage(o, why)
	before := o.GetCondition(xpv2.TypeSynced)
	for range 2 {
		met := e.gateway.intercepted(r.Routes.Create)
		await.Reconciled(e, kube, o)
		await.Condition(e, "another try", func() (bool, string) { return e.gateway.intercepted(r.Routes.Create) > met, "none" })
	}
	if diff := cmp.Diff(before, o.GetCondition(xpv2.TypeSynced)); diff != "" {
		e.Errorf("the condition changes from try to try: -before, +after:\n%s", diff)
	}
	e.delete(o)
	e.awaitGone(o)
	e.assertAlive(r, "after creates that were refused")
}

// secretsNotDisclosed creates, updates and deletes an object while the first call of each route
// fails with an error that quotes the admin key and another key's value.
func secretsNotDisclosed(e *Env, r Row) {
	const key = "sk-svcacct-SIMULATED-fake-0123456789abcdef"
	for _, route := range r.Routes.all() {
		e.gateway.intercept(route, interception{reply: openAIError(http.StatusBadRequest, fmt.Sprintf("Neither %s nor %s may do this.", e.adminKeys[0], key)), matches: first(1)})
	}
	o := e.create(r, "an-object")
	e.heal(o, func() bool { return await.IsReady(o) })
	if len(r.Changes) > 0 {
		e.change(o, r.Changes[0])
		e.heal(o, func() bool { return await.IsReady(o) })
	}
	said, err := json.Marshal(o)
	e.must(err)
	values := append(secretValues(e), []byte(key))
	e.delete(o)
	e.heal(o, func() bool { return false })

	var events string
	// The other events may arrive late; their messages are in the logs, too.
	await.Condition(e, "an event of what went wrong", func() (bool, string) {
		events = e.events()
		return strings.Contains(events, corev1.EventTypeWarning), events
	})
	for where, text := range map[string][]byte{"the object": said, "events": []byte(events), "logs": logs.all()} {
		for _, value := range values {
			if bytes.Contains(text, value) {
				e.Errorf("a secret value is in %s", where)
			}
		}
		// All cases share the logs.
		if where != "logs" && canary.Reveals(text) {
			e.Errorf("the value of a key is in %s", where)
		}
	}
	for _, route := range []simulator.Route{r.Routes.read(), r.Routes.Create, r.Routes.Update, r.Routes.Delete} {
		if route != "" && e.gateway.intercepted(route) == 0 {
			e.Errorf("no call of %q was intercepted, so that this proves nothing about it", route)
		}
	}
}

// heal awaits that an object meets a condition or is gone, and requests reconciles meanwhile,
// because the backoff after errors can be long.
func (e *Env) heal(o resource.Managed, holds func() bool) {
	e.Helper()
	asked := -1
	await.Condition(e, fmt.Sprintf("%T %q as it was asked for", o, o.GetName()), func() (bool, string) {
		if e.isGone(o) || holds() {
			return true, ""
		}
		if n := logs.reconcilesBegun(o); n != asked && o.GetCondition(xpv2.TypeSynced).Status == corev1.ConditionFalse {
			asked = n
			await.Request(e, kube, o)
		}
		return false, await.State(o)
	})
}

// secretValues are the values in the namespace's Secrets that must be nowhere else.
func secretValues(e *Env) [][]byte {
	e.Helper()
	l := &corev1.SecretList{}
	e.must(kube.List(e.Context(), l, client.InNamespace(e.namespace)))
	var values [][]byte
	for i := range l.Items {
		for _, v := range l.Items[i].Data {
			if bytes.HasPrefix(v, []byte("sk-")) {
				values = append(values, v)
			}
		}
	}
	return values
}
