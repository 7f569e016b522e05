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
	// longestMessage keeps a reply that is not an explanation, such as a proxy's
	// page, from filling a condition.
	longestMessage = 300

	// longestRead bounds what is looked at of a message, in bytes: a reply can have
	// megabytes, and the expressions below would take seconds for these.
	longestRead = 8 << 10
)

// keyLike is anything that looks like a key, redacted or not, also after an escape and
// with hidden characters inside.
var keyLike = regexp.MustCompile(`(^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\[bfnrt]|\\u[0-9A-Fa-f]{4})sk-[A-Za-z0-9_*./+=\x00-]+`)

// Redact removes what looks like a key from a text.
func Redact(s string) string { return keyLike.ReplaceAllString(s, "${1}"+redactedKey) }

// What times are told in.
const (
	timeUnits = `(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?)`
	timeAhead = `[0-9.]+ ?` + timeUnits
	timePast  = `(?:[0-9.]+|an?|a few) ?(?:d|days?|` + timeUnits + `)`
	dateForm  = `(?:\d{4}-\d\d-\d\d[T ]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (?:\d{1,2}[ -][a-z]{3,9}[ -]\d{2,4}|[a-z]{3} +\d{1,2}) )`
	clockForm = `\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))*`
)

// volatile are parts of messages that differ from try to try and would make conditions
// flap. What precedes one and is no part of it is in the group.
var volatile = []*regexp.Regexp{
	regexp.MustCompile(`(?i)()\breq_[0-9a-z]+\b`),
	regexp.MustCompile(`(?i)()\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`),
	// Whatever is called the ID of a request, if it is one and not the next word.
	regexp.MustCompile(`(?i)(\b(?:request|correlation|trace|transaction|incident|reference|event|support|ray)[ _-]?(?:id\b["']?(?: ?[:=#] ?| +)|# ?)["'(]?)[\w.:/+-]*[\d…][\w.:/+=-]*`),
	regexp.MustCompile(`(?i)(\b(?:request|correlation|trace|transaction|incident|event|support|ray)[ _-]?id["']? ?[:=#] ?["'(]?)[\w/+-]+`),
	// A trace or a ray. Of other IDs, such as user-…, it is only a part.
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
	// sequences steer a terminal, and are shown by none. One that ends in s is left, as
	// that may be the beginning of a key.
	sequences = regexp.MustCompile(`(?:\x1b\[|\x{9b})[\x30-\x3f]*[\x20-\x2f]*[\x40-rt-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?`)
	// colons are in every IPv6 address, and in much else.
	colons = regexp.MustCompile(`[\w.%-]*:[\w.%-]*:[\w:.%-]*`)
	// userInfo may hold a password, such as that of a proxy.
	userInfo = regexp.MustCompile(`://[^/?#\s"']*@`)
	spaces   = regexp.MustCompile(`\s+`)
)

// Stable is a message of OpenAI, a gateway or the network as it can be shown: on one
// line, the same at every try, and without keys.
func Stable(message string) string { return stableWithout(keyParts{}, message) }

// stableWithout is a stable message that does not hold an admin key either.
func stableWithout(key keyParts, message string) string {
	s, cut := message, false
	if len(s) > longestRead {
		s, cut = s[:longestRead], true
	}
	s = key.outOf(withoutEscapedKey(s))
	s = strings.ReplaceAll(Redact(visible(s)), hidden, "")
	s = key.outOf(Redact(spaces.ReplaceAllString(s, " ")))
	s = userInfo.ReplaceAllString(s, "://…@")
	s = colons.ReplaceAllStringFunc(s, withoutIPv6)
	for _, v := range volatile {
		s = v.ReplaceAllString(s, "${1}…")
	}
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > longestMessage {
		s, cut = string(r[:longestMessage]), true
	}
	if cut {
		s += "…"
	}
	return s
}

// withoutEscapedKey unescapes a text if only then it looks like it held a key.
func withoutEscapedKey(s string) string {
	found := strings.Count(Redact(s), redactedKey)
	return unescapedIf(s, func(plain string) (string, bool) {
		return plain, strings.Count(Redact(plain), redactedKey) > found
	})
}

// hidden stands for what is not shown, until keys were looked for.
const hidden = "\x00"

// visible is a text with a mark in place of what changes how the rest is shown, such as
// escape sequences and bidirectional marks.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf):
			return 0
		}
		return r
	}, sequences.ReplaceAllString(strings.ToValidUTF8(s, ""), hidden))
}

// withoutIPv6 replaces a word that is an IPv6 address, with what follows it kept.
func withoutIPv6(word string) string {
	for _, ends := range []string{"", ".", ".:"} {
		addr := strings.TrimRight(word, ends)
		// Two colons alone are an address as well.
		if _, err := netip.ParseAddr(addr); err == nil && strings.Trim(addr, ":") != "" {
			return "…" + word[len(addr):]
		}
	}
	return word
}
