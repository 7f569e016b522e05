// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTheREADMEIsShort(t *testing.T) {
	const most = 150
	if n := strings.Count(read(t, "README.md"), "\n"); n > most {
		t.Errorf("README.md has %d lines and may have %d: move details into docs/, with a line in docs/README.md", n, most)
	}
}

func TestTheIndexLeadsToEveryDocument(t *testing.T) {
	const index = "docs/README.md"
	linked := map[string]bool{index: true}
	for _, m := range link.FindAllStringSubmatch(read(t, index), -1) {
		path, _, _ := strings.Cut(m[1], "#")
		linked[filepath.Join("docs", filepath.FromSlash(path))] = true
	}
	for _, file := range markdown(t) {
		if strings.HasPrefix(file, "docs"+string(os.PathSeparator)) && !linked[file] {
			t.Errorf("%s does not lead to %s", index, file)
		}
	}
}

// Tables, code and what is generated may be wider.
func TestMarkdownIsWrapped(t *testing.T) {
	const most = 120
	for _, file := range markdown(t) {
		if generated := []string{"docs/api.md", "docs/kinds.md"}; slices.Contains(generated, filepath.ToSlash(file)) {
			continue
		}
		for line := range strings.SplitSeq(fence.ReplaceAllString(read(t, file), ""), "\n") {
			if utf8.RuneCountInString(line) > most && !strings.HasPrefix(strings.TrimSpace(line), "|") {
				t.Errorf("%s has a line of more than %d columns: %s", file, most, line)
			}
		}
	}
}

// Comments and messages send readers to documents, too.
func TestDocumentsThatFilesNameExist(t *testing.T) {
	named := regexp.MustCompile(`\bdocs/[\w/.-]+\.md\b(?:#([\w-]+))?`)
	found := 0
	for _, suffix := range []string{".go", ".yaml", ".sh", "Makefile"} {
		for _, file := range files(t, suffix) {
			if strings.HasSuffix(file, "_test.go") {
				continue // Tests make up names.
			}
			for _, m := range named.FindAllStringSubmatch(read(t, filepath.ToSlash(file)), -1) {
				found++
				path, _, _ := strings.Cut(m[0], "#")
				if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(path))); err != nil {
					t.Errorf("%s names %s, which does not exist", file, path)
				} else if m[1] != "" && !hasAnchor(read(t, path), m[1]) {
					t.Errorf("%s names %s, which has no such heading", file, m[0])
				}
			}
		}
	}
	if found == 0 {
		t.Error("no file names a document")
	}
}
