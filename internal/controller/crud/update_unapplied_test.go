// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// TestAnUnappliedChangeIsRetriedLater shows how often an update is repeated after a reply that
// still shows the old value.
func TestAnUnappliedChangeIsRetriedLater(t *testing.T) {
	const message = `OpenAI answers name "old" where "new" is asked for; the change is tried again later`
	steps := []struct {
		reason string
		// what happens before the observation.
		asked, answered string
		passes          time.Duration
		due             bool
		message         string
	}{
		{reason: "It was never tried.", asked: "new", answered: "old", due: true},
		{reason: "It was tried a moment ago.", message: message},
		{reason: "A stale reply heals within a minute.", passes: time.Minute, due: true},
		{reason: "It was no stale reply.", passes: 59 * time.Minute, message: message},
		{reason: "OpenAI may have learned.", passes: time.Minute, due: true},
		{reason: "It seldom does.", passes: 23 * time.Hour, message: message},
		{reason: "Once a day.", passes: time.Hour, due: true},
		{reason: "And not more often.", passes: 23 * time.Hour, message: message},
		{reason: "Something else is asked for.", asked: "newer", due: true},
		{reason: "It was tried.", message: `OpenAI answers name "old" where "newer" is asked for; the change is tried again later`},
		{reason: "Somebody changed it at OpenAI.", answered: "theirs", due: true},
		{reason: "That was tried, too.", message: `OpenAI answers name "theirs" where "newer" is asked for; the change is tried again later`},
		{reason: "It came true.", answered: "newer"},
		{reason: "What was tried before that is forgotten.", answered: "theirs", due: true},
		{reason: "It may be but another form of what is asked for.", asked: "Newer Name", answered: "newer name", due: true},
		{reason: "The message leaves it out.", passes: time.Second},
	}
	f := newFixture(t)
	cr := f.project(t, "s")
	at := &setting{}
	k := singleton(at)
	k.Update = func(context.Context, *adminapi.Connection, *v1alpha1.Project, string, []reconciler.Change) (*setting, error) {
		return at, nil
	}
	always := k.Diff
	k.Diff = func(cr *v1alpha1.Project, o *setting) []reconciler.Change {
		if o.value == *cr.Spec.ForProvider.Name {
			return nil
		}
		return always(cr, o)
	}
	e := connected(t, f, k, cr)
	for _, step := range steps {
		if step.asked != "" {
			cr.Spec.ForProvider.Name = &step.asked
		}
		if step.answered != "" {
			at.value = step.answered
		}
		f.Advance(step.passes)
		o := observe(t, e, cr)
		status, message := ready(cr)
		if status != corev1.ConditionTrue || o.ResourceUpToDate == step.due {
			t.Errorf("%s\nObserve: want it Ready, and an update due: %t, got %s and %+v", step.reason, step.due, status, o)
		}
		if diff := cmp.Diff(step.message, message); diff != "" {
			t.Errorf("%s\nmessage of Ready: -want, +got:\n%s", step.reason, diff)
		}
		if o.ResourceUpToDate {
			continue
		}
		if _, err := e.Update(t.Context(), cr); err != nil {
			t.Fatalf("%s\nUpdate: %v", step.reason, err)
		}
	}
}

func TestAnUnappliedChangeDoesNotDelayOtherFields(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "s")
	at := map[string]string{"name": "old", "residency": "old", "externalKeyID": "old"}
	want := map[string]string{"name": "new", "residency": "old", "externalKeyID": "old"}
	k := singleton(&setting{})
	k.Diff = func(*v1alpha1.Project, *setting) (diff []reconciler.Change) {
		for _, field := range []string{"name", "residency", "externalKeyID"} {
			if at[field] != want[field] {
				diff = append(diff, reconciler.Change{Field: field, From: at[field], To: want[field]})
			}
		}
		return diff
	}
	var asked string
	k.Update = func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.Project, _ string, diff []reconciler.Change) (*setting, error) {
		asked = reconciler.Describe(diff)
		at["residency"] = want["residency"]
		return &setting{}, nil
	}
	e := connected(t, f, k, cr)
	update := func(want string) {
		t.Helper()
		if o := observe(t, e, cr); o.ResourceUpToDate {
			t.Fatal("Observe: want an update to be due")
		}
		if _, err := e.Update(t.Context(), cr); err != nil {
			t.Fatalf("Update: %v", err)
		}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("Update: -want, +got:\n%s", diff)
		}
	}
	update(`name "old" -> "new"`)
	want["residency"] = "new"
	update(`residency "old" -> "new"`)
	want["externalKeyID"] = ""
	update(`externalKeyID "old" -> ""`)
	if o := observe(t, e, cr); !o.ResourceUpToDate {
		t.Errorf("Observe: want nothing due, got %s", o.Diff)
	}
	const wantMessage = `OpenAI answers name "old" where "new" is asked for and externalKeyID "old" where none is asked for; the change is tried again later`
	if _, message := ready(cr); message != wantMessage {
		t.Errorf("message of Ready: want %q, got %q", wantMessage, message)
	}
}
