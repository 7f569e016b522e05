// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds what one reply can make a route wait. After that OpenAI is
// asked again.
const longestWait = time.Hour

var (
	// OpenAI's words, such as "Please try again after 6.937 seconds" or "in 1m3s".
	waitInWords = regexp.MustCompile(`(?i)\b(?:after|in) ((?:[0-9.]+ ?(?:hours?|h|minutes?|ms|milliseconds?|m|seconds?|s)\b ?|[0-9.]+[hms])+)`)
	waitPart    = regexp.MustCompile(`(?i)([0-9.]+) ?(hours?|h|minutes?|milliseconds?|ms|m|seconds?|s)`)
)

// retryAfter is how long a refusal asks to wait; false if it does not say.
func retryAfter(h http.Header, message string, now time.Time) (time.Duration, bool) {
	wait := waitOfHeader(h, now)
	if wait <= 0 {
		wait = waitOfMessage(message)
	}
	return min(wait, longestWait), wait > 0
}

func waitOfHeader(h http.Header, now time.Time) time.Duration {
	if ms := amount(h.Get("Retry-After-Ms"), time.Millisecond); ms > 0 {
		return ms
	}
	value := h.Get("Retry-After")
	if s := amount(value, time.Second); s > 0 {
		return s
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	// The clocks of OpenAI and the provider may differ.
	if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
		now = theirs
	}
	return at.Sub(now)
}

func waitOfMessage(message string) time.Duration {
	var wait time.Duration
	words := waitInWords.FindStringSubmatch(message)
	if words == nil {
		return 0
	}
	for _, part := range waitPart.FindAllStringSubmatch(words[1], -1) {
		wait += amount(part[1], unit(part[2]))
		if wait > longestWait {
			return longestWait
		}
	}
	return wait
}

func unit(name string) time.Duration {
	switch name = strings.ToLower(name); {
	case strings.HasPrefix(name, "ms"), strings.HasPrefix(name, "milli"):
		return time.Millisecond
	case strings.HasPrefix(name, "h"):
		return time.Hour
	case strings.HasPrefix(name, "m"):
		return time.Minute
	}
	return time.Second
}

// amount of units; 0 for what is no sensible number.
func amount(number string, unit time.Duration) time.Duration {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n <= 0 {
		return 0
	}
	// Also keeps infinity out of the conversion.
	if n >= float64(longestWait)/float64(unit) {
		return longestWait
	}
	return time.Duration(n * float64(unit))
}
