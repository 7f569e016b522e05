// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

const (
	// leastKey is the length of the shortest part of an admin key that is a secret.
	leastKey = 12

	// leastWord is the length of the shortest admin key that is looked for. What is shorter
	// may be part of any word.
	leastWord = 6

	// redactedKey stands in place of a key.
	redactedKey = "sk-…"
)

// keyParts are the parts of an admin key, whatever its form, that must be in no text: a
// gateway may echo it, or some of it.
type keyParts struct {
	size  int // of each of the parts, in bytes
	parts map[string]bool
}

// newKeyParts prepares to look for a key as it is and in base64.
func newKeyParts(key string) keyParts {
	if len(key) < leastWord {
		return keyParts{}
	}
	k := keyParts{size: min(len(key), leastKey), parts: map[string]bool{}}
	k.add(key)
	for before := range 3 {
		// Three bytes make four characters, the first of which may hold bits of what precedes.
		in := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + key))
		in = in[(before*8+5)/6 : (before+len(key))*8/6]
		k.add(in)
		k.add(strings.NewReplacer("+", "-", "/", "_").Replace(in))
	}
	return k
}

func (k keyParts) add(text string) {
	text = lower(text)
	for i := range len(text) - k.size + 1 {
		k.parts[text[i:i+k.size]] = true
	}
}

// outOf takes the key out of a text, with all that follows it up to a space or quote. It
// also looks at what the text is once it is unescaped.
func (k keyParts) outOf(text string) string {
	if k.size == 0 {
		return text
	}
	return unescapedIf(k.cut(text), func(plain string) (string, bool) {
		safe := k.cut(plain)
		return safe, safe != plain
	})
}

// unescapedIf is a text as it is, unless something is to be done about what it is once it is
// unescaped. Gateways may have escaped it more than once.
func unescapedIf(text string, change func(plain string) (changed string, ok bool)) string {
	const deepest = 3
	plain := text
	for range deepest {
		next := unescaped(plain)
		if next == plain {
			break
		}
		plain = next
		if changed, ok := change(plain); ok {
			text, plain = changed, changed
		}
	}
	return text
}

// cut all parts of the key. What is left on both sides of one may make up another.
func (k keyParts) cut(text string) string {
	const most = 4
	for range most {
		next := k.cutOnce(text)
		if next == text {
			break
		}
		text = next
	}
	return text
}

func (k keyParts) cutOnce(text string) string {
	in := lower(text)
	var out strings.Builder
	kept := 0
	for i := 0; i+k.size <= len(in); {
		if !k.parts[in[i:i+k.size]] {
			i++
			continue
		}
		out.WriteString(text[kept:i])
		out.WriteString(redactedKey)
		i += k.size
		if end := strings.IndexFunc(text[i:], endsKey); end >= 0 {
			i += end
		} else {
			i = len(text)
		}
		kept = i
	}
	if kept == 0 {
		return text
	}
	out.WriteString(text[kept:])
	return out.String()
}

func endsKey(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>`, r) }

// lower is a text with its letters of ASCII in lower case, and as long as it was.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// escapes are those of URLs, JSON and HTML.
var escapes = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[/"'\\]|&#x[0-9A-Fa-f]{1,6};|&#[0-9]{1,7};`)

func unescaped(text string) string {
	if !strings.ContainsAny(text, `%\&`) {
		return text
	}
	return escapes.ReplaceAllStringFunc(text, func(escape string) string {
		digits, base := strings.Trim(escape, `%\xu&#;`), 16
		switch {
		case digits == "" || strings.ContainsAny(digits, `/"'`):
			return escape[1:]
		case strings.HasPrefix(escape, "&#") && escape[2] != 'x':
			base = 10
		}
		code, err := strconv.ParseUint(digits, base, 32)
		if err != nil || code > unicode.MaxRune {
			return escape
		}
		return string(rune(code))
	})
}

// WithoutKey is a text without the admin key, however it is escaped.
func WithoutKey(adminKey, text string) string { return newKeyParts(adminKey).outOf(text) }
