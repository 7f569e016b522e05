// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNameRoundTrip(t *testing.T) {
	cases := map[string]struct{ reason, base string }{
		"Plain":          {"The usual case.", "checkout"},
		"Hyphens":        {"Kubernetes names have hyphens.", "check-out-v2"},
		"EndsInDigits":   {"The base may look like a serial.", "checkout-7"},
		"LooksLikeOurs":  {"The base may look like a name with an owner hash.", "checkout-0a1b2c3d4e-7"},
		"Long":           {"OpenAI may limit names.", strings.Repeat("x", 300)},
		"LongMultibyte":  {"A cut must not split a character.", strings.Repeat("ä", 150)},
		"EmptyByMistake": {"An older CRD may let this pass.", ""},
	}
	mine, other := ownerHashOf("uid-1"), ownerHashOf("uid-2")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			for _, serial := range []int{1, 9, 10, 123456} {
				got := mine.keyName(tc.base, serial)
				if n, ours := mine.serial(got); !ours || n != serial {
					t.Errorf("\n%s\nserial(%q): want %d, got %d, %t", tc.reason, got, serial, n, ours)
				}
				if _, ours := other.serial(got); ours {
					t.Errorf("\n%s\n%q passes as the key of another object", tc.reason, got)
				}
				if !utf8.ValidString(got) || len(got) > 255 {
					t.Errorf("\n%s\n%q is too long, or not UTF-8", tc.reason, got)
				}
			}
		})
	}
}

func TestOtherNamesHaveNoSerial(t *testing.T) {
	mine := ownerHashOf("uid-1")
	cases := map[string]struct{ reason, name string }{
		"NoHash":            {"A person named it.", "checkout-7"},
		"NoSerial":          {"It ends in the owner hash.", "checkout-" + string(mine)},
		"SerialIsNoNumber":  {"It ends in a word.", "checkout-" + string(mine) + "-old"},
		"SerialIsZero":      {"Serials begin with 1.", "checkout-" + string(mine) + "-0"},
		"SerialIsNegative":  {"Two hyphens are no minus.", "checkout-" + string(mine) + "--1"},
		"SerialIsTooLong":   {"No counter gets there.", "checkout-" + string(mine) + "-99999999999999999999"},
		"HashInTheMiddle":   {"Only the end counts.", "checkout-" + string(mine) + "-1-copy"},
		"HashIsASuffixOnly": {"The hash is a whole part of the name.", "checkoutx" + string(mine) + "-1"},
		"Empty":             {"Keys may have no name.", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if n, ours := mine.serial(tc.name); ours {
				t.Errorf("\n%s\nserial(%q): want none, got %d", tc.reason, tc.name, n)
			}
		})
	}
}

func TestBaseName(t *testing.T) {
	cr := newKey("uid-1", "object")
	if got := baseName(cr); got != "object" {
		t.Errorf("without a name: want the object's own, got %q", got)
	}
	cr.Spec.ForProvider.Name = new("given")
	if got := baseName(cr); got != "given" {
		t.Errorf("with a name: want it, got %q", got)
	}
}

func TestARedactedFormThatIsNotUnderstoodProvesNothing(t *testing.T) {
	for _, redacted := range []string{"", "sk-svcacct-FAKE"} {
		if got, known := matchesRedacted(redacted, "sk-svcacct-FAKE"); got || known {
			t.Errorf("fits(%q): want unknown, got %t, %t", redacted, got, known)
		}
	}
}

func TestMatchesRedacted(t *testing.T) {
	const value = "sk-svcacct-FAKE-0123456789abcd"
	cases := map[string]struct {
		reason          string
		redacted, value string
		want            bool
	}{
		"Fits":          {"First and last characters agree.", "sk-svcacct-****************abcd", value, true},
		"AsRecorded":    {"OpenAI shows eight characters, four, and asterisks for the rest.", "sk-svcac" + strings.Repeat("*", 155) + "abcd", value, true},
		"ShorterMask":   {"The number of asterisks is not the number of characters.", "sk-svcacct-*abcd", value, true},
		"AnotherEnd":    {"Another key of the same form.", "sk-svcacct-****************wxyz", value, false},
		"AnotherPrefix": {"A key of another form.", "sk-proj-****************abcd", value, false},
		"NoValue":       {"An empty Secret holds nothing.", "sk-svcacct-****************abcd", "", false},
		"TooShort":      {"First and last characters must not overlap.", "sk-fake-****abcd", "sk-fake-bcd", false},
		"Dots":          {"OpenAI's API reference shows redacted values such as sk-abc...def.", "sk-svc...bcd", value, true},
		"DotsOfAnother": {"OpenAI's API reference shows redacted values such as sk-abc...def.", "sk-svc...xyz", value, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got, known := matchesRedacted(tc.redacted, tc.value); got != tc.want || !known {
				t.Errorf("\n%s\nfits(%q): want %t, got %t", tc.reason, tc.redacted, tc.want, got)
			}
		})
	}
}
