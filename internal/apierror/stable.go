// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
)

const (
	// maxMessageRunes bounds a message in a condition. A proxy's page may be long.
	maxMessageRunes = 300

	// maxReadBytes bounds the part of a message that is processed: for the megabytes of a large reply,
	// the regular expressions below would take seconds.
	maxReadBytes = 8 << 10
)

// keyLike matches texts in the form of a key, redacted or not, also after an escape and with hidden
// characters inside.
var keyLike = regexp.MustCompile(`(^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\[bfnrt]|\\u[0-9A-Fa-f]{4})sk-[A-Za-z0-9_*./+=\x00-]+`)

// Redact replaces everything in a text that looks like a key.
func Redact(s string) string { return keyLike.ReplaceAllString(s, "${1}"+redactedKey) }

// The forms of times in messages.
const (
	timeUnits = `(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?)`
	timeAhead = `[0-9.]+ ?` + timeUnits
	timePast  = `(?:[0-9.]+|an?|a few) ?(?:d|days?|` + timeUnits + `)`
	dateForm  = `(?:\d{4}-\d\d-\d\d[T ]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (?:\d{1,2}[ -][a-z]{3,9}[ -]\d{2,4}|[a-z]{3} +\d{1,2}) )`
	clockForm = `\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))*`
)

// volatile matches the parts of messages that differ from try to try and would make conditions flap. The
// group is a prefix that stays.
var volatile = []*regexp.Regexp{
	regexp.MustCompile(`(?i)()\breq_[0-9a-z]+\b`),
	regexp.MustCompile(`(?i)()\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`),
	// IDs of requests by their name, if what follows has a digit and so is not merely the next word.
	regexp.MustCompile(`(?i)(\b(?:request|correlation|trace|transaction|incident|reference|event|support|ray)[ _-]?(?:id\b["']?(?: ?[:=#] ?| +)|# ?)["'(]?)[\w.:/+-]*[\d…][\w.:/+=-]*`),
	regexp.MustCompile(`(?i)(\b(?:request|correlation|trace|transaction|incident|event|support|ray)[ _-]?id["']? ?[:=#] ?["'(]?)[\w/+-]+`),
	// IDs of traces and rays, unless they are part of another ID such as user-….
	regexp.MustCompile(`(?i)(^|[^\w-])(?:[0-9a-f]{1,8}-){0,2}[0-9a-f]{16,}(?:-[0-9a-f]+)*(?:-[a-z]{3})?\b`),
	regexp.MustCompile(`(?i)()\b` + dateForm + clockForm + `(?: \d{4}\b)?`),
	regexp.MustCompile(`(?i)()\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b`),
	regexp.MustCompile(`(?i)()\b(?:after|in) ` + timeAhead + `(?: ?` + timeAhead + `)*\b`),
	regexp.MustCompile(`(?i)()\b` + timePast + `(?:,? ?(?:and )?` + timePast + `)* ago\b`),
	regexp.MustCompile(`()\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?\b`),
	// The port of an IPv6 address that was replaced.
	regexp.MustCompile(`()\[…\]:\d+`),
}

var (
	// escapeSequences control a terminal, and are invisible. One that ends in s is left, as that may
	// be the beginning of a key.
	escapeSequences = regexp.MustCompile(`(?:\x1b\[|\x{9b})[\x30-\x3f]*[\x20-\x2f]*[\x40-rt-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?`)
	// colons matches words with two colons, as every IPv6 address is.
	colons = regexp.MustCompile(`[\w.%-]*:[\w.%-]*:[\w:.%-]*`)
	// userInfo matches the user information of a URL, which may contain a password.
	userInfo = regexp.MustCompile(`://[^/?#\s"']*@`)
	spaces   = regexp.MustCompile(`\s+`)
)

// Stable returns a message of OpenAI, a gateway or the network as it can be shown: on one line, the same at
// every try, and without keys.
func Stable(message string) string { return stableWithout(keyParts{}, message) }

// stableWithout is Stable for a message that must not contain an admin key of any form either.
func stableWithout(key keyParts, message string) string {
	s, cut := message, false
	if len(s) > maxReadBytes {
		s, cut = s[:maxReadBytes], true
	}
	s = key.removeFrom(withoutEscapedKey(s))
	s = strings.ReplaceAll(Redact(markHidden(s)), hiddenMark, "")
	s = key.removeFrom(Redact(spaces.ReplaceAllString(s, " ")))
	s = userInfo.ReplaceAllString(s, "://…@")
	s = colons.ReplaceAllStringFunc(s, withoutIPv6)
	for _, v := range volatile {
		s = v.ReplaceAllString(s, "${1}…")
	}
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > maxMessageRunes {
		s, cut = string(r[:maxMessageRunes]), true
	}
	if cut {
		s += "…"
	}
	return s
}

// withoutEscapedKey unescapes a text if that reveals a key.
func withoutEscapedKey(s string) string {
	found := strings.Count(Redact(s), redactedKey)
	return unescapedIf(s, func(plain string) (string, bool) {
		return plain, strings.Count(Redact(plain), redactedKey) > found
	})
}

// hiddenMark replaces invisible characters until keys are redacted.
const hiddenMark = "\x00"

// markHidden replaces control characters by a mark, such as escape sequences and bidirectional marks.
func markHidden(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf):
			return 0
		}
		return r
	}, escapeSequences.ReplaceAllString(strings.ToValidUTF8(s, ""), hiddenMark))
}

// withoutIPv6 replaces the IPv6 address that a word consists of or begins with.
func withoutIPv6(word string) string {
	for _, ends := range []string{"", ".", ".:"} {
		addr := strings.TrimRight(word, ends)
		// Two colons alone would parse as an address.
		if _, err := netip.ParseAddr(addr); err == nil && strings.Trim(addr, ":") != "" {
			return "…" + word[len(addr):]
		}
	}
	return word
}
