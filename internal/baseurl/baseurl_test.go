// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package baseurl

import (
	"strings"
	"testing"
)

func TestABaseURLThatLooksWrongIsDoubted(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, base, want string }{
		"Right":              {"OpenAI's own.", "https://api.openai.com/v1", ""},
		"OfARegion":          {"OpenAI's own.", "https://eu.api.openai.com/v1", ""},
		"OfAGateway":         {"A gateway has paths of its own.", "https://gateway.example.org/openai/v1", ""},
		"WithoutAVersion":    {"SDKs of others take it so.", "https://api.openai.com", `"https://api.openai.com/v1"`},
		"OfAGatewayWithout":  {"As above.", "https://gateway.example.org/openai", `"https://gateway.example.org/openai/v1"`},
		"WithTheCollection":  {"Copied from an API reference.", "https://api.openai.com/v1/organization", `"https://api.openai.com/v1"`},
		"WithAnotherPath":    {"Copied from an example.", "https://api.openai.com/v1/chat/completions", `"https://api.openai.com/v1"`},
		"OfTheWebsite":       {"Copied from a browser.", "https://platform.openai.com/v1", `"https://api.openai.com/v1"`},
		"WithASlash":         {"A slash at the end changes nothing.", "https://api.openai.com/v1/", ""},
		"OfCloudflare":       {"What follows /v1 is no path of OpenAI's, so that the /v1 is the gateway's.", "https://gateway.ai.cloudflare.com/v1/account/gateway/openai", ""},
		"WithTwoVersions":    {"The last one is OpenAI's.", "https://gateway.example.org/v1/proxy/openai/v1", ""},
		"WithTwoAndAPath":    {"As above.", "https://gateway.example.org/v1/proxy/v1/chat", `"https://gateway.example.org/v1/proxy/v1"`},
		"InUpperCase":        {"The gateway may not care.", "https://gateway.example.org/V1", ""},
		"InUpperCaseAndMore": {"As above.", "https://gateway.example.org/V1/Organization", `"https://gateway.example.org/V1"`},
		"OfTheWebsiteAloud":  {"Hosts have no case.", "https://Platform.OpenAI.com", `"https://api.openai.com/v1"`},
		"WithAnEscape":       {"A gateway's name with a slash in it.", "https://gateway.example.org/a%2Fb/v1/models", `"https://gateway.example.org/a%2Fb/v1"`},
		"WithAQuery":         {"It may hold a key.", "https://gateway.example.org/openai?key=FAKE", `"https://gateway.example.org/openai/v1"`},
		"WithAPassword":      {"It must not be told.", "https://user:FAKE@gateway.example.org/openai", `"https://gateway.example.org/openai/v1"`},
		"WithAVersionInside": {"v1beta is another path.", "https://api.example.org/v1beta", `"https://api.example.org/v1beta/v1"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := LikelyMistake(tc.base)
			if (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
				t.Errorf("%s\ndoubt about %q: want %q in it, got %q", tc.reason, tc.base, tc.want, got)
			}
			if strings.Contains(got, "FAKE") {
				t.Errorf("%s\nwant no secret in the doubt, got %q", tc.reason, got)
			}
		})
	}
}
