// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"go/scanner"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	// message in the first column of a table.
	message = regexp.MustCompile("`([^`]+)`")
	// varies is what differs from one message to the next: values, numbers, and names of kinds and fields.
	varies = regexp.MustCompile(`"[^"]*"|…|\d+|[()]|\bProject\w*|\bspec\.forProvider\.\w+`)
	verb   = regexp.MustCompile(`%[a-z]`)
	word   = regexp.MustCompile(`[A-Za-z](?:[\w'./-]*\w)?`)
)

// What the table has of a message is not all of it, and parts are put together when it is made. So
// runs of three words are compared.
func TestMessagesInTroubleshootingAreThoseOfTheCode(t *testing.T) {
	const file = "docs/troubleshooting.md"
	known := map[string]bool{}
	for _, text := range append(literals(sources(t, "internal")), manifests(t)...) {
		for part := range strings.SplitSeq(verb.ReplaceAllString(text, "\x00"), "\x00") {
			runs(part, func(run string) { known[run] = true })
		}
	}
	rows := 0
	for line := range strings.SplitSeq(read(t, file), "\n") {
		first, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		for _, m := range message.FindAllStringSubmatch(first, -1) {
			if !strings.Contains(m[1], " ") {
				continue // The name of an event.
			}
			rows++
			all, have := 0, 0
			for _, part := range varies.Split(m[1], -1) {
				runs(part, func(run string) {
					all++
					if known[run] {
						have++
					}
				})
			}
			if 2*have < all || have == 0 {
				t.Errorf("%s has a message that the code does not have: %s", file, m[1])
			}
		}
	}
	if rows < 80 {
		t.Errorf("%s has %d messages, and had more", file, rows)
	}
}

// runs of three words in a text.
func runs(text string, each func(run string)) {
	words := word.FindAllString(text, -1)
	for i := range len(words) - 2 {
		each(strings.Join(words[i:i+3], " "))
	}
}

// literals are the texts in Go code.
func literals(text string) []string {
	var all []string
	var s scanner.Scanner
	set := token.NewFileSet()
	s.Init(set.AddFile("", set.Base(), len(text)), []byte(text), nil, 0)
	for {
		_, kind, literal := s.Scan()
		if kind == token.EOF {
			return all
		}
		if kind != token.STRING {
			continue
		}
		if value, err := strconv.Unquote(literal); err == nil {
			all = append(all, value)
		}
	}
}

// manifests are the CRDs, whose rules have messages as well.
func manifests(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, file := range files(t, ".yaml") {
		if strings.HasPrefix(file, "package") {
			all = append(all, read(t, file))
		}
	}
	return all
}
