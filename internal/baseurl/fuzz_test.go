// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package baseurl

import (
	"net/url"
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func FuzzBaseURL(f *testing.F) {
	for _, base := range []string{
		"https://api.openai.com/v1", "http://localhost:1", "http://127.0.0.1/v1", "http://[::1]:80/", "http://localhost.evil.example.org", "http://127.0.0.1.evil.example.org",
		"https://user:FAKE@host/", "https://user:FAKE%zz@host", "https://h?FAKE", "https://h#FAKE", "https:FAKE@host", "HTTPS://h", "https://", "//user:FAKE@h", "https://a@b:FAKE@c/", "https://h/@", "\x00://FAKE@", "https://user:FAKE/x@h", "https://h:99999", "https://%6c/", "https://api.openai.com\\@evil.example.org",
	} {
		f.Add(base)
	}
	f.Fuzz(func(t *testing.T, base string) {
		u, parsed := url.Parse(base)
		err := Check(base)
		if err == nil {
			if parsed != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
				t.Errorf("%q is accepted", base)
			}
			_ = LikelyMistake(base)
		}
		// A password of a URL in each of its forms, whatever surrounds it.
		const password = "FAKE-pw-0123456789"
		for _, with := range []string{"https://user:" + password + "@" + base, base + "://user:" + password + "@host", "https://host/" + base + "?key=" + password, "https://host/" + base + "#" + password} {
			if strings.ContainsAny(base, "@?#/:\\") {
				break // What surrounds it would end it, or make it another part.
			}
			if shown := WithoutSecrets(with) + apitest.Text(Check(with)); strings.Contains(shown, password) {
				t.Errorf("%q is shown as %q", with, shown)
			}
		}
	})
}
