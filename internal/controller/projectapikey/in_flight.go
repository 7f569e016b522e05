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

// annotationKeysInFlight of a ProjectAPIKey tells which of its keys may exist although
// OpenAI does not list them yet. It is written before the POST, and is on the object
// rather than its Secret, which can be deleted while the object still has a
// finalizer.
const annotationKeysInFlight = annotationPrefix + "keys-in-flight"

// inFlight are the serials of keys whose POST was sent or was about to be, and
// since when. Their fate is not known.
type inFlight map[int]time.Time

// unknownSerial stands for that of a key of which only is known that it may be on its way.
const unknownSerial = 0

// readInFlight reads what an object tells. It fails if that cannot be read, unless the
// object is going: then a key may have been on its way when the deletion began.
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

// write to an object, in memory. It tells whether anything changed.
func (u inFlight) write(cr *v1alpha1.ProjectAPIKey) bool {
	before := cr.GetAnnotations()[annotationKeysInFlight]
	if len(u) == 0 {
		meta.RemoveAnnotations(cr, annotationKeysInFlight)
		return before != ""
	}
	text, _ := json.Marshal(u) //nolint:errchkjson // Times from this clock marshal.
	meta.AddAnnotations(cr, map[string]string{annotationKeysInFlight: string(text)})
	return before != string(text)
}

// with a serial whose key is about to be minted.
func (u inFlight) with(serial int, now time.Time) inFlight {
	out := inFlight{}
	maps.Copy(out, u)
	out[serial] = now.UTC().Truncate(time.Second)
	return out
}

// without a serial whose fate is known.
func (u inFlight) without(serial int) inFlight {
	out := maps.Clone(u)
	delete(out, serial)
	return out
}

// stillInFlight leaves out the keys that are listed, and those that were on their way for so
// long that they cannot appear any more.
func (o observed) stillInFlight() inFlight {
	out := inFlight{}
	for n, since := range o.inFlight {
		if o.now.Before(since.Add(o.inFlightGrace)) {
			out[n] = since
		}
	}
	for i := range o.keys {
		if n, minted := o.ownerHash.serial(o.keys[i].Name); minted {
			delete(out, n)
		}
	}
	return out
}

// latestEnd is when the last of the keys cannot appear any more; zero: there are none.
func (u inFlight) latestEnd(grace time.Duration) time.Time {
	var last time.Time
	for _, since := range u {
		last = later(last, since.Add(grace))
	}
	return last
}

// recordInFlight the next key, which is about to be minted, unless the object tells
// already.
func (c *keyClient) recordInFlight(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) error {
	told, err := readInFlight(cr, c.now())
	if err != nil {
		return err
	}
	if _, ok := told[o.nextSerial()]; ok {
		return nil
	}
	return c.persistInFlight(ctx, cr, o.stillInFlight().with(o.nextSerial(), c.now()))
}

// removeInFlight a serial whose fate is known.
func (c *keyClient) removeInFlight(ctx context.Context, cr *v1alpha1.ProjectAPIKey, serial int) error {
	u, err := readInFlight(cr, c.now())
	if err != nil {
		return err
	}
	return c.persistInFlight(ctx, cr, u.without(serial))
}

// persistInFlight writes to the object at the API server, if anything changed.
func (c *keyClient) persistInFlight(ctx context.Context, cr *v1alpha1.ProjectAPIKey, u inFlight) error {
	changed := cr.DeepCopy()
	if !u.write(changed) {
		return nil
	}
	if err := c.kube.Patch(ctx, changed, client.MergeFrom(cr)); err != nil {
		return fmt.Errorf("cannot note which keys are being issued: %w", err)
	}
	cr.SetAnnotations(changed.GetAnnotations())
	cr.SetResourceVersion(changed.GetResourceVersion())
	return nil
}
