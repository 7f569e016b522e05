// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
)

func TestAKeyIsReadAsItCanBe(t *testing.T) {
	type key struct {
		Name, Redacted   string
		Created, Expires int64
	}
	cases := map[string]struct {
		reason   string
		in, want key
	}{
		"Usual":            {"As OpenAI documents it.", key{"checkout", "sk-svcac...abcA", 1700000000, 1800000000}, key{"checkout", "sk-svcac...abcA", 1700000000, 1800000000}},
		"AsRecorded":       {"So many asterisks fit into no table.", key{"checkout", "sk-svcac" + strings.Repeat("*", 155) + "abcA", 1, 0}, key{"checkout", "sk-svcac...abcA", 1, 0}},
		"NotRedacted":      {"A value must not reach a status.", key{"sk-svcacct-FAKE-0123456789abcdefABCD", "sk-svcacct-FAKE-0123456789abcdefABCD", 1, 0}, key{"sk-svcac***ABCD", "sk-svcac***ABCD", 1, 0}},
		"Milliseconds":     {"It is no year that Kubernetes can store.", key{"", "", 1700000000000, 1800000000000}, key{}},
		"NeverAsAFarTime":  {"It stands for no expiry.", key{"", "", 1700000000, 253402300799}, key{Created: 1700000000}},
		"BeforeItsTime":    {"It stands for no expiry, as -1 does.", key{"", "", 1700000000, -1}, key{Created: 1700000000}},
		"BeforeTheEpoch":   {"There were no keys.", key{"", "", -5, 0}, key{}},
		"ExpiresInTheYear": {"It is a time.", key{"", "", 1700000000, 1700000001}, key{"", "", 1700000000, 1700000001}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			k := &openai.ProjectAPIKey{Name: tc.in.Name, RedactedValue: tc.in.Redacted, CreatedAt: tc.in.Created, ExpiresAt: tc.in.Expires}
			NormalizeKey(k)
			if diff := cmp.Diff(tc.want, key{k.Name, k.RedactedValue, k.CreatedAt, k.ExpiresAt}); diff != "" {
				t.Errorf("\n%s\nkey: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestOpenAIsClock(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	date := func(ahead time.Duration, age string) map[string][]string {
		return map[string][]string{"Date": {at.Add(ahead).Format("Mon, 02 Jan 2006 15:04:05 GMT")}, "Age": {age}}
	}
	cases := map[string]struct {
		reason  string
		replies []map[string][]string
		want    time.Duration
		known   bool
	}{
		"NoReply":        {"Nothing is known.", nil, 0, false},
		"NoDate":         {"A gateway leaves it out.", []map[string][]string{{}}, 0, false},
		"Behind":         {"The first reply counts.", []map[string][]string{date(-45*time.Minute, "")}, -45 * time.Minute, true},
		"Cached":         {"It is as old as it says.", []map[string][]string{date(-time.Hour, "3600")}, 0, true},
		"OneThatErrs":    {"A gateway answers once from a cache without saying so.", []map[string][]string{date(0, ""), date(-time.Hour, ""), date(0, "")}, 0, true},
		"TwoThatAgree":   {"The clock was set.", []map[string][]string{date(0, ""), date(-time.Hour, ""), date(-time.Hour, "")}, -time.Hour, true},
		"TheYear9999":    {"No clock is so wrong, however often it is repeated.", []map[string][]string{{"Date": {"Fri, 31 Dec 9999 23:59:59 GMT"}}, {"Date": {"Fri, 31 Dec 9999 23:59:59 GMT"}}}, 0, false},
		"TheYear1970":    {"As above.", []map[string][]string{date(0, ""), date(-56*365*24*time.Hour, ""), date(-56*365*24*time.Hour, "")}, 0, true},
		"ThreeDays":      {"As above.", []map[string][]string{date(72*time.Hour, "")}, 0, false},
		"TheNextDay":     {"A date may have been mistaken, and a time zone as well.", []map[string][]string{date(38*time.Hour, "")}, 38 * time.Hour, true},
		"CachedForYears": {"It tells nothing of the present, nor overflows.", []map[string][]string{date(0, "9999999999"), date(0, "9223372036854775807")}, 0, false},
		"TwoThatDiffer":  {"Neither is believed.", []map[string][]string{date(0, ""), date(-time.Hour, ""), date(time.Hour, "")}, 0, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := &Clock{}
			for _, h := range tc.replies {
				c.read(h, at)
			}
			got, known := c.Offset()
			if known != tc.known || (got-tc.want).Abs() > time.Second {
				t.Errorf("\n%s\noffset: want %s, %t, got %s, %t", tc.reason, tc.want, tc.known, got, known)
			}
		})
	}
}
