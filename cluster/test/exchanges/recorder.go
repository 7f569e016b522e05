// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package exchanges

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
)

// Variable is the environment variable that names the file to record to.
const Variable = "EXCHANGES"

// A Recorder appends exchanges to a file. The nil Recorder records nothing. It is safe
// for concurrent use, also with those of other processes that append to the same file.
type Recorder struct {
	mu   sync.Mutex
	to   io.WriteCloser
	fail error
}

// FromEnvironment returns a Recorder to the file that Variable names; nil if it names
// none.
func FromEnvironment() (*Recorder, error) {
	path := os.Getenv(Variable)
	if path == "" {
		return nil, nil //nolint:nilnil // the nil Recorder records nothing
	}
	return Open(path)
}

// Open returns a Recorder that appends to a file, which only its owner can read.
func Open(path string) (*Recorder, error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot record exchanges to %q: %w", path, err)
	}
	return &Recorder{to: f}, nil
}

// Close ends the recording. It fails if any exchange could not be recorded.
func (r *Recorder) Close() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := errors.Join(r.fail, r.to.Close()); err != nil {
		return fmt.Errorf("cannot record exchanges: %w", err)
	}
	return nil
}

func (r *Recorder) record(e Exchange, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var line []byte
	if err == nil {
		line, err = json.Marshal(e)
	}
	if err == nil {
		// One write, so that lines of several processes do not mix.
		_, err = r.to.Write(append(line, '\n'))
	}
	if r.fail == nil {
		r.fail = err
	}
}

// Handler records the replies of a handler. If the handler takes over the connection or panics,
// there is no exchange.
func (r *Recorder) Handler(next http.Handler) http.Handler {
	if r == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var request []byte
		var err error
		if request, req.Body, err = readAll(req.Body); err != nil {
			// The client closed the connection, which the handler notices itself.
			next.ServeHTTP(w, req)
			return
		}
		t := &tee{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(t, req)
		if !t.hijacked {
			r.record(newExchange(req, request, t.status, t.Header(), t.body.Bytes()))
		}
	})
}

// Transport records the calls through a transport, and their replies.
func (r *Recorder) Transport(next http.RoundTripper) http.RoundTripper {
	if r == nil {
		return next
	}
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		req = req.Clone(req.Context())
		var request, response []byte
		var err error
		if request, req.Body, err = readAll(req.Body); err != nil {
			return nil, err
		}
		res, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		if response, res.Body, err = readAll(res.Body); err != nil {
			return nil, err
		}
		r.record(newExchange(req, request, res.StatusCode, res.Header, response))
		return res, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// readAll reads a body, and returns its data and a body to read again.
func readAll(body io.ReadCloser) ([]byte, io.ReadCloser, error) {
	if body == nil || body == http.NoBody {
		return nil, body, nil
	}
	b, err := io.ReadAll(body)
	return b, io.NopCloser(bytes.NewReader(b)), errors.Join(err, body.Close())
}
