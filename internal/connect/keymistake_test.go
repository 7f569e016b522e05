// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestAMistakeInAnAdminKeyIsNamed(t *testing.T) {
	t.Parallel()
	const (
		quotes, name, header, whole            = "quotes", "NAME=", "Bearer", "whole value"
		unfilled, slash, end, elsewhere, twice = "not filled in", "backslash", "comma or semicolon", "secret managers", "twice"
	)
	cases := map[string]struct{ reason, stored, want string }{
		"InQuotes":             {"Copied from a shell script.", `"` + apitest.FakeKey + `"`, quotes},
		"InSingleQuotes":       {"As above.", "'" + apitest.FakeKey + "'\n", quotes},
		"InTypographicQuotes":  {"Copied from a document.", "“" + apitest.FakeKey + "”", quotes},
		"WithOneQuote":         {"Half of it was copied.", apitest.FakeKey + `"`, quotes},
		"InAngleBrackets":      {"Copied from an example.", "<" + apitest.FakeKey + ">", quotes},
		"WithItsName":          {"Copied from an .env file.", "OPENAI_ADMIN_KEY=" + apitest.FakeKey, name},
		"WithItsNameAndQuotes": {"As above.", `OPENAI_ADMIN_KEY="` + apitest.FakeKey + `"`, name},
		"WithAnotherName":      {"As above.", "key=" + apitest.FakeKey, name},
		"Exported":             {"Copied from a shell script.", "export X=" + apitest.FakeKey, name},
		"OfPowerShell":         {"Copied from a script.", "$env:OPENAI_ADMIN_KEY=" + apitest.FakeKey, name},
		"OfYAML":               {"Copied from a manifest.", "key: " + apitest.FakeKey, name},
		"AWholeFile":           {"An .env file.", "OPENAI_ADMIN_KEY=" + apitest.FakeKey + "\nOPENAI_ORG_ID=org-1", name},
		"AHeader":              {"Copied from a curl command.", "Bearer " + apitest.FakeKey, header},
		"AWholeHeader":         {"As above.", "Authorization: Bearer " + apitest.FakeKey, header},
		"JSON":                 {"Copied from a reply.", `{"key":"` + apitest.FakeKey + `"}`, "JSON"},
		"ATemplate":            {"It was never rendered.", "{{ .Values.adminKey }}", "template"},
		"AVariable":            {"It was never expanded.", "${OPENAI_ADMIN_KEY}", "not filled in"},
		"AVariableWithout":     {"As above.", "$OPENAI_ADMIN_KEY", "not filled in"},
		"Base64":               {"Under data of a Secret that was given as stringData.", base64.StdEncoding.EncodeToString([]byte(apitest.FakeKey)), "base64"},
		"Base64OfALine":        {"echo adds a newline.", base64.StdEncoding.EncodeToString([]byte(apitest.FakeKey + "\n")), "base64"},
		"Base64InLines":        {"base64 breaks lines.", base64.StdEncoding.EncodeToString([]byte(apitest.FakeKey))[:20] + "\n" + base64.StdEncoding.EncodeToString([]byte(apitest.FakeKey))[20:], "base64"},
		"ALiteralNewline":      {"printf was not what wrote it.", apitest.FakeKey + `\n`, "backslash"},
		"ALiteralLine":         {"Windows ends lines so.", apitest.FakeKey + `\r\n`, slash},
		"ALiteralNewlineOfAny": {"At the end it is part of no key.", `gateway-token-test\n`, slash},
		"AContinuedLine":       {"Copied from a curl command.", apitest.FakeKey + `\`, slash},
		"ALiteralTabAndMore":   {"Copied from a table.", apitest.FakeKey + `\tprod`, slash},
		"AnOption":             {"Copied from a kubectl command.", "--from-literal=key=" + apitest.FakeKey, name},
		"AnOptionInQuotes":     {"As above.", "--from-literal='key=" + apitest.FakeKey + "'", name},
		"AnOptionApart":        {"As above.", "--from-literal key=" + apitest.FakeKey, name},
		"WithANameWithDashes":  {"Copied from a file of settings.", "openai-admin-key=" + apitest.FakeKey, name},
		"WithAnotherHeader":    {"Copied from a curl command.", "X-Api-Key: " + apitest.FakeKey, name},
		"WithAHeaderAndNoRoom": {"As above.", "X-Api-Key:" + apitest.FakeKey, name},
		"AMemberOfJSON":        {"Half of an object.", `"key": "` + apitest.FakeKey + `"`, name},
		"ALaterLine":           {"A file that begins with a comment.", "# test\nOPENAI_ADMIN_KEY=" + apitest.FakeKey, name},
		"AGatewaysWithAName":   {"The name shows whose it is.", "OPENAI_ADMIN_KEY=gateway-token-test", name},
		"InCurl":               {"Copied with the option's quotes.", `"Authorization: Bearer ` + apitest.FakeKey + `"`, header},
		"InAURL":               {"Spaces are written so there.", "Bearer%20" + apitest.FakeKey, header},
		"BearerAndAColon":      {"As in some files of settings.", "bearer:" + apitest.FakeKey, header},
		"InParentheses":        {"Copied from a sentence.", "(" + apitest.FakeKey + ")", quotes},
		"WithAnOpeningQuote":   {"Half of it was copied.", "'" + apitest.FakeKey, quotes},
		"AnExample":            {"It was never replaced.", "<your-key>", quotes},
		"AnyInQuotes":          {"A pair of quotes is no part of a key.", `"gateway-token-test"`, quotes},
		"WithAComma":           {"Copied from a list.", apitest.FakeKey + ",", end},
		"WithASemicolon":       {"Copied from a program.", apitest.FakeKey + ";", end},
		"AVariableOfWindows":   {"It was never expanded.", "%OPENAI_ADMIN_KEY%", unfilled},
		"AVariableOfAShell":    {"As above.", "$env:OPENAI_ADMIN_KEY", unfilled},
		"AVariableOfAWorkflow": {"As above.", "${{ secrets.OPENAI_ADMIN_KEY }}", unfilled},
		"ACommand":             {"It was never run.", "$(cat key.txt)", unfilled},
		"OfOnePassword":        {"Nothing resolved it.", "op://vault/openai/key", elsewhere},
		"OfVault":              {"As above.", "vault:secret/data/openai#key", elsewhere},
		"OfVals":               {"As above.", "ref+awssecrets://openai/key", elsewhere},
		"OfSops":               {"Nothing decrypted it.", "ENC[AES256_GCM,data:test,iv:test,tag:test,type:str]", elsewhere},
		"OfAWS":                {"Nothing resolved it.", "arn:aws:secretsmanager:eu-west-1:1:secret:test", elsewhere},
		"TwoTimes":             {"It was pasted twice.", apitest.FakeKey + apitest.FakeKey, twice},
		"TwoTimesInLines":      {"As above.", apitest.FakeKey + "\n" + apitest.FakeKey, twice},
		"ARedactedKey":         {"Copied from the dashboard.", "sk-admin-************fake", whole},
		"AKeyWithDots":         {"As above.", "sk-admin-...fake", whole},
		"AnAdminKey":           {"Nothing is wrong.", apitest.FakeKey, ""},
		"AByteOrderMark":       {"Files from Windows begin so.", "\ufeff" + apitest.FakeKey + "\r\n", ""},
		"AProjectsKey":         {"A gateway may take it.", "sk-proj-FAKE-not-a-real-key", ""},
		"AGatewaysToken":       {"Gateways have keys of other forms.", "user:pass-word", ""},
		"AGatewaysBase64":      {"As above.", "dGVzdC10ZXN0LXRlc3Q=", ""},
		"AJWT":                 {"As above.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseCredential(tc.stored, apitest.Origin)
			if (err != nil) != (tc.want != "") || (err != nil && !strings.Contains(err.Error(), tc.want)) {
				t.Fatalf("%s\nwant an error with %q, got %v", tc.reason, tc.want, err)
			}
			if err != nil && (strings.Contains(err.Error(), "FAKE") || strings.Contains(err.Error(), "c2st") || !strings.Contains(err.Error(), apitest.Origin)) {
				t.Errorf("%s\nwant an error that names the Secret and contains none of its value, got %v", tc.reason, err)
			}
		})
	}
}

// TestWhatAGatewayMayHandOutIsAccepted has values that are none of OpenAI's keys, and
// hold none.
func TestWhatAGatewayMayHandOutIsAccepted(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, stored string }{
		"AUserAndAKey":           {"A user's name and a password that looks like a key.", "alice:sk-1234test"},
		"ATeamAndAKey":           {"As above.", "team-a:sk-1234test"},
		"AUserWhoIsNoKey":        {"As above.", "monkey:sk-1234test"},
		"ADollar":                {"Passwords begin with anything.", "$ecretTestPassw0rd"},
		"AHash":                  {"bcrypt writes so.", "$2b$12$abcdefghijklmnoptest"},
		"ADomain":                {"A user of Windows.", `CORP\robot`},
		"ADomainAndAPassword":    {"As above.", `CORP\nina:pw-test`},
		"ABackslashInside":       {"Passwords hold anything.", `pa\tss-test`},
		"AClosingBracket":        {"As above.", "p@ss-test>"},
		"AQuoteAtTheEnd":         {"As above.", `pass-test"`},
		"AQuoteAtTheBeginning":   {"As above.", `'pass-test`},
		"Brackets":               {"As above.", "[test]"},
		"Braces":                 {"As above.", "{test}"},
		"PercentSigns":           {"As above.", "%token%"},
		"AnEqualsSign":           {"As above.", "KEY1=test"},
		"AnEqualsSignAtTheEnd":   {"Base64 ends so.", "A1B2C3=="},
		"AStar":                  {"The form of a virtual key.", "sk-team*"},
		"BearerInside":           {"A name as any other.", "bearer-token-123"},
		"VaultAsUser":            {"It has no path.", "vault:pw-test"},
		"AKeyWithRepeatedParts":  {"Not all of it is there twice.", "sk-test-test"},
		"AKeyThatEndsInABracket": {"It is not OpenAI's.", "team-test]"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := parseCredential(tc.stored, apitest.Origin); err != nil {
				t.Errorf("%s\nwant %q to be accepted, got %v", tc.reason, tc.stored, err)
			}
		})
	}
}

// TestWhatIsTooLongIsNotLookedAt has a value that an expression would find something in.
func TestWhatIsTooLongIsNotLookedAt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, stored, want string }{
		"TheLongest": {"It is still checked.", `"` + strings.Repeat("x", 4094) + `"`, "quotes"},
		"Longer":     {"Up to 1 MB fit into a Secret, and the expressions take their time with each byte.", `"` + strings.Repeat("x", 4095) + `"`, "more than 4096 bytes"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := KeyMistake(tc.stored); !strings.Contains(got, tc.want) {
				t.Errorf("%s\nMistaken: want %q in it, got %q", tc.reason, tc.want, got)
			}
		})
	}
}
