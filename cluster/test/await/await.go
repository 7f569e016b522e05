// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package await waits for conditions of objects, never for a fixed time.
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

// patience is the timeout for a condition. It decides no test: the condition is met within seconds,
// or never; only events of many tests can take longer.
const patience = 2 * time.Minute

// Condition waits until a condition is met. On a timeout the test fails with the last state.
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

// Ready waits until an object is Ready and Synced in its current generation.
func Ready(tb testing.TB, kube client.Client, o resource.Managed) {
	tb.Helper()
	Condition(tb, fmt.Sprintf("%T %q Ready", o, o.GetName()), func() (bool, string) {
		get(tb, kube, o)
		return IsReady(o), State(o)
	})
}

// IsReady reports whether an object is Ready and Synced in its current generation.
func IsReady(o resource.Managed) bool {
	ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
	return synced.ObservedGeneration == o.GetGeneration() && ready.Status == corev1.ConditionTrue && synced.Status == corev1.ConditionTrue
}

// Problem waits until an object is not Synced in its current generation, and returns why.
func Problem(tb testing.TB, kube client.Client, o resource.Managed) string {
	tb.Helper()
	Condition(tb, fmt.Sprintf("a problem of %T %q", o, o.GetName()), func() (bool, string) {
		get(tb, kube, o)
		c := o.GetCondition(xpv2.TypeSynced)
		return c.Status == corev1.ConditionFalse && c.ObservedGeneration == o.GetGeneration(), State(o)
	})
	return o.GetCondition(xpv2.TypeSynced).Message
}

// Gone waits until an object does not exist any more.
func Gone(tb testing.TB, kube client.Client, o client.Object) {
	tb.Helper()
	Condition(tb, fmt.Sprintf("the end of %T %q", o, o.GetName()), func() (bool, string) {
		err := kube.Get(calling(tb), client.ObjectKeyFromObject(o), o)
		return kerrors.IsNotFound(err), fmt.Sprintf("%+v", o)
	})
}

// Change an object as a user would, with retries on conflicts.
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

// Request a reconcile of an object with fresh reads from OpenAI, and return the token that
// status.lastHandledReconcileAt then has. An object that is gone needs none.
func Request(tb testing.TB, kube client.Client, o resource.Managed) (token string) {
	tb.Helper()
	token = time.Now().Format(time.RFC3339Nano)
	err := annotate(calling(tb), kube, o, map[string]any{meta.AnnotationKeyReconcileRequestedAt: token})
	if client.IgnoreNotFound(err) != nil {
		tb.Fatal(err)
	}
	return token
}

// Reconciled requests a reconcile of an object with fresh reads from OpenAI, and waits for it. A
// test uses it to show that something does not happen.
func Reconciled(tb testing.TB, kube client.Client, o resource.Managed) {
	tb.Helper()
	told, ok := o.(interface{ GetLastHandledReconcileAt() string })
	if !ok {
		tb.Fatalf("%T does not show which reconcile request it handled", o)
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

// calling is the context of a call, which works in cleanups too.
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
