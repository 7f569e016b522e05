// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// Parts of the patterns of mistakes. OpenAI's keys begin with sk-, while a gateway's may have any form: only
// a value that contains one of OpenAI's, or cannot be a key at all, is a mistake.
const (
	quote   = "[\"'`“”„‘’‚«»]"
	opening = "[\"'`“”„‘’‚«»<({\\[]"
	closing = "[\"'`“”‘’«»>)}\\]]"
)

// keyMistakes are the mistakes that happen when a key is copied from elsewhere.
var keyMistakes = []struct {
	patterns    []*regexp.Regexp
	description string
}{
	{patterns(
		`^\{\{`,
		`^[{\[]\s*["{\[]`,
		`(?s)^[{\[].*\bsk-`,
	), "holds JSON or a template, and not the key alone: store only the key's value"},
	{patterns(
		`(?im)^(?:export|setx?)\s`,
		`(?i)^\$env:\w+\s*=`,
		`(?m)^`+quote+`?OPENAI_\w*`+quote+`?\s*(?:=|:\s)`,
		// Also as an option of kubectl, and in JSON.
		`(?m)^(?:--?[\w-]+[=\s])?`+quote+`?[\w.-]+`+quote+`?\s*(?:=|:\s)\s*`+quote+`?sk-`,
		// With other names and no space, it may be user:password.
		`(?im)^(?:[\w.-]*[_.-])?(?:api)?(?:key|token|secret|authorization):`+quote+`?sk-`,
	), "begins with the name of a variable or header, as in NAME=…: store only what follows it"},
	{patterns(
		`^\$[A-Z_][A-Z0-9_]*$`,
		`(?i)^\$env:\w+$`,
		`(?s)^\$\{.*\}$`,
		`(?s)^\$\(.*\)$`,
		`^%[A-Z_][A-Z0-9_]*%$`,
	), "holds the name of a variable whose value was not filled in: store the key's value"},
	{patterns(
		`^[a-z][a-z0-9+.-]*://`,
		`^vault:\S*[/#]`,
		`^ENC\[.*\]$`,
		`^arn:aws[a-z-]*:`,
	), "holds a URL, a reference or a cipher text, as secret managers replace by a key, and not the key: store the key's value"},
	{patterns(
		`(?i)^(?:-H\s*)?` + quote + `?(?:(?:proxy-)?authorization\s*[:=]\s*)?bearer(?:\s|%20|[:+]` + quote + `?sk-)`,
	), "begins with Bearer, as a header does: store only the key that follows"},
	{patterns(
		`(?s)^".*"$`, `(?s)^'.*'$`, "(?s)^`.*`$", `(?s)^[“”„].*[“”]$`, `(?s)^[‘’‚].*[‘’]$`, `(?s)^[«»].*[«»]$`, `(?s)^<.*>$`,
		`^`+opening+`+\s*sk-`,
		`^sk-.*`+closing+`$`,
	), "holds the key in quotes or brackets: store it without them"},
	{patterns(
		`\\(?:n|t)$`,
		`^sk-[\w.-]*\\(?:[nrt]|$)`,
	), `holds a backslash where a line was to end, as in \n: store the key without it`},
	{patterns(
		`^sk-.*[,;]$`,
	), "ends in a comma or semicolon: store the key without it"},
	{patterns(
		`^sk-\S*(?:\*{3}|\.{3}|…|•)`,
	), "holds a key whose middle is left out, as the dashboard shows keys: store the key's whole value there, which is shown only when it is made"},
}

func patterns(expressions ...string) []*regexp.Regexp {
	all := make([]*regexp.Regexp, 0, len(expressions))
	for _, e := range expressions {
		all = append(all, regexp.MustCompile(e))
	}
	return all
}

// KeyMistake describes the mistake in a value that was stored as a key, without any part of the value. It
// continues a sentence that begins with where the value is stored. It is empty if the value may be a key.
func KeyMistake(stored string) string {
	// The patterns would take long for a large value.
	if len(stored) > adminapi.MaxKeyBytes {
		return adminapi.KeyTooLong
	}
	for _, m := range keyMistakes {
		if slices.ContainsFunc(m.patterns, func(p *regexp.Regexp) bool { return p.MatchString(stored) }) {
			return m.description
		}
	}
	switch {
	case isTwice(stored):
		return "holds the key twice: store it once"
	case isEncoded(stored):
		return "holds the key in base64 within base64: store it under stringData as it is, or encode it once under data"
	}
	return ""
}

// isTwice reports whether the stored value is one of OpenAI's keys twice.
func isTwice(stored string) bool {
	if !strings.HasPrefix(stored, "sk-") {
		return false
	}
	apart := strings.FieldsFunc(stored, func(r rune) bool { return strings.ContainsRune("\r\n,;", r) })
	if len(apart) > 1 {
		return len(slices.Compact(apart)) == 1
	}
	half := len(stored) / 2
	return stored[:half] == stored[half:]
}

// isEncoded reports whether the stored value is one of OpenAI's keys in base64.
func isEncoded(stored string) bool {
	stored = strings.Join(strings.Fields(stored), "")
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := enc.DecodeString(stored); err == nil && strings.HasPrefix(strings.TrimLeft(string(b), "\"' \n"), "sk-") {
			return true
		}
	}
	return false
}
