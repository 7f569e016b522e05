// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// renames are names that the documentation has already and the code has not, each with what
// surrounds it where it is no unique word.
var renames = map[string]string{
	`"reassert-scopes"`:              `"scopes-reapply-interval"`,
	`"openai.crossplane.io/created"`: `"openai.crossplane.io/created-external-name"`,
	`annotationPrefix + "retiring"`:  `annotationPrefix + "retiring-keys"`,
	`"unsettled-keys"`:               `"keys-in-flight"`,
	`"former-secret"`:                `"previous-secret"`,
	`"granted-life"`:                 `"granted-lifetime"`,
	`"scopes-asserted-at"`:           `"scopes-applied-at"`,
	`"unheeded-key-ids"`:             `"unknown-key-ids"`,
	"LeftoverRevoked":                "OrphanRevoked",
	"unplannedIssues":                "unplannedRotations",
	"organisation":                   "organization",
}

// code of the Go files in a folder and below, without tests, by the names that it is to have.
func code(t *testing.T, folder string) string {
	t.Helper()
	text := sources(t, folder)
	for from, to := range renames {
		text = strings.ReplaceAll(text, from, to)
	}
	return text
}

func sources(t *testing.T, folder string) string {
	t.Helper()
	var text strings.Builder
	for _, file := range files(t, ".go") {
		if !strings.HasSuffix(file, "_test.go") && strings.HasPrefix(file, folder+string(os.PathSeparator)) {
			text.WriteString(read(t, filepath.ToSlash(file)))
		}
	}
	if text.Len() == 0 {
		t.Fatalf("no Go files were found in %s", folder)
	}
	return text.String()
}

func TestRenamesAreStillDue(t *testing.T) {
	text := sources(t, "internal") + sources(t, "apis") + sources(t, "cmd")
	for from := range renames {
		if !strings.Contains(text, from) {
			t.Errorf("the code has no %s any more: remove it from renames", from)
		}
	}
}
