// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// mistakes are what comes along when a key is copied from somewhere else. None is part
// of a key, be it OpenAI's or a gateway's.
var mistakes = []struct {
	form *regexp.Regexp
	say  string
}{
	{regexp.MustCompile(`^[{\[]`), "holds JSON or a template, and not the key alone: store only the key's value"},
	{regexp.MustCompile(`(?i:^(export|set|setx)\s)|(?i:^\$env:)|^[A-Z][A-Z0-9_]{2,}\s*=\s*[^=\s]|^\w+\s*[=:]\s*["'` + "`" + `]?sk-`), "begins with the name of a variable, as in NAME=…: store only what follows it"},
	{regexp.MustCompile(`^\$\w|^\$\{|^\$\(|^%\w+%$`), "holds the name of a variable whose value was not filled in: store the key's value"},
	{regexp.MustCompile(`(?i)^(authorization:\s*)?bearer\b[\s:]`), "begins with Bearer, as a header does: store only the key that follows"},
	{regexp.MustCompile(`^["'` + "`" + `“”‘’«<]|["'` + "`" + `“”‘’»>]$`), "holds the key in quotes or brackets: store it without them"},
	{regexp.MustCompile(`\\[nrt]`), `holds a backslash with a letter where a line was to end, as in \n: store the key without it`},
	{regexp.MustCompile(`^sk-\S*(\*|\.{3}|…)`), "holds a key whose middle is left out, as the dashboard shows keys: store the whole key, which is shown only when it is made"},
}

// Mistaken says what is wrong with what was stored as the value of a key, without any of
// it, for a sentence that begins with where it is; nothing if it may be one.
func Mistaken(stored string) string {
	for _, m := range mistakes {
		if m.form.MatchString(stored) {
			return m.say
		}
	}
	if isEncoded(stored) {
		return "holds the key in base64 within base64: store it under stringData as it is, or encode it once under data"
	}
	return ""
}

// isEncoded tells whether what was stored is base64 of a key.
func isEncoded(stored string) bool {
	stored = strings.Join(strings.Fields(stored), "")
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := enc.DecodeString(stored); err == nil && strings.HasPrefix(strings.TrimLeft(string(b), "\"' \n"), "sk-") {
			return true
		}
	}
	return false
}
