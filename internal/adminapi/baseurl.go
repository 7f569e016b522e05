// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// websites are hosts of OpenAI that serve pages and not the API.
var websites = []string{"platform.openai.com", "openai.com", "www.openai.com", "chatgpt.com", "chat.openai.com"}

// doubtBaseURL says what looks wrong with a base URL from which something else than
// OpenAI's API answers; nothing if it looks right.
func doubtBaseURL(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	before, beyond, versioned := strings.Cut(strings.TrimRight(u.Path, "/")+"/", "/v1/")
	likely := *u
	likely.Path = strings.TrimRight(before, "/") + "/v1"
	switch {
	case slices.Contains(websites, u.Hostname()):
		return fmt.Sprintf("base URL %q is a website of OpenAI, and not the API, as %q is", u.Redacted(), DefaultBaseURL)
	case !versioned:
		return fmt.Sprintf("base URL %q does not end in /v1, as OpenAI's do: it may have to be %q", u.Redacted(), likely.Redacted())
	case beyond != "":
		return fmt.Sprintf("base URL %q goes on after /v1, where OpenAI's end: it may have to be %q", u.Redacted(), likely.Redacted())
	}
	return ""
}

// apiHost matches the hosts of OpenAI's API. The admin key must go to no other because
// of what a reply says.
var apiHost = regexp.MustCompile(`(?i)\b(?:[a-z0-9-]+\.)*api\.openai\.com\b`)

// otherHost is the host of OpenAI's that a message names besides that of the base URL;
// empty if there is none.
func otherHost(message, base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	for _, at := range apiHost.FindAllStringIndex(message, -1) {
		host := strings.ToLower(message[at[0]:at[1]])
		// What goes on is another host's name.
		if rest := message[at[1]:]; len(rest) > 1 && (rest[0] == '-' || (rest[0] == '.' && rest[1] > ' ')) {
			continue
		}
		if host != u.Hostname() {
			return host
		}
	}
	return ""
}
