// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestWhatWasPastedWithTheAdminKeyIsNamed(t *testing.T) {
	t.Parallel()
	const quotes, name, header, whole = "quotes", "NAME=", "Bearer", "whole key"
	cases := map[string]struct{ reason, stored, want string }{
		"InQuotes":             {"Copied from a shell script.", `"` + fakeKey + `"`, quotes},
		"InSingleQuotes":       {"As above.", "'" + fakeKey + "'\n", quotes},
		"InTypographicQuotes":  {"Copied from a document.", "“" + fakeKey + "”", quotes},
		"WithOneQuote":         {"Half of it was copied.", fakeKey + `"`, quotes},
		"InAngleBrackets":      {"Copied from an example.", "<" + fakeKey + ">", quotes},
		"WithItsName":          {"Copied from an .env file.", "OPENAI_ADMIN_KEY=" + fakeKey, name},
		"WithItsNameAndQuotes": {"As above.", `OPENAI_ADMIN_KEY="` + fakeKey + `"`, name},
		"WithAnotherName":      {"As above.", "key=" + fakeKey, name},
		"Exported":             {"Copied from a shell script.", "export X=" + fakeKey, name},
		"OfPowerShell":         {"Copied from a script.", "$env:OPENAI_ADMIN_KEY=" + fakeKey, name},
		"OfYAML":               {"Copied from a manifest.", "key: " + fakeKey, name},
		"AWholeFile":           {"An .env file.", "OPENAI_ADMIN_KEY=" + fakeKey + "\nOPENAI_ORG_ID=org-1", name},
		"AHeader":              {"Copied from a curl command.", "Bearer " + fakeKey, header},
		"AWholeHeader":         {"As above.", "Authorization: Bearer " + fakeKey, header},
		"JSON":                 {"Copied from a reply.", `{"key":"` + fakeKey + `"}`, "JSON"},
		"ATemplate":            {"It was never rendered.", "{{ .Values.adminKey }}", "template"},
		"AVariable":            {"It was never expanded.", "${OPENAI_ADMIN_KEY}", "not filled in"},
		"AVariableWithout":     {"As above.", "$OPENAI_ADMIN_KEY", "not filled in"},
		"Base64":               {"Under data of a Secret that was given as stringData.", base64.StdEncoding.EncodeToString([]byte(fakeKey)), "base64"},
		"Base64OfALine":        {"echo adds a newline.", base64.StdEncoding.EncodeToString([]byte(fakeKey + "\n")), "base64"},
		"Base64InLines":        {"base64 breaks lines.", base64.StdEncoding.EncodeToString([]byte(fakeKey))[:20] + "\n" + base64.StdEncoding.EncodeToString([]byte(fakeKey))[20:], "base64"},
		"ALiteralNewline":      {"printf was not what wrote it.", fakeKey + `\n`, "backslash"},
		"ARedactedKey":         {"Copied from the dashboard.", "sk-admin-************fake", whole},
		"AKeyWithDots":         {"As above.", "sk-admin-...fake", whole},
		"AnAdminKey":           {"Nothing is wrong.", fakeKey, ""},
		"AByteOrderMark":       {"Files from Windows begin so.", "\ufeff" + fakeKey + "\r\n", ""},
		"AProjectsKey":         {"A gateway may take it.", "sk-proj-FAKE-not-a-real-key", ""},
		"AGatewaysToken":       {"Gateways have keys of other forms.", "user:pass-word", ""},
		"AGatewaysBase64":      {"As above.", "dGVzdC10ZXN0LXRlc3Q=", ""},
		"AJWT":                 {"As above.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := checked(tc.stored, origin)
			if (err != nil) != (tc.want != "") || (err != nil && !strings.Contains(err.Error(), tc.want)) {
				t.Fatalf("%s\nwant an error with %q, got %v", tc.reason, tc.want, err)
			}
			if err != nil && (strings.Contains(err.Error(), "FAKE") || strings.Contains(err.Error(), "c2st") || !strings.Contains(err.Error(), origin)) {
				t.Errorf("%s\nwant an error that names the Secret and tells none of it, got %v", tc.reason, err)
			}
		})
	}
}
