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

// annotationUnsettled of a ProjectAPIKey tells which of its keys may exist although
// OpenAI does not list them yet. It is written before the POST, and is on the object
// rather than its Secret, which can be deleted while the object still has a
// finalizer.
const annotationUnsettled = annotationPrefix + "keys-in-flight"

// unsettled are the serials of keys whose POST was sent or was about to be, and
// since when. Their fate is not known.
type unsettled map[int]time.Time

// unknownSerial stands for that of a key of which only is known that it may be on its way.
const unknownSerial = 0

// readUnsettled reads what an object tells. It fails if that cannot be read, unless the
// object is going: then a key may have been on its way when the deletion began.
func readUnsettled(cr *v1alpha1.ProjectAPIKey, now time.Time) (unsettled, error) {
	text := cr.GetAnnotations()[annotationUnsettled]
	if text == "" {
		return unsettled{}, nil
	}
	// What began later would be awaited for ever.
	latest := now
	if at := cr.GetDeletionTimestamp(); at != nil && at.Time.Before(now) {
		latest = at.Time
	}
	var u unsettled
	if len(text) > longestList || json.Unmarshal([]byte(text), &u) != nil || len(u) > mostUnsettled {
		if !meta.WasDeleted(cr) {
			return nil, terminal.Errorf("annotation %q was changed by hand and cannot be read: restore it, or remove it if no key was issued in the last minutes", annotationUnsettled)
		}
		return unsettled{unknownSerial: latest}, nil
	}
	out := unsettled{}
	for n, since := range u {
		switch {
		case since.After(now.Add(clockTolerance)):
			since = latest
		case since.Before(dawn):
			since = dawn
		}
		if n < 1 || n > mostSerials {
			n = unknownSerial
		}
		out[n] = later(out[n], since)
	}
	return out, nil
}

// write to an object, in memory. It tells whether anything changed.
func (u unsettled) write(cr *v1alpha1.ProjectAPIKey) bool {
	before := cr.GetAnnotations()[annotationUnsettled]
	if len(u) == 0 {
		meta.RemoveAnnotations(cr, annotationUnsettled)
		return before != ""
	}
	text, _ := json.Marshal(u) //nolint:errchkjson // Times from this clock marshal.
	meta.AddAnnotations(cr, map[string]string{annotationUnsettled: string(text)})
	return before != string(text)
}

// with a serial whose key is about to be minted.
func (u unsettled) with(serial int, now time.Time) unsettled {
	out := unsettled{}
	maps.Copy(out, u)
	out[serial] = now.UTC().Truncate(time.Second)
	return out
}

// without a serial whose fate is known.
func (u unsettled) without(serial int) unsettled {
	out := maps.Clone(u)
	delete(out, serial)
	return out
}

// open leaves out the keys that are listed, and those that were on their way for so
// long that they cannot appear any more.
func (v view) open() unsettled {
	out := unsettled{}
	for n, since := range v.unsettled {
		if v.now.Before(since.Add(v.grace)) {
			out[n] = since
		}
	}
	for i := range v.listed {
		if n, minted := v.tag.serial(v.listed[i].Name); minted {
			delete(out, n)
		}
	}
	return out
}

// until is when the last of the keys cannot appear any more; zero: there are none.
func (u unsettled) until(grace time.Duration) time.Time {
	var last time.Time
	for _, since := range u {
		last = later(last, since.Add(grace))
	}
	return last
}

// announce the next key, which is about to be minted, unless the object tells
// already.
func (k *keyring) announce(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view) error {
	told, err := readUnsettled(cr, k.now())
	if err != nil {
		return err
	}
	if _, ok := told[v.nextSerial()]; ok {
		return nil
	}
	return k.saveUnsettled(ctx, cr, v.open().with(v.nextSerial(), k.now()))
}

// forget a serial whose fate is known.
func (k *keyring) forget(ctx context.Context, cr *v1alpha1.ProjectAPIKey, serial int) error {
	u, err := readUnsettled(cr, k.now())
	if err != nil {
		return err
	}
	return k.saveUnsettled(ctx, cr, u.without(serial))
}

// saveUnsettled writes to the object at the API server, if anything changed.
func (k *keyring) saveUnsettled(ctx context.Context, cr *v1alpha1.ProjectAPIKey, u unsettled) error {
	changed := cr.DeepCopy()
	if !u.write(changed) {
		return nil
	}
	if err := k.kube.Patch(ctx, changed, client.MergeFrom(cr)); err != nil {
		return fmt.Errorf("cannot note which keys are being issued: %w", err)
	}
	cr.SetAnnotations(changed.GetAnnotations())
	cr.SetResourceVersion(changed.GetResourceVersion())
	return nil
}
