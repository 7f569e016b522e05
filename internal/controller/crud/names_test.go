// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import "testing"

func TestIsSameName(t *testing.T) {
	cases := map[string]struct {
		reason            string
		desired, observed string
		longest           int
		want              bool
	}{
		"TheSame":           {"As usual.", "checkout", "checkout", 0, true},
		"Trimmed":           {"Outer blanks go.", " checkout\t", "checkout", 0, true},
		"Collapsed":         {"Inner blanks become one.", "Checkout  Service", "Checkout Service", 0, true},
		"InLowerCase":       {"Some systems keep no case.", "Checkout Service", "checkout service", 0, true},
		"Composed":          {"The letters are the same in Unicode.", "Cafe\u0301", "Caf\u00e9", 0, true},
		"Shortened":         {"Names have a greatest length.", "checkout-production-europe-frankfurt-1", "checkout-production-europe-frank", 32, true},
		"OthersAreLonger":   {"It was not shortened, as others were not.", "checkout-production-europe-frankfurt-1", "checkout-production-europe-frank", 33, false},
		"ANameOfItsOwn":     {"Both may exist.", "checkout-eu", "checkout", 8, false},
		"ShortenedInAWord":  {"As above, after other changes.", "Checkout  Production of the team in Frankfurt", "checkout production of the team in", 34, true},
		"TooShort":          {"A few letters prove nothing.", "checkout", "check", 0, false},
		"Longer":            {"Nothing is added to a name.", "checkout-production", "checkout-production-europe", 0, false},
		"Another":           {"It is somebody else's.", "checkout-production", "checkout-staging", 0, false},
		"Empty":             {"No name is no name.", "checkout", "", 0, false},
		"PunctuationStands": {"It tells names apart.", "checkout-eu", "checkout_eu", 0, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := isSameName(tc.desired, tc.observed, tc.longest); got != tc.want {
				t.Errorf("\n%s\nisSameName(%q, %q): want %t, got %t", tc.reason, tc.desired, tc.observed, tc.want, got)
			}
		})
	}
}
