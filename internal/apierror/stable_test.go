// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"strings"
	"testing"
	"unicode"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestWhatChangesFromTryToTryIsNotShown(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, first, second string }{
		"LongHex":          {"Traces are called so.", "Include 4bf92f3577b34da6a3ce929d0e0e4736 in your email.", "Include 00f067aa0ba902b7a3ce929d0e0e47aa in your email."},
		"LongerHex":        {"A hash of the request.", "No (" + strings.Repeat("0a", 32) + ")", "No (" + strings.Repeat("b1", 32) + ")"},
		"TraceParent":      {"The header of a trace.", "trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "trace 00-5bf92f3577b34da6a3ce929d0e0e4736-10f067aa0ba902b7-00"},
		"TraceOfAWS":       {"As above.", "Root=1-5759e988-bd862e3fe1be46a994272793", "Root=1-5759e98a-cd862e3fe1be46a994272793"},
		"RequestID":        {"Some have letters of any kind.", "No (request id: 20261126050335123456789abcdEFGH)", "No (request id: 20261126050336123456789abcdXYZ)"},
		"RequestIDInJSON":  {"A body in a message.", `{"request_id":"aZ09.x"}`, `{"request_id":"bY18-w"}`},
		"RequestHeader":    {"As a header.", "x-request-id: abcdef", "x-request-id: ghijkl"},
		"RequestIDInWords": {"Without a colon.", "Mention request ID a1B2c3.", "Mention request ID d4E5f6g."},
		"Ray":              {"Cloudflare's.", "Ray ID: 8a1b2c3d4e5f6789-FRA", "Ray ID: 9a1b2c3d4e5f678a-AMS"},
		"RayAlone":         {"As above.", "Blocked 8a1b2c3d4e5f6789.", "Blocked 9a1b2c3d4e5f678a."},
		"Reference":        {"Akamai's.", "Reference #18.5f2c1602.1764133415.1a2b3c4d", "Reference #18.6f2c1602.1764133416.2a2b3c4e"},
		"ISOTime":          {"Zulu.", "at 2026-11-26T05:03:35Z", "at 2026-11-26T05:03:36.123Z"},
		"ISOTimeAndZone":   {"Elsewhere.", "at 2026-11-26T05:03:35+01:00", "at 2026-11-27T05:04:36+0100"},
		"TimeOfGo":         {"As Go prints times.", "at 2026-11-26 05:03:35.123 +0000 UTC", "at 2026-11-26 05:03:36 +0000 UTC"},
		"HTTPTime":         {"RFC 1123.", "until Thu, 26 Nov 2026 05:03:35 GMT.", "until Fri, 27 Nov 2026 05:03:36 GMT."},
		"UnixTime":         {"As date prints it.", "on Thu Nov 26 05:03:35 2026", "on Fri Nov  7 05:03:36 2026"},
		"TimeOfDay":        {"Without a date.", "at 05:03:35", "at 05:03:36.5"},
		"Ago":              {"It grows.", "changed 17 seconds ago", "changed 1m 3s ago"},
		"AMinuteAgo":       {"As above.", "changed a minute ago", "changed 2 minutes and 5 seconds ago"},
		"IPv4":             {"A pool of addresses.", "from 203.0.113.7", "from 198.51.100.23"},
		"IPv4AndPort":      {"As above.", "read 10.0.0.1:40001->10.1.2.3:443", "read 10.0.0.2:40002->10.1.2.4:443"},
		"IPv6":             {"As above.", "from 2001:db8::17.", "from 2001:db8:1:2:3:4:5:6."},
		"IPv6AndPort":      {"As above.", "from [2001:db8::17]:40001", "from [::1]:40002"},
		"IPv6AndColon":     {"As above.", "2001:db8::17: no", "2001:db8::18: no"},
		"IPv4InIPv6":       {"As above.", "from ::ffff:203.0.113.7", "from ::ffff:203.0.113.8"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if first, second := Stable(tc.first), Stable(tc.second); first != second {
				t.Errorf("%s\nwant one text for both, got %q and %q", tc.reason, first, second)
			}
		})
	}
}

func TestWhatSaysWhatIsMeantIsShown(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, message string }{
		"IDs":       {"They say what the message is about.", "No proj_0123456789abcdef0123456789abcdef, key_0123456789abcdef, user-0123456789abcdef0123456789abcdef or org-abc123"},
		"Model":     {"A fine-tuned one has colons.", "No model ft:gpt-4o:org::abc or gpt-4.1-2025-04-14"},
		"Scopes":    {"They have dots.", "Missing scopes: api.management.read, api.model.request"},
		"Version":   {"It is no address.", "Use v1.2.3 or 1.2.3"},
		"Policy":    {"A limit stays as it is.", "Keys must expire in 30 days, within 90 minutes of 2026-12-01"},
		"Words":     {"Only what is an ID is left out.", "Mention the request ID in your email, Foo::Bar :: denied"},
		"ShortHex":  {"Colors and codes.", "Error deadbeef, 0xcafe"},
		"Number":    {"It is what is wrong.", "1234567 is more than 1000000"},
		"TwoColons": {"A port is part of a URL.", "See https://gateway.example.org:8443/a:b"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Stable(tc.message); got != tc.message {
				t.Errorf("%s\nwant %q as it is, got %q", tc.reason, tc.message, got)
			}
		})
	}
}

func TestWhatChangesHowATextIsShownIsLeftOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, message, want string }{
		"Escape":     {"It clears a terminal.", "a\x1b[2Jb\x1b[1;31mc", "abc"},
		"Title":      {"It sets the title of a window.", "a\x1b]0;evil\x07b", "ab"},
		"EscapeOnly": {"Half a sequence.", "a\x1b", "a"},
		"Control":    {"Nobody sees it.", "a\x00\x07\u0085b\x7f", "a b"},
		"Bidi":       {"What follows is shown in reverse.", "a\u202eb\u2066c", "abc"},
		"ZeroWidth":  {"Nobody sees it.", "a\u200bb\ufeff", "ab"},
		"Lines":      {"A condition is one line.", "a\r\n\tb\u2028c", "a b c"},
		"NoUTF8":     {"Kubernetes would refuse it.", "a\xffb", "ab"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Stable(tc.message)
			if got != tc.want {
				t.Errorf("%s\nwant %q, got %q", tc.reason, tc.want, got)
			}
			if strings.ContainsFunc(got, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
				t.Errorf("%s\nwant nothing hidden, got %q", tc.reason, got)
			}
		})
	}
}

func TestAMessageHidesNoKey(t *testing.T) {
	t.Parallel()
	const tail = "not-a-real-key"
	cases := map[string]struct{ reason, message string }{
		"AfterAnEscape":         {"A path of a URL.", "Bearer%20" + apitest.FakeKey},
		"AfterALiteralNewline":  {"JSON within JSON.", `key:\n` + apitest.FakeKey},
		"AfterALiteralRune":     {"As above.", `key=\u0022` + apitest.FakeKey},
		"WithHiddenCharacters":  {"They may come from a document.", "no: sk-admin-\u200bFAKE-\x00not-a-real-key"},
		"WithColors":            {"A log in a reply.", "no: \x1b[1msk-admin-\x1b[31mFAKE-not-a-real-key\x1b[0m"},
		"HiddenInItsBeginning":  {"As above.", "no: s\u200bk-admin-FAKE-not-a-real-key"},
		"AfterWhatEatsALetter":  {"The s may belong to the sequence.", "no: \x1b[" + apitest.FakeKey},
		"WithCharactersOfOther": {"A gateway's key may have more of them.", "no: sk-FAKE/" + tail + "+" + tail + "="},
		"AtTheCut":              {"What is cut off is never processed.", strings.Repeat("\u200b", (maxReadBytes-20)/3) + apitest.FakeKey},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Stable(tc.message); strings.Contains(got, "FAKE") || strings.Contains(got, tail) {
				t.Errorf("%s\nwant nothing of the key, got %q", tc.reason, got)
			}
		})
	}
}

func TestAPasswordInAURLIsNotShown(t *testing.T) {
	t.Parallel()
	if got := Stable("proxy http://user:FAKE-pw@proxy.example.org:3128 refuses"); strings.Contains(got, "FAKE") || !strings.Contains(got, "proxy.example.org") {
		t.Errorf("want the proxy without the password, got %q", got)
	}
}

func TestMegabytesAreCutBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"x ", "a", "1m ", "after 1m1m", ":", "ä"} {
		long := strings.Repeat(unit, (15<<20)/len(unit))
		got := Stable(long)
		if n := len([]rune(got)); n > maxMessageRunes+1 || !strings.HasSuffix(got, "…") {
			t.Errorf("%q: want at most %d characters and an ellipsis, got %d", unit, maxMessageRunes, n)
		}
		if other := Stable(long[:maxReadBytes] + "and something else"); got != other {
			t.Errorf("%q: what comes after the first %d bytes must not matter, got %q and %q", unit, maxReadBytes, got, other)
		}
	}
}
