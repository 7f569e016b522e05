// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import "testing"

func TestNamesThatOpenAIMayHaveMadeOfEachOther(t *testing.T) {
	cases := map[string]struct {
		reason          string
		asked, answered string
		want            bool
	}{
		"TheSame":           {"As usual.", "checkout", "checkout", true},
		"Trimmed":           {"Outer blanks go.", " checkout\t", "checkout", true},
		"Collapsed":         {"Inner blanks become one.", "Checkout  Service", "Checkout Service", true},
		"InLowerCase":       {"Some systems keep no case.", "Checkout Service", "checkout service", true},
		"Composed":          {"The letters are the same in Unicode.", "Cafe\u0301", "Caf\u00e9", true},
		"Shortened":         {"Names have a greatest length.", "checkout-production-europe", "checkout-production", true},
		"ShortenedInAWord":  {"As above, after other changes.", "Checkout  Production", "checkout pro", true},
		"TooShort":          {"A few letters prove nothing.", "checkout", "check", false},
		"Longer":            {"Nothing is added to a name.", "checkout-production", "checkout-production-europe", false},
		"Another":           {"It is somebody else's.", "checkout-production", "checkout-staging", false},
		"Empty":             {"No name is no name.", "checkout", "", false},
		"PunctuationStands": {"It tells names apart.", "checkout-eu", "checkout_eu", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := sameName(tc.asked, tc.answered); got != tc.want {
				t.Errorf("\n%s\nsameName(%q, %q): want %t, got %t", tc.reason, tc.asked, tc.answered, tc.want, got)
			}
		})
	}
}
