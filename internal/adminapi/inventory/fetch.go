// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

const (
	// fetchTimeout bounds a fetch that nobody may be waiting for any more.
	fetchTimeout = 2 * time.Minute

	// partialLife is how long the pages are kept that a fetch got before it failed.
	partialLife = 30 * time.Minute
)

// A pager gets the page that follows a cursor.
type pager[O any] func(ctx context.Context, after string) (page []O, next string, err error)

// A fetch of a list is under way until done is closed; err then tells how it
// ended.
type fetch struct {
	began time.Time // of what it goes on with, if that is earlier
	done  chan struct{}
	err   error
}

// look returns a listing that is as young as asked for, and how it came by it.
func (l *list[O]) look(ctx context.Context, since time.Time, page pager[O]) (shown *Listing[O], how string, err error) {
	how = lookupHit
	asked := time.Now()
	l.mu.Lock()
	if l.doubted.After(since) {
		since = l.doubted
	}
	for l.things == nil || (l.asOf.Before(since) && l.asOf.Before(asked)) {
		f := l.running
		if f != nil && how == lookupHit {
			how = lookupShared
		}
		if f == nil {
			if barred := l.barred.holds(); barred != nil {
				l.mu.Unlock()
				ratelimit.RecordFailure(ctx, barred)
				return nil, how, barred
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
	return l.show(), how, nil
}

// wait for the end of the fetch. Whether it is the answer or only precedes it, its
// failure would be that of the next one, too.
func (f *fetch) wait(ctx context.Context) error {
	select {
	case <-f.done:
	case <-ctx.Done():
		return fmt.Errorf("interrupted while waiting for a list: %w", context.Cause(ctx))
	}
	var e *apierror.Error
	if errors.As(f.err, &e) {
		ratelimit.RecordFailure(ctx, e)
	}
	return f.err
}

// start a fetch, which goes on when whoever asked has left: others may have come
// to wait for it. The caller holds the lock.
func (l *list[O]) start(ctx context.Context, page pager[O]) *fetch {
	f := &fetch{done: make(chan struct{}), began: time.Now()}
	if l.partial != nil {
		f.began = l.partial.began
	}
	l.running = f
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		// All who wait learn of a failure in the same way, and wait as one for the rate
		// limit.
		ctx, pace := ratelimit.WithTracker(ctx)
		pace.SetObject("list of " + l.name + " " + l.parent)
		f.err = l.fetch(ctx, page)
		l.mu.Lock()
		l.running = nil
		var e *apierror.Error
		if errors.As(f.err, &e) && e.TooLarge {
			l.barred.set(e)
		}
		l.mu.Unlock()
		close(f.done)
	}()
	return f
}

// fetch the list, beginning with what an earlier fetch left. To begin anew for a
// question that is younger would let a list that takes long never be complete.
func (l *list[O]) fetch(ctx context.Context, page pager[O]) error {
	p := l.partial
	l.partial = nil
	if p == nil || time.Since(p.reached) > partialLife {
		p = &partial[O]{name: l.name, id: l.id, slim: l.slim}
	}
	err := p.complete(ctx, page)
	if err == nil {
		l.publish(p)
	} else if class := apierror.ClassOf(err); p.after != "" && (class == apierror.ClassThrottled || class == apierror.ClassTransient) {
		// One that begins anew would only take memory until then.
		l.partial = p
	}
	return err
}

// A partial is a list of which not all pages were fetched yet.
type partial[O any] struct {
	name string
	id   func(o *O) string
	slim func(o *O) int

	began   time.Time
	things  *things[O]
	bytes   int    // that the things take
	after   string // the cursor of the next page; empty: there is no page yet
	cursors map[string]bool
	reached time.Time // when that became known
}

// complete fetches the pages that are missing.
func (p *partial[O]) complete(ctx context.Context, page pager[O]) error {
	restarted := false
	for {
		if p.after == "" {
			p.began, p.things, p.bytes, p.cursors = time.Now(), newThings[O](), 0, map[string]bool{}
		}
		items, next, err := page(ctx, p.after)
		if refused := apierror.IsInvalid(err) || apierror.IsNotFound(err); refused && p.after != "" && !restarted {
			// The cursor is the ID of a thing, which may have been deleted meanwhile.
			restarted, p.after = true, ""
			continue
		}
		if err != nil {
			return apierror.ListError(err)
		}
		// One that was there before leads round in a circle, as does the ID of a thing of an
		// earlier page.
		again := p.cursors[next] || p.things.Has(thing[O]{id: next})
		had := p.things.Len()
		p.add(items)
		p.bytes += len(next)
		if p.things.Len() > mostThings || p.bytes > mostListBytes {
			p.after = ""
			return tooLarge(p.name, p.things.Len(), p.bytes)
		}
		if next == "" {
			return nil
		}
		// A cursor that is OpenAI's own may be another one for the same page each time.
		if again || p.things.Len() == had {
			p.after = ""
			return errRepeats
		}
		p.after, p.reached, p.cursors[next] = next, time.Now(), true
	}
}

// errRepeats tells no cursor: what answers in OpenAI's place may have made it of anything.
var errRepeats = apierror.BrokenList("leads back to an earlier page")

func (p *partial[O]) add(items []O) {
	for i := range items {
		// A copy, so that no thing keeps its page in memory.
		o := items[i]
		p.bytes += p.keep(&o)
		if before, had := p.things.ReplaceOrInsert(thing[O]{id: p.id(&o), o: &o}); had {
			p.bytes -= p.keep(before.o)
		}
	}
}

// keep no more of a thing than is used, and tell how much memory that takes.
func (p *partial[O]) keep(o *O) int {
	if p.slim == nil {
		return sizeOf[O]()
	}
	return sizeOf[O]() + p.slim(o)
}
