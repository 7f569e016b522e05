// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// annotationKeysInFlight of a ProjectAPIKey lists keys that may exist although OpenAI does not list
// them yet. It is a write-ahead entry: it is written before the POST, to the object rather than its
// Secret, which can be deleted while the object still has a finalizer.
const annotationKeysInFlight = annotationPrefix + "keys-in-flight"

// inFlight are the serials of keys whose POST was sent or about to be sent, and since when. Their
// outcome is not known.
type inFlight map[int]time.Time

// unknownSerial stands for a key in flight whose serial is not known.
const unknownSerial = 0

// readInFlight reads the annotation of an object. It fails if that cannot be read, unless the
// object is being deleted: then a key may have been in flight when the deletion began.
func readInFlight(cr *v1alpha1.ProjectAPIKey, now time.Time) (inFlight, error) {
	text := cr.GetAnnotations()[annotationKeysInFlight]
	if text == "" {
		return inFlight{}, nil
	}
	// What began later would be awaited for ever.
	latest := now
	if at := cr.GetDeletionTimestamp(); at != nil && at.Time.Before(now) {
		latest = at.Time
	}
	var u inFlight
	if len(text) > maxListBytes || json.Unmarshal([]byte(text), &u) != nil || len(u) > maxInFlight {
		if !meta.WasDeleted(cr) {
			return nil, terminal.Errorf("annotation %q was changed by hand and cannot be read: restore it, or remove it if no key was issued in the last minutes", annotationKeysInFlight)
		}
		return inFlight{unknownSerial: latest}, nil
	}
	out := inFlight{}
	for n, since := range u {
		switch {
		case since.After(now.Add(clockTolerance)):
			since = latest
		case since.Before(earliestTime):
			since = earliestTime
		}
		if n < 1 || n > maxSerial {
			n = unknownSerial
		}
		out[n] = later(out[n], since)
	}
	return out, nil
}

// write the annotation to an object in memory, and report whether it changed.
func (f inFlight) write(cr *v1alpha1.ProjectAPIKey) bool {
	before := cr.GetAnnotations()[annotationKeysInFlight]
	if len(f) == 0 {
		meta.RemoveAnnotations(cr, annotationKeysInFlight)
		return before != ""
	}
	text, _ := json.Marshal(f) //nolint:errchkjson // Times from this clock marshal.
	meta.AddAnnotations(cr, map[string]string{annotationKeysInFlight: string(text)})
	return before != string(text)
}

func (f inFlight) with(serial int, now time.Time) inFlight {
	out := inFlight{}
	maps.Copy(out, f)
	out[serial] = now.UTC().Truncate(time.Second)
	return out
}

func (f inFlight) without(serial int) inFlight {
	out := maps.Clone(f)
	delete(out, serial)
	return out
}

// stillInFlight leaves out the keys that are listed, and those whose grace is over.
func (o observed) stillInFlight() inFlight {
	out := inFlight{}
	for n, since := range o.inFlight {
		if o.now.Before(since.Add(o.inFlightGrace)) {
			out[n] = since
		}
	}
	for i := range o.keys {
		if n, hasHash := o.ownerHash.serial(o.keys[i].Name); hasHash {
			delete(out, n)
		}
	}
	return out
}

// latestEnd is when the grace of the last key is over; zero: there is none.
func (f inFlight) latestEnd(grace time.Duration) time.Time {
	var last time.Time
	for _, since := range f {
		last = later(last, since.Add(grace))
	}
	return last
}

// recordInFlight writes the next key's entry to the object, unless it is there.
func (c *keyClient) recordInFlight(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) error {
	entries, err := readInFlight(cr, c.now())
	if err != nil {
		return err
	}
	if _, ok := entries[o.nextSerial()]; ok {
		return nil
	}
	return c.persistInFlight(ctx, cr, o.stillInFlight().with(o.nextSerial(), c.now()))
}

// removeInFlight removes the entry of a key whose outcome is known.
func (c *keyClient) removeInFlight(ctx context.Context, cr *v1alpha1.ProjectAPIKey, serial int) error {
	u, err := readInFlight(cr, c.now())
	if err != nil {
		return err
	}
	return c.persistInFlight(ctx, cr, u.without(serial))
}

// persistInFlight writes the entries to the object at the API server, if they changed.
func (c *keyClient) persistInFlight(ctx context.Context, cr *v1alpha1.ProjectAPIKey, u inFlight) error {
	changed := cr.DeepCopy()
	if !u.write(changed) {
		return nil
	}
	if err := c.kube.Patch(ctx, changed, client.MergeFrom(cr)); err != nil {
		return fmt.Errorf("cannot record which keys are being issued: %w", err)
	}
	cr.SetAnnotations(changed.GetAnnotations())
	cr.SetResourceVersion(changed.GetResourceVersion())
	return nil
}
