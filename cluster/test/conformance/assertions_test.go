// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// calls returns the calls of the provider.
func (e *Env) calls() []simulator.Call {
	others := simulator.Fingerprint(e.newAdminKey("others"))
	return slices.DeleteFunc(e.Sim.Calls(), func(c simulator.Call) bool { return c.KeyFingerprint == others })
}

// count the provider's calls of a route that reached OpenAI.
func (e *Env) count(route simulator.Route) int {
	n := 0
	for _, c := range e.calls() {
		if c.Route == route {
			n++
		}
	}
	return n
}

// carriedOut counts the provider's calls of a route that succeeded.
func (e *Env) carriedOut(route simulator.Route) int {
	n := 0
	for _, c := range e.calls() {
		if c.Route == route && c.CarriedOut {
			n++
		}
	}
	return n
}

// mutations returns the provider's calls other than GET.
func (e *Env) mutations() []simulator.Call {
	return slices.DeleteFunc(e.calls(), func(c simulator.Call) bool { return !c.Mutating() })
}

func (e *Env) get(o client.Object) {
	e.Helper()
	e.must(kube.Get(e.Context(), client.ObjectKeyFromObject(o), o))
}

func (e *Env) delete(o client.Object) {
	e.Helper()
	e.must(client.IgnoreNotFound(kube.Delete(e.Context(), o)))
}

func (e *Env) awaitGone(o client.Object) {
	e.Helper()
	await.Gone(e, kube, o)
}

func (e *Env) awaitReady(o resource.Managed) {
	e.Helper()
	await.Ready(e, kube, o)
}

// healed awaits that an object is Ready after a fault. It requests reconciles, because the backoff
// may be long by then.
func (e *Env) healed(o resource.Managed) {
	e.Helper()
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
}

// awaitMessage awaits a False condition whose message contains the words.
func (e *Env) awaitMessage(o resource.Managed, words string) {
	e.Helper()
	await.Condition(e, fmt.Sprintf("a condition of %T %q that says %q", o, o.GetName(), words), func() (bool, string) {
		e.get(o)
		for _, t := range []xpv2.ConditionType{xpv2.TypeReady, xpv2.TypeSynced} {
			if c := o.GetCondition(t); c.Status == corev1.ConditionFalse && strings.Contains(c.Message, words) {
				return true, ""
			}
		}
		return false, await.State(o)
	})
}

// awaitReconciles awaits this many further reconciles of an object.
func (e *Env) awaitReconciles(o client.Object, times int) {
	e.Helper()
	// The last one has ended when the next one begins.
	want := logs.reconcilesBegun(o) + times + 1
	await.Condition(e, fmt.Sprintf("%d reconciles of %T %q", times, o, o.GetName()), func() (bool, string) {
		n := logs.reconcilesBegun(o)
		return n >= want, fmt.Sprintf("%d of %d", n, want)
	})
}

// awaitAlive awaits which resources of the kind exist at OpenAI.
func (e *Env) awaitAlive(r Row, when string, want ...string) {
	e.Helper()
	await.Condition(e, fmt.Sprintf("that %q live at OpenAI %s", want, when), func() (bool, string) {
		got := r.Alive(e)
		return cmp.Equal(want, got, cmpopts.EquateEmpty()), fmt.Sprintf("%q", got)
	})
}

// assertAlive asserts which resources of the kind exist at OpenAI.
func (e *Env) assertAlive(r Row, when string, want ...string) {
	e.Helper()
	if diff := cmp.Diff(want, r.Alive(e), cmpopts.EquateEmpty()); diff != "" {
		e.Errorf("living at OpenAI %s: -want, +got:\n%s", when, diff)
	}
}

// assertOne asserts that the external resource of an object exists, and no other of the kind.
func (e *Env) assertOne(r Row, when string, o resource.Managed) {
	e.Helper()
	e.get(o)
	e.awaitAlive(r, when, meta.GetExternalName(o))
}

// assertEnds deletes an object, and asserts that its external resource is deleted.
func (e *Env) assertEnds(r Row, o resource.Managed, id string) {
	e.Helper()
	e.delete(o)
	e.awaitGone(o)
	if r.Routes.Delete == "" {
		e.assertAlive(r, "as nothing can end it", id)
		return
	}
	e.assertAlive(r, "after the end of the object")
}

// assertNoMutation asserts that the provider made no call other than GET.
func (e *Env) assertNoMutation(when string) {
	e.Helper()
	if m := e.mutations(); len(m) != 0 {
		e.Errorf("%s the provider asked for changes: %+v", when, m)
	}
}

// events of the namespace, a line for each.
func (e *Env) events() string {
	e.Helper()
	l := &corev1.EventList{}
	e.must(kube.List(e.Context(), l, client.InNamespace(e.namespace)))
	var all strings.Builder
	for i := range l.Items {
		fmt.Fprintln(&all, l.Items[i].Type, l.Items[i].Reason, l.Items[i].Message)
	}
	return all.String()
}

// awaitEvent awaits an event of the namespace.
func (e *Env) awaitEvent(reason, words string) {
	e.Helper()
	await.Condition(e, fmt.Sprintf("an event %s that says %q", reason, words), func() (bool, string) {
		all := e.events()
		for line := range strings.Lines(all) {
			if strings.Contains(line, " "+reason+" ") && strings.Contains(line, words) {
				return true, ""
			}
		}
		return false, all
	})
}

// assertNoEvent asserts that no event of the namespace has the words.
func (e *Env) assertNoEvent(words string) {
	e.Helper()
	if all := e.events(); strings.Contains(all, words) {
		e.Errorf("an event says %q:\n%s", words, all)
	}
}
