// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A reply is what the API last answered, apart from what the SDK makes of it.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// A throttledTransport carries the calls of a run to the API, one at a time and not too fast. Its
// client knows the reply to the last one.
type throttledTransport struct {
	next   http.RoundTripper
	pace   time.Duration
	wait   func(ctx context.Context, d time.Duration) error
	before time.Time // when the last call was sent

	last      *reply
	calls     int
	dates     dates
	throttled []reply
}

const (
	// callTimeout bounds one call.
	callTimeout = 30 * time.Second
	// longestWait bounds what a 429 may ask for. OpenAI's limits are those of a minute.
	longestWait = 2 * time.Minute
	// usualWait is for a 429 that does not say how long to wait.
	usualWait = time.Minute
)

// RoundTrip sends a call in its turn. One that the rate limit refuses is sent once more.
func (w *throttledTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := w.send(req)
	if err != nil || res.StatusCode != http.StatusTooManyRequests {
		return res, err
	}
	w.throttled = append(w.throttled, *w.last)
	if w.pace == 0 || (req.Body != nil && req.GetBody == nil) {
		return res, nil
	}
	if err := w.wait(req.Context(), waitOf(res.Header)); err != nil {
		return nil, err
	}
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	return w.send(req)
}

func (w *throttledTransport) send(req *http.Request) (*http.Response, error) {
	w.last = nil
	if err := w.wait(req.Context(), w.pace-time.Since(w.before)); err != nil {
		return nil, err
	}
	w.before = time.Now()
	w.calls++
	// Not the waiting before, which may take longer.
	ctx, cancel := context.WithTimeout(req.Context(), callTimeout)
	defer cancel()
	res, err := w.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	w.last = &reply{status: res.StatusCode, header: res.Header, body: body}
	w.dates.add(res.Header, time.Now())
	return res, nil
}

// waitOf is how long a 429 asks to wait.
func waitOf(h http.Header) time.Duration {
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, longestWait)
	}
	return usualWait
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// dates tells how the replies of a run date themselves.
type dates struct {
	replies, undated int
	farthest         time.Duration // from the clock of this machine
}

func (d *dates) add(h http.Header, at time.Time) {
	d.replies++
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		d.undated++
		return
	}
	if off := date.Sub(at); off.Abs() > d.farthest.Abs() {
		d.farthest = off
	}
}

// date of the last reply; zero if it had none.
func (w *throttledTransport) date() time.Time {
	if w.last == nil {
		return time.Time{}
	}
	date, err := http.ParseTime(w.last.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}
