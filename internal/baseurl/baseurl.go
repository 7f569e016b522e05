// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package baseurl validates base URLs of the OpenAI API, and finds likely mistakes in them.
package baseurl

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Default is the base URL of OpenAI's API.
const Default = "https://api.openai.com/v1"

var (
	// websites are OpenAI's hosts that serve web pages, not the API.
	websites = []string{"platform.openai.com", "openai.com", "www.openai.com", "chatgpt.com", "chat.openai.com"}

	// collections are the path elements that OpenAI's API has right below /v1. Any other belongs to
	// a gateway with a /v1 of its own.
	collections = []string{
		"organization", "projects", "chat", "completions", "models", "responses", "embeddings", "assistants", "audio",
		"batches", "containers", "conversations", "evals", "files", "fine_tuning", "images", "moderations", "realtime",
		"threads", "uploads", "vector_stores", "videos",
	}
)

// LikelyMistake describes a likely mistake in a base URL where something other than OpenAI's API answered;
// empty if it looks right.
func LikelyMistake(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	if slices.Contains(websites, strings.ToLower(u.Hostname())) {
		return fmt.Sprintf("base URL %q is a website of OpenAI, and not the API, as %q is", WithoutSecrets(base), Default)
	}
	host := u.Scheme + "://" + u.Host
	parts := strings.Split(strings.TrimRight(u.EscapedPath(), "/"), "/")
	version := lastVersion(parts)
	switch {
	case version < 0:
		return fmt.Sprintf("base URL %q does not end in /v1, as OpenAI's do: it may have to be %q", WithoutSecrets(base), host+strings.Join(parts, "/")+"/v1")
	case version+1 < len(parts) && slices.Contains(collections, strings.ToLower(parts[version+1])):
		return fmt.Sprintf("base URL %q goes on after /v1, where OpenAI's end: it may have to be %q", WithoutSecrets(base), host+strings.Join(parts[:version+1], "/"))
	}
	return ""
}

// lastVersion is the index of the last v1 in a path, as a gateway may have one of its own before it;
// -1 if there is none.
func lastVersion(parts []string) int {
	for i, part := range slices.Backward(parts) {
		if strings.EqualFold(part, "v1") {
			return i
		}
	}
	return -1
}

// WithoutSecrets returns a base URL without the parts that may be secret: user name and password,
// query and fragment.
func WithoutSecrets(base string) string {
	if u, err := url.Parse(base); err == nil && u.Opaque == "" {
		shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
		return shown.String()
	}
	// In what is not a URL, everything before the last @ may be a password.
	if at := strings.LastIndex(base, "@"); at >= 0 {
		base = "…" + base[at:]
	}
	if end := strings.IndexAny(base, "?#"); end >= 0 {
		base = base[:end]
	}
	return base
}

// apiHost matches the hosts of OpenAI's API. A reply must not lead users to send the admin key to
// any other.
var apiHost = regexp.MustCompile(`(?i)\b(?:[a-z0-9-]+\.)*api\.openai\.com\b`)

// OtherHost returns the host of OpenAI's API that a message names and that is not the base URL's, such
// as a regional one; empty if there is none.
func OtherHost(message, base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	for _, at := range apiHost.FindAllStringIndex(message, -1) {
		host := strings.ToLower(message[at[0]:at[1]])
		// The match is only the beginning of a longer host name.
		if rest := message[at[1]:]; len(rest) > 1 && (rest[0] == '-' || (rest[0] == '.' && rest[1] > ' ')) {
			continue
		}
		if host != strings.ToLower(u.Hostname()) {
			return host
		}
	}
	return ""
}

// Check fails for a URL that would send the admin key in the clear, or that holds secrets itself. The
// CRD validates the same; this also covers the provider's default, and older CRDs.
func Check(base string) error {
	u, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("baseURL %q is not a URL such as %q", WithoutSecrets(base), Default)
	}
	if u.User != nil || strings.ContainsAny(base, "?#") {
		return fmt.Errorf("baseURL must hold no user information, query or fragment: set it to %q, or what is right without these", WithoutSecrets(base))
	}
	if u.Scheme == "https" && u.Host != "" {
		return nil
	}
	if u.Scheme == "http" {
		if u.Hostname() == "localhost" {
			return nil
		}
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() {
			return nil
		}
	}
	return fmt.Errorf("baseURL %q must be an https URL such as %q; http is accepted only for a loopback address", WithoutSecrets(base), Default)
}
