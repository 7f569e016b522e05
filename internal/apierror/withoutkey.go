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
	// maxPartBytes is the length of the parts of an admin key that are searched for. A shorter part is
	// no secret.
	maxPartBytes = 12

	// minSearchedKey is the length of the shortest admin key that is searched for. A shorter one could
	// be part of any word.
	minSearchedKey = 6

	// redactedKey replaces a key.
	redactedKey = "sk-…"
)

// keyParts are the parts of an admin key that no text may contain. A gateway may echo the key, or part of
// it. Keys of a gateway have any form.
type keyParts struct {
	size  int // of each of the parts, in bytes
	parts map[string]bool
}

// newKeyParts returns the parts of a key as it is and in base64.
func newKeyParts(key string) keyParts {
	if len(key) < minSearchedKey {
		return keyParts{}
	}
	k := keyParts{size: min(len(key), maxPartBytes), parts: map[string]bool{}}
	k.add(key)
	for before := range 3 {
		// Three bytes make four characters, the first of which may contain bits of preceding bytes.
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

// removeFrom redacts the key in a text, with everything up to the next space or quote, even if the key is
// escaped.
func (k keyParts) removeFrom(text string) string {
	if k.size == 0 {
		return text
	}
	return unescapedIf(k.cut(text), func(plain string) (string, bool) {
		safe := k.cut(plain)
		return safe, safe != plain
	})
}

// unescapedIf returns a text unchanged, or unescaped and changed if change reports that this is
// necessary. Gateways may have escaped it more than once.
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

// cut redacts all parts of the key, repeatedly, since the rests on both sides of one may form another.
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
	copied := 0
	for i := 0; i+k.size <= len(in); {
		if !k.parts[in[i:i+k.size]] {
			i++
			continue
		}
		out.WriteString(text[copied:i])
		out.WriteString(redactedKey)
		i += k.size
		if end := strings.IndexFunc(text[i:], endsKey); end >= 0 {
			i += end
		} else {
			i = len(text)
		}
		copied = i
	}
	if copied == 0 {
		return text
	}
	out.WriteString(text[copied:])
	return out.String()
}

func endsKey(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>`, r) }

// lower returns a text with ASCII letters in lower case. Unlike strings.ToLower it keeps the length.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// escapes matches the escape sequences of URLs, JSON and HTML.
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

// WithoutKey redacts the admin key in a text, however it is escaped.
func WithoutKey(adminKey, text string) string { return newKeyParts(adminKey).removeFrom(text) }
