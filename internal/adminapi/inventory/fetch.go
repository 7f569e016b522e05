// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

const (
	// fetchTimeout bounds a fetch, which goes on when nobody waits for it any more.
	fetchTimeout = 2 * time.Minute

	// partialTTL is how long the pages of an interrupted fetch are retained.
	partialTTL = 30 * time.Minute
)

// A pager gets the page that follows a cursor.
type pager[O any] func(ctx context.Context, after string) (page []O, next string, err error)

// A fetch of a list is in flight until done is closed; err then holds its result.
type fetch struct {
	// began is when the first of its pages was fetched, which an earlier fetch may have done.
	began time.Time
	done  chan struct{}
	err   error
}

// get returns a listing as of since or later, and for metrics how it was obtained. A listing of a
// fetch that began after the call is recent enough whatever since is.
func (l *list[O]) get(ctx context.Context, since time.Time, page pager[O]) (all *Listing[O], how string, err error) {
	how = lookupHit
	called := time.Now()
	l.mu.Lock()
	if l.staleSince.After(since) {
		since = l.staleSince
	}
	for l.items == nil || (l.asOf.Before(since) && l.asOf.Before(called)) {
		f := l.running
		if f != nil && how == lookupHit {
			how = lookupShared
		}
		if f == nil {
			if err := l.cooldown.active(); err != nil {
				l.mu.Unlock()
				reconcilestate.Of(ctx).RecordFailure(err)
				return nil, how, err
			}
			how = lookupFetch
			f = l.start(ctx, page)
		}
		l.mu.Unlock()
		if err := f.wait(ctx); err != nil {
			return nil, how, err
		}
		l.mu.Lock()
	}
	defer l.mu.Unlock()
	return l.listing(), how, nil
}

// wait for the end of the fetch. Its failure is returned even to callers that need a later fetch:
// that would fail in the same way.
func (f *fetch) wait(ctx context.Context) error {
	select {
	case <-f.done:
	case <-ctx.Done():
		return fmt.Errorf("interrupted while waiting for a list: %w", context.Cause(ctx))
	}
	var e *apierror.Error
	if errors.As(f.err, &e) {
		reconcilestate.Of(ctx).RecordFailure(e)
	}
	return f.err
}

// start a fetch in the background. It goes on when the caller has left, since others may wait for it
// by then. The caller holds the lock.
func (l *list[O]) start(ctx context.Context, page pager[O]) *fetch {
	f := &fetch{done: make(chan struct{}), began: time.Now()}
	if l.partial != nil {
		f.began = l.partial.began
	}
	l.running = f
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		// With a state of its own, so that the fetch has one place in the queue of the rate limit,
		// and each waiting caller records its failure (fetch.wait).
		ctx, _ = reconcilestate.New(ctx, "list of "+l.name+" "+l.parent)
		f.err = l.fetch(ctx, page)
		l.mu.Lock()
		l.running = nil
		var e *apierror.Error
		if errors.As(f.err, &e) && e.TooLarge {
			l.cooldown.set(e)
		}
		l.mu.Unlock()
		close(f.done)
	}()
	return f
}

// fetch the list, continuing an interrupted fetch if there is one. Starting over for each caller
// that needs a later one would never complete a list that takes long.
func (l *list[O]) fetch(ctx context.Context, page pager[O]) error {
	p := l.partial
	l.partial = nil
	if p == nil || time.Since(p.reached) > partialTTL {
		p = &partialList[O]{name: l.name, id: l.id, trim: l.trim}
	}
	err := p.complete(ctx, page)
	if err == nil {
		l.publish(p)
	} else if class := apierror.ClassOf(err); p.after != "" && (class == apierror.ClassThrottled || class == apierror.ClassTransient) {
		// Only a fetch that has a cursor can be continued.
		l.partial = p
	}
	return err
}

// A partialList is a list of which not all pages were fetched yet, with the cursor to continue at.
type partialList[O any] struct {
	name string
	id   func(o *O) string
	trim func(o *O) int

	began   time.Time // when the first page was fetched
	items   *itemTree[O]
	bytes   int             // size of the items and cursors
	after   string          // cursor of the next page; empty: no page was fetched yet
	cursors map[string]bool // all that were followed
	reached time.Time       // when the last page was fetched
}

// complete fetches the pages that are missing.
func (p *partialList[O]) complete(ctx context.Context, page pager[O]) error {
	restarted := false
	for {
		if p.after == "" {
			p.began, p.items, p.bytes, p.cursors = time.Now(), newItemTree[O](), 0, map[string]bool{}
		}
		items, next, err := page(ctx, p.after)
		if refused := apierror.IsInvalid(err) || apierror.IsNotFound(err); refused && p.after != "" && !restarted {
			// The cursor may be the ID of an item that was deleted meanwhile.
			restarted, p.after = true, ""
			continue
		}
		if err != nil {
			return apierror.ListError(err)
		}
		// A cursor that was followed before leads in a circle, as does the ID of an item of an earlier
		// page.
		repeated := p.cursors[next] || p.items.Has(item[O]{id: next})
		before := p.items.Len()
		p.add(items)
		p.bytes += len(next)
		if p.items.Len() > maxItems || p.bytes > maxListBytes {
			p.after = ""
			return tooLarge(p.name, p.items.Len(), p.bytes)
		}
		if next == "" {
			return nil
		}
		// An opaque cursor may differ each time and still lead to the same page.
		if repeated || p.items.Len() == before {
			p.after = ""
			return errRepeats
		}
		p.after, p.reached, p.cursors[next] = next, time.Now(), true
	}
}

// errRepeats does not quote the cursor, which a gateway could fill with anything.
var errRepeats = apierror.BrokenList("leads back to an earlier page")

// add the items of a page.
func (p *partialList[O]) add(items []O) {
	for i := range items {
		// A copy, so that an item does not retain its page.
		o := items[i]
		p.bytes += p.trimmed(&o)
		if before, had := p.items.ReplaceOrInsert(item[O]{id: p.id(&o), o: &o}); had {
			p.bytes -= p.trimmed(before.o)
		}
	}
}

// trimmed drops what nobody reads of an item, and returns about how many bytes remain.
func (p *partialList[O]) trimmed(o *O) int {
	size := int(reflect.TypeFor[O]().Size())
	if p.trim != nil {
		size += p.trim(o)
	}
	return size
}
