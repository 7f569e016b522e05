// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import "net/http"

// largestHeader bounds the header of one reply. OpenAI's have a few kB.
const largestHeader = 64 << 10

// notFollowed has every redirect answered as it is: one of a POST would become a GET,
// and its reply would be about something else.
var notFollowed = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     boundedTransport(),
}

// boundedTransport differs from Go's default only in how much of a header it reads.
func boundedTransport() *http.Transport {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if usual, ok := http.DefaultTransport.(*http.Transport); ok {
		t = usual.Clone()
	}
	t.MaxResponseHeaderBytes = largestHeader
	return t
}
