// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "net/http/httptest"

// An HTTP is a Server that listens on a loopback port.
type HTTP struct {
	*Server
	listener *httptest.Server
}

// NewHTTP starts a Server on a free loopback port. Close it when done.
func NewHTTP(opts ...Option) *HTTP {
	s := New(opts...)
	return &HTTP{Server: s, listener: httptest.NewServer(s)}
}

// Root is the URL of the server, without a slash at the end.
func (h *HTTP) Root() string { return h.listener.URL }

// BaseURL is the URL to give to the SDK.
func (h *HTTP) BaseURL() string { return h.listener.URL + "/v1/" }

// Close stops listening, and closes the connections of clients.
func (h *HTTP) Close() {
	h.listener.CloseClientConnections()
	h.listener.Close()
}
