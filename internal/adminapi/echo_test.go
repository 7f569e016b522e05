// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

func TestAnEchoedAdminKeyIsToldByNoError(t *testing.T) {
	t.Parallel()
	const key = "Zm9v/YmFy+FAKE0123456789=="
	cases := map[string]struct{ reason, body string }{
		"Plain":     {"A gateway says whose key it refuses.", apitest.ErrorBody("invalid_request_error", "", "The key "+key+" may not do this.")},
		"Slashes":   {"PHP escapes slashes.", `{"error":{"message":"The key Zm9v\/YmFy+FAKE0123456789== may not","type":"invalid_request_error","code":null}}`},
		"Unicode":   {".NET escapes plus signs.", `{"error":{"message":"The key Zm9v/YmFy\u002BFAKE0123456789== may not","type":"invalid_request_error","code":null}}`},
		"Cut":       {"The end is left out.", apitest.ErrorBody("invalid_request_error", "", "The key Zm9v/YmFy+FAKE01... may not do this.")},
		"InTheCode": {"It may be anywhere.", apitest.ErrorBody("invalid_request_error", key, "No.")},
		"Twice":     {"As above.", apitest.ErrorBody("invalid_request_error", "", key+","+key)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failureOf(t, key, 403, "application/json", tc.body)
			if s := e.Error(); strings.Contains(s, "FAKE") || !strings.Contains(s, "sk-…") {
				t.Errorf("%s\nwant an error that tells nothing of the key, got %q", tc.reason, s)
			}
		})
	}
	if e := failureOf(t, "error", 404, "application/json", apitest.ErrorBody("invalid_request_error", "", "No such error.")); !apierror.IsNotFound(e) {
		t.Errorf("a key that is a word must not change what a reply says, got %+v", *e)
	}
}

func TestACreateThatSomethingElseRefusesMayHaveBeenCarriedOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, body string }{
		"AtTheTop":  {"A policy of a gateway has scopes, too.", `{"message":"missing scope: dlp.read"}`},
		"Bare":      {"As above.", `{"error":"Missing scopes: dlp.read"}`},
		"Quoted":    {"It quotes what a tenant wrote.", `{"message":"blocked: {\"name\":\"missing scopes: api.x\"}"}`},
		"NoType":    {"It looks like OpenAI's, and is not.", `{"error":{"message":"Missing scopes: x","code":"403"}}`},
		"FullWords": {"It passes on what it read elsewhere.", `{"message":"You have insufficient permissions for this operation. Missing scopes: a"}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failureOf(t, apitest.FakeKey, 403, "application/json", tc.body)
			if apierror.HadNoEffect(e) || e.Terminal() {
				t.Errorf("%s\nwant doubt whether the call was carried out, got %+v", tc.reason, *e)
			}
		})
	}
}
