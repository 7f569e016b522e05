// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"fmt"
	"time"
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
	done chan struct{}
	err  error
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
	var e *Error
	if errors.As(f.err, &e) {
		note(ctx, e)
	}
	return f.err
}

// start a fetch, which goes on when whoever asked has left: others may have come
// to wait for it. The caller holds the lock.
func (l *list[O]) start(ctx context.Context, page pager[O]) *fetch {
	f := &fetch{done: make(chan struct{})}
	l.running = f
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		// All who wait learn of a failure in the same way, and wait as one for the rate
		// limit.
		ctx, pace := WithPace(ctx)
		pace.For("list of " + l.name + " " + l.parent)
		f.err = l.fetch(ctx, page)
		l.mu.Lock()
		l.running = nil
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
		p = &partial[O]{id: l.id, slim: l.slim}
	}
	err := p.complete(ctx, page)
	if err == nil {
		l.publish(p)
	} else if class := ClassOf(err); class == ClassThrottled || class == ClassTransient {
		l.partial = p
	}
	return err
}

// A partial is a list of which not all pages were fetched yet.
type partial[O any] struct {
	id   func(o *O) string
	slim func(o *O)

	began   time.Time
	things  *things[O]
	after   string    // the cursor of the next page; empty: there is no page yet
	reached time.Time // when that became known
}

// complete fetches the pages that are missing.
func (p *partial[O]) complete(ctx context.Context, page pager[O]) error {
	restarted := false
	for {
		if p.after == "" {
			p.began, p.things = time.Now(), newThings[O]()
		}
		items, next, err := page(ctx, p.after)
		if refused := IsInvalid(err) || IsNotFound(err); refused && p.after != "" && !restarted {
			// The cursor is the ID of a thing, which may have been deleted meanwhile.
			restarted, p.after = true, ""
			continue
		}
		if err != nil {
			return aboutList(err)
		}
		known := p.things.Len()
		p.add(items)
		if next == "" {
			return nil
		}
		if next == p.after || p.things.Len() == known {
			p.after = ""
			return fmt.Errorf("OpenAI answers the same page again after %q", next)
		}
		p.after, p.reached = next, time.Now()
	}
}

func (p *partial[O]) add(items []O) {
	for i := range items {
		// A copy, so that no thing keeps its page in memory.
		o := items[i]
		if p.slim != nil {
			p.slim(&o)
		}
		p.things.ReplaceOrInsert(thing[O]{id: p.id(&o), o: &o})
	}
}
