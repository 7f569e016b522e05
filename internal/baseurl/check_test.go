// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package baseurl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestCheckBaseURL(t *testing.T) {
	const (
		demand = ` must be an https URL such as "https://api.openai.com/v1"; http is accepted only for a loopback address`
		noURL  = ` is not a URL such as "https://api.openai.com/v1"`
	)
	cases := map[string]struct {
		reason string
		base   string
		want   string
	}{
		"HTTPSIsAccepted":                  {"The default form.", "https://eu.api.openai.com/v1", ""},
		"HTTPToLoopbackV4IsAccepted":       {"It never leaves the machine.", "http://127.0.0.1:8080/v1", ""},
		"HTTPToAnyLoopbackV4IsAccepted":    {"All of 127.0.0.0/8 is loopback.", "http://127.8.9.10/v1", ""},
		"HTTPToLoopbackV6IsAccepted":       {"It never leaves the machine.", "http://[::1]:8080/v1", ""},
		"HTTPToLocalhostIsAccepted":        {"It never leaves the machine.", "http://localhost:8080/v1", ""},
		"HTTPElsewhereIsRefused":           {"The admin key would travel in the clear.", "http://api.openai.com/v1", `baseURL "http://api.openai.com/v1"` + demand},
		"HTTPToAPrivateAddressIsRefused":   {"A private network is no loopback.", "http://10.0.0.1/v1", `baseURL "http://10.0.0.1/v1"` + demand},
		"ANameThatBeginsAsLoopbackIsNone":  {"Anybody can own such a name.", "http://127.0.0.1.example.org/v1", `baseURL "http://127.0.0.1.example.org/v1"` + demand},
		"ANameThatEndsInLocalhostIsNone":   {"Only localhost itself is loopback for certain.", "http://evil.localhost.example.org/v1", `baseURL "http://evil.localhost.example.org/v1"` + demand},
		"WhatIsNoURLTellsNoPassword":       {"Nobody knows where the password ends.", "https://user:FAKE-pw%zz@example.org/v1?FAKE", `baseURL "…@example.org/v1"` + noURL},
		"WhatIsOpaqueTellsNoPassword":      {"It has a user only in the eyes of its author.", "https:user:FAKE-pw@example.org/v1", `baseURL "…@example.org/v1"` + demand},
		"NoSchemeIsRefused":                {"It would be a path.", "api.openai.com/v1", `baseURL "api.openai.com/v1"` + demand},
		"NoHostIsRefused":                  {"There is nowhere to go.", "https:///v1", `baseURL "https:///v1"` + demand},
		"AnotherSchemeIsRefused":           {"Only HTTP is spoken.", "ftp://127.0.0.1/v1", `baseURL "ftp://127.0.0.1/v1"` + demand},
		"NothingIsRefused":                 {"Leaving the field out means the default; emptying it means nothing.", "", `baseURL ""` + demand},
		"WhatCannotBeParsedIsRefused":      {"The parser's own words would not help.", "https://[::1/v1", `baseURL "https://[::1/v1"` + noURL},
		"APortThatIsNoNumberIsRefused":     {"The parser's own words would not help.", "https://example.org:port/v1", `baseURL "https://example.org:port/v1"` + noURL},
		"UpperCaseHTTPSIsAccepted":         {"Schemes have no case.", "HTTPS://api.openai.com/v1", ""},
		"HTTPToTheUnspecifiedAddressIsOut": {"0.0.0.0 is not loopback by definition.", "http://0.0.0.0/v1", `baseURL "http://0.0.0.0/v1"` + demand},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, apitest.Text(Check(tc.base))); diff != "" {
				t.Errorf("\n%s\ncheckBaseURL(%q): -want, +got:\n%s", tc.reason, tc.base, diff)
			}
		})
	}
}

func TestABaseURLWithSecretsIsRefusedWithoutThem(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, base, want string }{
		"APassword":                 {"It would end in conditions.", "https://user:FAKE-pw@example.org/v1", `"https://example.org/v1"`},
		"AUserName":                 {"It may be a token.", "https://FAKE-token@example.org/v1", `"https://example.org/v1"`},
		"LocalhostAsUserName":       {"What precedes the @ is not the host.", "http://localhost@example.org/v1", `"http://example.org/v1"`},
		"AQuery":                    {"Azure's API Management takes keys so.", "https://example.org/v1?subscription-key=FAKE", `"https://example.org/v1"`},
		"AnEmptyQuery":              {"The path of a call would follow it.", "https://example.org/v1?", `"https://example.org/v1"`},
		"AFragment":                 {"It is never sent.", "https://example.org/v1#FAKE", `"https://example.org/v1"`},
		"AnEmptyFragmentToLoopback": {"As above.", "http://localhost/v1#", `"http://localhost/v1"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Check(tc.base)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("%s\nwant an error that names %s, got %v", tc.reason, tc.want, err)
			}
			if strings.ContainsAny(err.Error(), "@?#") || strings.Contains(err.Error(), "FAKE") {
				t.Errorf("%s\nwant nothing of it that may be secret, got %v", tc.reason, err)
			}
		})
	}
}
