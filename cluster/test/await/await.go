// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package await has tests wait for what the provider does to objects, and never for a time.
package await

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// patience is how long a condition is awaited. It decides no test: what is awaited comes
// within seconds, or never; the events of many tests can take longer.
const patience = 2 * time.Minute

// Condition waits until it is met, and otherwise fails the test with the last state.
func Condition(tb testing.TB, what string, met func() (ok bool, state string)) {
	tb.Helper()
	var last string
	err := wait.PollUntilContextTimeout(tb.Context(), 50*time.Millisecond, patience, true, func(context.Context) (bool, error) {
		ok, state := met()
		last = state
		return ok, nil
	})
	if err != nil {
		tb.Fatalf("%s did not come about: %s", what, last)
	}
}

// Ready waits until an object is Ready and Synced in its present generation.
func Ready(tb testing.TB, kube client.Client, o resource.Managed) {
	tb.Helper()
	Condition(tb, fmt.Sprintf("%T %q Ready", o, o.GetName()), func() (bool, string) {
		get(tb, kube, o)
		return IsReady(o), State(o)
	})
}

// IsReady reports whether an object is Ready and Synced in its present generation.
func IsReady(o resource.Managed) bool {
	ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
	return synced.ObservedGeneration == o.GetGeneration() && ready.Status == corev1.ConditionTrue && synced.Status == corev1.ConditionTrue
}

// Problem waits until an object is not Synced in its present generation, and returns why.
func Problem(tb testing.TB, kube client.Client, o resource.Managed) string {
	tb.Helper()
	Condition(tb, fmt.Sprintf("a problem of %T %q", o, o.GetName()), func() (bool, string) {
		get(tb, kube, o)
		c := o.GetCondition(xpv2.TypeSynced)
		return c.Status == corev1.ConditionFalse && c.ObservedGeneration == o.GetGeneration(), State(o)
	})
	return o.GetCondition(xpv2.TypeSynced).Message
}

// Gone waits until there is no such object any more.
func Gone(tb testing.TB, kube client.Client, o client.Object) {
	tb.Helper()
	Condition(tb, fmt.Sprintf("the end of %T %q", o, o.GetName()), func() (bool, string) {
		err := kube.Get(calling(tb), client.ObjectKeyFromObject(o), o)
		return kerrors.IsNotFound(err), fmt.Sprintf("%+v", o)
	})
}

// Change an object as a user would, again where the provider was faster.
func Change[T client.Object](tb testing.TB, kube client.Client, o T, change func(T)) {
	tb.Helper()
	Condition(tb, fmt.Sprintf("a change of %T %q", o, o.GetName()), func() (bool, string) {
		get(tb, kube, o)
		change(o)
		err := kube.Update(calling(tb), o)
		if kerrors.IsConflict(err) {
			return false, err.Error()
		}
		if err != nil {
			tb.Fatal(err)
		}
		return true, ""
	})
}

// Annotate an object as kubectl annotate does; nil removes an annotation.
func Annotate(tb testing.TB, kube client.Client, o client.Object, annotations map[string]any) {
	tb.Helper()
	if err := annotate(calling(tb), kube, o, annotations); err != nil {
		tb.Fatal(err)
	}
}

func annotate(ctx context.Context, kube client.Client, o client.Object, annotations map[string]any) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": annotations}})
	if err != nil {
		return err
	}
	return kube.Patch(ctx, o, client.RawPatch(types.MergePatchType, patch))
}

// Request that an object is reconciled now, from what OpenAI says now, and return the token
// by which the status tells that it was. An object that is gone by then needs none.
func Request(tb testing.TB, kube client.Client, o resource.Managed) (token string) {
	tb.Helper()
	token = time.Now().Format(time.RFC3339Nano)
	err := annotate(calling(tb), kube, o, map[string]any{meta.AnnotationKeyReconcileRequestedAt: token})
	if client.IgnoreNotFound(err) != nil {
		tb.Fatal(err)
	}
	return token
}

// Reconciled has an object reconciled, from what OpenAI says now, and waits for that. It
// shows what does not happen without waiting for it.
func Reconciled(tb testing.TB, kube client.Client, o resource.Managed) {
	tb.Helper()
	told, ok := o.(interface{ GetLastHandledReconcileAt() string })
	if !ok {
		tb.Fatalf("%T does not tell which reconcile request it handled", o)
	}
	token := Request(tb, kube, o)
	Condition(tb, fmt.Sprintf("another reconcile of %T %q", o, o.GetName()), func() (bool, string) {
		get(tb, kube, o)
		return told.GetLastHandledReconcileAt() == token, State(o)
	})
}

// State of an object, for messages.
func State(o resource.Managed) string {
	return fmt.Sprintf("%q: %+v %+v", meta.GetExternalName(o), o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced))
}

// calling is the context of a call, which a cleanup can make as well.
func calling(tb testing.TB) context.Context {
	tb.Helper()
	return context.WithoutCancel(tb.Context())
}

func get(tb testing.TB, kube client.Client, o client.Object) {
	tb.Helper()
	if err := kube.Get(calling(tb), client.ObjectKeyFromObject(o), o); err != nil {
		tb.Fatal(err)
	}
}
