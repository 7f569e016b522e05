// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
)

// lateDelay of a request that is carried out late: the next provider process is running by then,
// and the in-flight grace period is not over.
const lateDelay = 1800 * time.Millisecond

// A tap is in both of a replay's proxies. It numbers mutating requests, causes faults, and retains
// what was transferred.
type tap struct {
	point point
	kill  func()

	// unlisted is the label of lists that are not found at times. Empty: all are found.
	unlisted string

	// random, if set, returns a random fault for a request, instead of the one at the point.
	random func(request) mode

	// struck is closed when the fault has happened or begun.
	struck chan struct{}
	// late waits for the requests that are carried out late.
	late sync.WaitGroup

	mu     sync.Mutex
	armed  bool
	hits   int
	counts map[request]int
	seen   []request
	trace  []string
	leaks  []string

	// notFoundLists counts the lists that were not found, notFoundLeft those still to come.
	notFoundLists, notFoundLeft int

	// committed are all values of keys that were written to a Secret.
	committed map[string]bool
}

func newTap(s scenario, p point) *tap {
	return &tap{point: p, unlisted: s.unlisted, notFoundLeft: unlistedTimes, struck: make(chan struct{}), counts: map[request]int{}, committed: map[string]bool{}}
}

// arm starts counting requests.
func (t *tap) arm() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.armed = true
	t.trace = append(t.trace, "-- the scenario begins --")
}

// faults counts the requests to which a fault happened.
func (t *tap) faults() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hits
}

// requests returns the requests since arm that were carried out.
func (t *tap) requests() []request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.seen)
}

func (t *tap) story() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.trace)
}

func (t *tap) leaked() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.leaks)
}

func (t *tap) everCommitted() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Keys(t.committed))
}

// meet numbers a request and returns the fault that happens to it.
func (t *tap) meet(s side, label string) (request, mode) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := request{side: s, label: label}
	if !t.armed {
		return r, undisturbed
	}
	t.counts[r]++
	r.nth = t.counts[request{side: s, label: label}]
	if t.random != nil {
		m := t.random(r)
		t.hit(m)
		return r, m
	}
	if !t.point.strikes(r) {
		return r, undisturbed
	}
	t.hit(t.point.mode)
	return r, t.point.mode
}

// see records a request that was carried out. A refused request changed nothing, and may not be
// repeated: most of them were conflicts.
func (t *tap) see(r request, code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.nth > 0 && code < http.StatusBadRequest {
		t.seen = append(t.seen, r)
	}
}

// hit counts a fault. The caller holds mu.
func (t *tap) hit(m mode) {
	if m == undisturbed {
		return
	}
	t.hits++
	if m.kills() {
		// killAt calls Done.
		t.late.Add(1)
	}
}

func (t *tap) note(r request, format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trace = append(t.trace, fmt.Sprintf("%s %s: %s", time.Now().Format("15:04:05.000"), r, fmt.Sprintf(format, args...)))
}

func (t *tap) strike() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.notFoundLeft++
	select {
	case <-t.struck:
	default:
		close(t.struck)
	}
}

// mutate serves a mutating request.
func (t *tap) mutate(w http.ResponseWriter, req *http.Request, s side, label string, next http.Handler) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	t.inspect(s, label, body)
	r, m := t.meet(s, label)
	carryOut := func() *httptest.ResponseRecorder {
		// A request is carried out although its client has closed the connection.
		again := req.Clone(context.WithoutCancel(req.Context()))
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, again)
		if s == kubernetes && strings.Contains(label, " secrets") && rec.Code < http.StatusMultipleChoices {
			t.commit(body)
		}
		return rec
	}

	if m.kills() {
		t.killAt(r, m, carryOut)
		t.strike()
		t.late.Done()
		panic(http.ErrAbortHandler)
	}
	defer t.strikeIf(m != undisturbed)
	if m.instead() {
		t.note(r, "answered %d, and not carried out", m.status())
		reply(w, s, req, m, echo(req, nil))
		return
	}
	rec := carryOut()
	switch {
	case m == lost:
		t.note(r, "%d, but the reply was lost", rec.Code)
		t.strike()
		panic(http.ErrAbortHandler)
	case m != undisturbed:
		t.note(r, "%d, but answered %d", rec.Code, m.status())
		reply(w, s, req, m, echo(req, rec.Body.Bytes()))
	default:
		t.note(r, "%d", rec.Code)
		t.see(r, rec.Code)
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}
}

func (t *tap) strikeIf(struck bool) {
	if struck {
		t.strike()
	}
}

// killAt kills the provider around one of its requests.
func (t *tap) killAt(r request, m mode, carryOut func() *httptest.ResponseRecorder) {
	switch m {
	case killedAfter:
		code := carryOut().Code
		t.kill()
		t.note(r, "%d, and killed before the reply came", code)
	case killedLate:
		t.kill()
		t.note(r, "killed, while the request was on its way")
		t.late.Go(func() {
			// The delay is part of the fault.
			time.Sleep(lateDelay)
			t.note(r, "carried out late: %d", carryOut().Code)
		})
	default:
		t.kill()
		t.note(r, "killed before the request went out")
	}
}

// inspect searches a body for keys, which only Secrets may contain.
func (t *tap) inspect(s side, label string, body []byte) {
	if s != kubernetes || strings.Contains(label, " secrets") {
		return
	}
	if !canary.Reveals(body) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.leaks = append(t.leaks, fmt.Sprintf("the body of %q", label))
}

// commit records the keys in a Secret that is written, as protobuf or JSON.
func (t *tap) commit(body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, v := range canary.KeyValue.FindAll(body, -1) {
		t.committed[string(v)] = true
	}
	for _, text := range base64Text.FindAll(body, -1) {
		raw, err := base64.StdEncoding.DecodeString(string(text))
		if err == nil && canary.KeyValue.Match(raw) {
			t.committed[string(raw)] = true
		}
	}
}

var base64Text = regexp.MustCompile(`[A-Za-z0-9+/]{24,}={0,2}`)
