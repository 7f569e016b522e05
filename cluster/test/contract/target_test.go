// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWhomTheEnvironmentNames(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	key := file("key", fakeAdminKey+"\n")

	type named struct {
		Simulator bool
		BaseURL   string
		Key       string
		Pace      time.Duration
	}
	cases := map[string]struct {
		reason string
		env    map[string]string
		want   named
		// wantErr is part of the error.
		wantErr string
	}{
		"Nothing":             {"The simulator needs nothing.", nil, named{Simulator: true}, ""},
		"AKeyAlone":           {"It is set for other programs too.", map[string]string{envKey: fakeAdminKey, envConfirm: "yes"}, named{Simulator: true}, ""},
		"OpenAI":              {"It is asked slowly.", map[string]string{envKeyFile: key, envConfirm: "yes"}, named{BaseURL: "https://api.openai.com/v1/", Key: fakeAdminKey, Pace: callEvery}, ""},
		"AnotherHost":         {"Such as that of a region.", map[string]string{envKeyFile: key, envConfirm: "yes", envBaseURL: "https://eu.api.openai.com/v1/"}, named{BaseURL: "https://eu.api.openai.com/v1/", Key: fakeAdminKey, Pace: callEvery}, ""},
		"KeyOfTheEnvironment": {"Beside a base URL it is meant.", map[string]string{envKey: fakeAdminKey, envConfirm: "yes", envBaseURL: "https://api.openai.com/v1"}, named{BaseURL: "https://api.openai.com/v1/", Key: fakeAdminKey, Pace: callEvery}, ""},
		"Loopback":            {"There is nothing to spoil.", map[string]string{envKeyFile: key, envBaseURL: "http://127.0.0.1:8080/v1"}, named{BaseURL: "http://127.0.0.1:8080/v1/", Key: fakeAdminKey}, ""},
		"LoopbackByName":      {"The same.", map[string]string{envKeyFile: key, envBaseURL: "http://localhost/v1"}, named{BaseURL: "http://localhost/v1/", Key: fakeAdminKey}, ""},

		"Unconfirmed":     {"An archived project stays archived.", map[string]string{envKeyFile: key}, named{}, "set CONFIRM=yes"},
		"ConfirmedHalf":   {"Nothing else is a yes.", map[string]string{envKeyFile: key, envConfirm: "1"}, named{}, "set CONFIRM=yes"},
		"LooksLikeLocal":  {"It is another host.", map[string]string{envKeyFile: key, envBaseURL: "https://127.0.0.1.example.com/v1"}, named{}, "set CONFIRM=yes"},
		"InTheClear":      {"The key would be seen.", map[string]string{envKeyFile: key, envConfirm: "yes", envBaseURL: "http://api.openai.com/v1"}, named{}, "use https"},
		"NoURL":           {"There is nobody to ask.", map[string]string{envKeyFile: key, envBaseURL: "api.openai.com"}, named{}, "is not a URL"},
		"PasswordInURL":   {"It is a secret, and not quoted.", map[string]string{envKeyFile: key, envBaseURL: "https://me:" + fakeAdminKey + "@api.openai.com"}, named{}, "is not a URL"},
		"NoKey":           {"Nobody is let in without.", map[string]string{envBaseURL: "http://localhost/v1"}, named{}, "there is no admin key"},
		"EmptyFile":       {"It is no key.", map[string]string{envKeyFile: file("empty", "\n"), envBaseURL: "http://localhost/v1"}, named{}, "there is no admin key"},
		"FileOfMore":      {"It may be anything, and is not quoted.", map[string]string{envKeyFile: file("more", "KEY="+fakeAdminKey+" x"), envBaseURL: "http://localhost/v1"}, named{}, "holds more than an admin key"},
		"NoFile":          {"The name is wrong.", map[string]string{envKeyFile: filepath.Join(folder, "missing"), envBaseURL: "http://localhost/v1"}, named{}, "cannot read the admin key"},
		"KeyAsAFilesName": {"Who confuses the two has the key in a message.", map[string]string{envKeyFile: fakeAdminKey, envConfirm: "yes"}, named{}, "names no file"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			target, err := newTarget(func(name string) string { return tc.env[name] })
			if (err == nil) != (tc.wantErr == "") || (err != nil && !strings.Contains(err.Error(), tc.wantErr)) {
				t.Fatalf("\n%s\nwant an error with %q, got %v", tc.reason, tc.wantErr, err)
			}
			if err != nil {
				if strings.Contains(err.Error(), fakeAdminKey) {
					t.Errorf("\n%s\nthe error contains the key: %v", tc.reason, err)
				}
				return
			}
			defer target.close()
			got := named{Simulator: true}
			if target.simulator == nil {
				got = named{BaseURL: target.baseURL, Key: target.adminKey, Pace: target.callInterval}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
