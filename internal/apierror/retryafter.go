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

// maxWait bounds the wait that one reply can demand. After that a call is tried again.
const maxWait = time.Hour

var (
	// OpenAI's messages, such as "Please try again after 6.937 seconds" or "in 1m3s".
	waitInWords = regexp.MustCompile(`(?i)\b(?:after|in) ((?:[0-9.]+ ?(?:hours?|h|minutes?|ms|milliseconds?|m|seconds?|s)\b ?|[0-9.]+[hms])+)`)
	waitPart    = regexp.MustCompile(`(?i)([0-9.]+) ?(hours?|h|minutes?|milliseconds?|ms|m|seconds?|s)`)
)

// retryAfter returns how long a refusal asks to wait, by its headers or else its message. It reports
// whether the refusal says so.
func retryAfter(h http.Header, message string, now time.Time) (time.Duration, bool) {
	wait := waitOfHeader(h, now)
	if wait <= 0 {
		wait = waitOfMessage(message)
	}
	return min(wait, maxWait), wait > 0
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
	// Relative to OpenAI's clock, from which the provider's may differ.
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
		if wait > maxWait {
			return maxWait
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

// amount returns a number of units, at most maxWait; 0 if it is not a positive number.
func amount(number string, unit time.Duration) time.Duration {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n <= 0 {
		return 0
	}
	// Before the conversion, which overflows.
	if n >= float64(maxWait)/float64(unit) {
		return maxWait
	}
	return time.Duration(n * float64(unit))
}
