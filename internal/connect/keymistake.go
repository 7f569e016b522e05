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

// What the forms of mistakes have in common. OpenAI's keys begin with sk-; a gateway's may
// have any form, so that only what holds one of OpenAI's, or can be no key at all, is
// told to be wrong.
const (
	quote   = "[\"'`“”„‘’‚«»]"
	opening = "[\"'`“”„‘’‚«»<({\\[]"
	closing = "[\"'`“”‘’«»>)}\\]]"
)

// mistakes are what comes along when a key is copied from somewhere else.
var mistakes = []struct {
	forms []*regexp.Regexp
	say   string
}{
	{forms(
		`^\{\{`,
		`^[{\[]\s*["{\[]`,
		`(?s)^[{\[].*\bsk-`,
	), "holds JSON or a template, and not the key alone: store only the key's value"},
	{forms(
		`(?im)^(?:export|setx?)\s`,
		`(?i)^\$env:\w+\s*=`,
		`(?m)^`+quote+`?OPENAI_\w*`+quote+`?\s*(?:=|:\s)`,
		// Also as an option of kubectl, and in JSON.
		`(?m)^(?:--?[\w-]+[=\s])?`+quote+`?[\w.-]+`+quote+`?\s*(?:=|:\s)\s*`+quote+`?sk-`,
		// Other names that no space follows may be those of users, with their passwords.
		`(?im)^(?:[\w.-]*[_.-])?(?:api)?(?:key|token|secret|authorization):`+quote+`?sk-`,
	), "begins with the name of a variable or header, as in NAME=…: store only what follows it"},
	{forms(
		`^\$[A-Z_][A-Z0-9_]*$`,
		`(?i)^\$env:\w+$`,
		`(?s)^\$\{.*\}$`,
		`(?s)^\$\(.*\)$`,
		`^%[A-Z_][A-Z0-9_]*%$`,
	), "holds the name of a variable whose value was not filled in: store the key's value"},
	{forms(
		`^[a-z][a-z0-9+.-]*://`,
		`^vault:\S*[/#]`,
		`^ENC\[.*\]$`,
		`^arn:aws[a-z-]*:`,
	), "holds a URL, a reference or a cipher text, as secret managers replace by a key, and not the key: store the key's value"},
	{forms(
		`(?i)^(?:-H\s*)?` + quote + `?(?:(?:proxy-)?authorization\s*[:=]\s*)?bearer(?:\s|%20|[:+]` + quote + `?sk-)`,
	), "begins with Bearer, as a header does: store only the key that follows"},
	{forms(
		`(?s)^".*"$`, `(?s)^'.*'$`, "(?s)^`.*`$", `(?s)^[“”„].*[“”]$`, `(?s)^[‘’‚].*[‘’]$`, `(?s)^[«»].*[«»]$`, `(?s)^<.*>$`,
		`^`+opening+`+\s*sk-`,
		`^sk-.*`+closing+`$`,
	), "holds the key in quotes or brackets: store it without them"},
	{forms(
		`\\(?:n|t)$`,
		`^sk-[\w.-]*\\(?:[nrt]|$)`,
	), `holds a backslash where a line was to end, as in \n: store the key without it`},
	{forms(
		`^sk-.*[,;]$`,
	), "ends in a comma or semicolon: store the key without it"},
	{forms(
		`^sk-\S*(?:\*{3}|\.{3}|…|•)`,
	), "holds a key whose middle is left out, as the dashboard shows keys: store the key's whole value there, which is shown only when it is made"},
}

func forms(expressions ...string) []*regexp.Regexp {
	all := make([]*regexp.Regexp, 0, len(expressions))
	for _, e := range expressions {
		all = append(all, regexp.MustCompile(e))
	}
	return all
}

// KeyMistake says what is wrong with what was stored as the value of a key, without any of
// it, for a sentence that begins with where it is; nothing if it may be one.
func KeyMistake(stored string) string {
	// The expressions take their time with each byte.
	if len(stored) > adminapi.MaxKeyBytes {
		return adminapi.KeyTooLong
	}
	for _, m := range mistakes {
		if slices.ContainsFunc(m.forms, func(form *regexp.Regexp) bool { return form.MatchString(stored) }) {
			return m.say
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

// isTwice reports whether what was stored is a key of OpenAI's and then the same again.
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

// isEncoded reports whether what was stored is base64 of a key.
func isEncoded(stored string) bool {
	stored = strings.Join(strings.Fields(stored), "")
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := enc.DecodeString(stored); err == nil && strings.HasPrefix(strings.TrimLeft(string(b), "\"' \n"), "sk-") {
			return true
		}
	}
	return false
}
