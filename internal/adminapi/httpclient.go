// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import "net/http"

// maxHeaderBytes bounds the headers of one reply. OpenAI's have a few kB.
const maxHeaderBytes = 64 << 10

// httpClient follows no redirects: a POST would become a GET, and its reply would be about something
// else.
var httpClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     boundedTransport(),
}

// boundedTransport is Go's default transport with a bound on response headers.
func boundedTransport() *http.Transport {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if usual, ok := http.DefaultTransport.(*http.Transport); ok {
		t = usual.Clone()
	}
	t.MaxResponseHeaderBytes = maxHeaderBytes
	return t
}
