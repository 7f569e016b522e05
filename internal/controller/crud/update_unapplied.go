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

// retryPauses are the pauses before a change is made again although OpenAI confirmed it and still
// showed the old value. The first is enough if the reply was stale; a value that OpenAI keeps in
// another form does not cost an update at each poll.
var retryPauses = []time.Duration{time.Minute, time.Hour, 24 * time.Hour}

// unappliedChanges remembers, by object, the changes that OpenAI confirmed and did not make. It
// is safe for concurrent use.
type unappliedChanges struct {
	now func() time.Time

	mu    sync.Mutex
	byUID map[types.UID]unappliedOfObject
}

// unappliedOfObject are the unapplied changes of the resource with an ID, by field.
type unappliedOfObject struct {
	id      string
	byField map[string]unappliedChange
}

// An unappliedChange is a change after which OpenAI still showed the old value, count times in a
// row, the last time at a time.
type unappliedChange struct {
	reconciler.Change
	count int
	at    time.Time
}

func (u unappliedChange) retryAt() time.Time {
	return u.at.Add(retryPauses[min(u.count, len(retryPauses))-1])
}

// split the differences of an object into those to be updated now and those that wait for a
// retry. What is no longer a difference is removed.
func (u *unappliedChanges) split(object types.UID, id string, diff []reconciler.Change) (due, waiting []reconciler.Change) {
	u.mu.Lock()
	defer u.mu.Unlock()
	known := u.byUID[object]
	still := map[string]unappliedChange{}
	for _, c := range diff {
		r, ok := known.byField[c.Field]
		if !ok || known.id != id || r.Change != c {
			due = append(due, c)
			continue
		}
		still[c.Field] = r
		if u.now().Before(r.retryAt()) {
			waiting = append(waiting, c)
		} else {
			due = append(due, c)
		}
	}
	u.store(object, unappliedOfObject{id: id, byField: still})
	return due, waiting
}

// record the reply to an update: of the requested changes, those that are still differences were
// not made.
func (u *unappliedChanges) record(object types.UID, id string, requested, remaining []reconciler.Change) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.prune()
	fields := map[string]unappliedChange{}
	if known := u.byUID[object]; known.id == id {
		maps.Copy(fields, known.byField)
	}
	for _, c := range requested {
		before := fields[c.Field]
		delete(fields, c.Field)
		if i := slices.IndexFunc(remaining, func(r reconciler.Change) bool { return r.Field == c.Field }); i >= 0 {
			r := unappliedChange{Change: remaining[i], count: 1, at: u.now()}
			if before.Change == r.Change {
				r.count += before.count
			}
			fields[c.Field] = r
		}
	}
	u.store(object, unappliedOfObject{id: id, byField: fields})
}

// forget an object that is being deleted.
func (u *unappliedChanges) forget(object types.UID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.byUID, object)
}

// prune objects that were not reconciled for long, such as those whose finalizer was removed by
// hand. The caller holds the lock.
func (u *unappliedChanges) prune() {
	longest := retryPauses[len(retryPauses)-1]
	maps.DeleteFunc(u.byUID, func(_ types.UID, r unappliedOfObject) bool {
		for _, f := range r.byField {
			if u.now().Sub(f.at) < 2*longest {
				return false
			}
		}
		return true
	})
}

// store the unapplied changes of an object. The caller holds the lock.
func (u *unappliedChanges) store(object types.UID, r unappliedOfObject) {
	if len(r.byField) == 0 {
		delete(u.byUID, object)
		return
	}
	if u.byUID == nil {
		u.byUID = map[types.UID]unappliedOfObject{}
	}
	u.byUID[object] = r
}

// inFieldsOf returns the changes of fields that other changes have.
func inFieldsOf(diff, others []reconciler.Change) []reconciler.Change {
	return slices.DeleteFunc(slices.Clone(diff), func(c reconciler.Change) bool { return !hasField(others, c.Field) })
}

// notInFieldsOf returns the changes of fields that no other change has.
func notInFieldsOf(diff, others []reconciler.Change) []reconciler.Change {
	return slices.DeleteFunc(slices.Clone(diff), func(c reconciler.Change) bool { return hasField(others, c.Field) })
}

func hasField(diff []reconciler.Change, field string) bool {
	return slices.ContainsFunc(diff, func(c reconciler.Change) bool { return c.Field == field })
}

// describeUnapplied says which changes wait for a retry; empty if each observed value is only
// another form of the desired one.
func describeUnapplied(waiting []reconciler.Change) string {
	var texts []string
	for _, c := range waiting {
		if isFormOfDesiredName(c) {
			continue
		}
		desired := "none"
		if c.To != "" {
			desired = fmt.Sprintf("%q", c.To)
		}
		texts = append(texts, fmt.Sprintf("%s %q where %s is asked for", c.Field, c.From, desired))
	}
	if len(texts) == 0 {
		return ""
	}
	return "OpenAI answers " + strings.Join(texts, " and ") + "; the change is tried again later"
}
