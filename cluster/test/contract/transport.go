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

// A reply is the API's last reply as it was sent, before the SDK parses it.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// A throttledTransport sends the calls of a run to the API, one at a time and with a minimum
// interval. It retains the last reply.
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
	// longestWait bounds the wait that a 429 asks for. OpenAI's limits are per minute.
	longestWait = 2 * time.Minute
	// usualWait is the wait after a 429 without one.
	usualWait = time.Minute
)

// RoundTrip sends a call after the interval. A call with status 429 is repeated once.
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
	// The timeout does not include the wait before the call, which may be longer.
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

// waitOf returns the wait that a 429 asks for.
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

// dates collects the Date headers of the replies of a run.
type dates struct {
	replies, undated int
	farthest         time.Duration // difference to the clock of this machine
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

// date returns the Date of the last reply; zero if it had none.
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
