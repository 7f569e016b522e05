// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package exchanges

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
)

// A tee records the reply that is written through it.
type tee struct {
	http.ResponseWriter
	status   int
	body     bytes.Buffer
	hijacked bool
}

// WriteHeader records the status.
func (t *tee) WriteHeader(status int) {
	t.status = status
	t.ResponseWriter.WriteHeader(status)
}

// Write copies a part of the body.
func (t *tee) Write(b []byte) (int, error) {
	t.body.Write(b)
	return t.ResponseWriter.Write(b)
}

// Hijack supports the simulator, which takes over connections to reset them.
func (t *tee) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	t.hijacked = true
	return http.NewResponseController(t.ResponseWriter).Hijack()
}

// Unwrap supports [http.ResponseController].
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }
