// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// pauses before a change is tried again to which OpenAI's reply still showed the old
// value. A stale reply heals after the first; what OpenAI keeps in a form of its own
// costs no update at each poll.
var pauses = []time.Duration{time.Minute, time.Hour, 24 * time.Hour}

// unanswered remembers the changes that OpenAI confirmed without making them, by object.
// It is safe for concurrent use.
type unanswered struct {
	now func() time.Time

	mu       sync.Mutex
	byObject map[types.UID]refusals
}

// refusals of the changes of what has an ID, by field.
type refusals struct {
	id     string
	fields map[string]refusal
}

// A refusal is a change that was answered by what it was to change.
type refusal struct {
	reconciler.Change
	tries int
	at    time.Time
}

func (r refusal) again() time.Time { return r.at.Add(pauses[min(r.tries, len(pauses))-1]) }

// sort the differences of an object into those to be updated now, and those that wait.
// What is no difference any more is forgotten.
func (u *unanswered) sort(object types.UID, id string, diff []reconciler.Change) (due, waiting []reconciler.Change) {
	u.mu.Lock()
	defer u.mu.Unlock()
	known := u.byObject[object]
	left := map[string]refusal{}
	for _, c := range diff {
		r, ok := known.fields[c.Field]
		if !ok || known.id != id || r.Change != c {
			due = append(due, c)
			continue
		}
		left[c.Field] = r
		if u.now().Before(r.again()) {
			waiting = append(waiting, c)
		} else {
			due = append(due, c)
		}
	}
	u.keep(object, refusals{id: id, fields: left})
	return due, waiting
}

// note how OpenAI answered changes: those that are still differences were not made.
func (u *unanswered) note(object types.UID, id string, asked, still []reconciler.Change) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.drop()
	fields := map[string]refusal{}
	if known := u.byObject[object]; known.id == id {
		maps.Copy(fields, known.fields)
	}
	for _, c := range asked {
		before := fields[c.Field]
		delete(fields, c.Field)
		if i := slices.IndexFunc(still, func(s reconciler.Change) bool { return s.Field == c.Field }); i >= 0 {
			r := refusal{Change: still[i], tries: 1, at: u.now()}
			if before.Change == r.Change {
				r.tries += before.tries
			}
			fields[c.Field] = r
		}
	}
	u.keep(object, refusals{id: id, fields: fields})
}

// forget an object that is going.
func (u *unanswered) forget(object types.UID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.byObject, object)
}

// drop objects that nobody looked at for long, such as those whose finalizer was taken
// off by hand. The caller holds the lock.
func (u *unanswered) drop() {
	longest := pauses[len(pauses)-1]
	maps.DeleteFunc(u.byObject, func(_ types.UID, r refusals) bool {
		for _, f := range r.fields {
			if u.now().Sub(f.at) < 2*longest {
				return false
			}
		}
		return true
	})
}

// keep what is known of an object. The caller holds the lock.
func (u *unanswered) keep(object types.UID, r refusals) {
	if len(r.fields) == 0 {
		delete(u.byObject, object)
		return
	}
	if u.byObject == nil {
		u.byObject = map[types.UID]refusals{}
	}
	u.byObject[object] = r
}

// among the differences, those in the fields of others.
func among(diff, others []reconciler.Change) []reconciler.Change {
	return slices.DeleteFunc(slices.Clone(diff), func(c reconciler.Change) bool { return !hasField(others, c.Field) })
}

// without leaves out the differences in the fields of others.
func without(diff, others []reconciler.Change) []reconciler.Change {
	return slices.DeleteFunc(slices.Clone(diff), func(c reconciler.Change) bool { return hasField(others, c.Field) })
}

func hasField(diff []reconciler.Change, field string) bool {
	return slices.ContainsFunc(diff, func(c reconciler.Change) bool { return c.Field == field })
}

// explain the changes that wait; empty if all are but forms of what is asked for.
func explain(waiting []reconciler.Change) string {
	var texts []string
	for _, c := range waiting {
		if isFormOfName(c) {
			continue
		}
		asked := "none"
		if c.To != "" {
			asked = fmt.Sprintf("%q", c.To)
		}
		texts = append(texts, fmt.Sprintf("%s %q where %s is asked for", c.Field, c.From, asked))
	}
	if len(texts) == 0 {
		return ""
	}
	return "OpenAI answers " + strings.Join(texts, " and ") + "; the change is tried again later"
}
