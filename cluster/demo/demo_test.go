// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestQuote(t *testing.T) {
	cases := map[string]struct {
		args []string
		want string
	}{
		"Plain words stay as they are":      {args: []string{"get", "managed", "-A", "--for=condition=Ready"}, want: "get managed -A --for=condition=Ready"},
		"What a shell would read is quoted": {args: []string{"-o", "jsonpath={.a b}"}, want: "-o 'jsonpath={.a b}'"},
		"A quote within is quoted":          {args: []string{"it's"}, want: `'it'\''s'`},
		"Nothing is quoted":                 {args: []string{""}, want: "''"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := quote(tc.args); got != tc.want {
				t.Errorf("quote(%q): want %s, got %s", tc.args, tc.want, got)
			}
		})
	}
}

func TestRefusal(t *testing.T) {
	const body = `{"error":{"message":"Incorrect API key provided: abcd****wxyz.","code":"invalid_api_key"}}`
	cases := map[string]struct {
		reason string
		status int
		body   string
		want   string
	}{
		"A refused key":    {reason: "the message shows a part of the key", status: 401, body: body, want: "invalid_api_key"},
		"A missing scope":  {reason: "the message says what is missing", status: 403, body: `{"error":{"message":"Missing scopes: x."}}`, want: "Missing scopes: x."},
		"An accepted call": {reason: "nothing was refused", status: 200, body: `{"data":[]}`},
		"Not JSON":         {reason: "a proxy may answer", status: 502, body: "<html>"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := refusal(tc.status, []byte(tc.body)); got != tc.want {
				t.Errorf("%s: want %q, got %q", tc.reason, tc.want, got)
			}
		})
	}
}

func TestExpectWaitsForOpenAIToHearOfAChange(t *testing.T) {
	answers := []int{http.StatusOK, http.StatusForbidden}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer the key" {
			t.Errorf("authorization: got %q", got)
		}
		w.WriteHeader(answers[0])
		answers = answers[1:]
	}))
	defer server.Close()

	var out bytes.Buffer
	d := &demo{out: &out, baseURL: server.URL}
	if err := d.expect(t.Context(), chat, credential{"MY_KEY", "the key"}, http.StatusForbidden); err != nil {
		t.Error(err)
	}
	if strings.Contains(out.String(), "the key") || !strings.Contains(out.String(), "Bearer $MY_KEY") || !strings.Contains(out.String(), "HTTP 403 Forbidden") {
		t.Errorf("want the last answer and not the key, got %s", out.String())
	}
}

func TestSearchFindsSecrets(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"clean.log": "nothing", "leak.log": "a fake-secret-value here"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, searched, err := search(dir, "", "fake-secret-value")
	if err != nil || searched != 2 || !cmp.Equal(found, []string{"leak.log"}) {
		t.Errorf("want leak.log of 2 files, got %q of %d, %v", found, searched, err)
	}
}

func TestAskForReal(t *testing.T) {
	sim := simulator.NewHTTP()
	defer sim.Close()

	cases := map[string]struct {
		reason, adminKey, answer string
		wantErr                  string
	}{
		"Without an admin key":       {reason: "there is no organization", answer: "yes\n", wantErr: "set the environment variable OPENAI_ADMIN_KEY"},
		"With a key that is refused": {reason: "it is not known which organization it is", adminKey: "a wrong key", answer: "yes\n", wantErr: "HTTP 401: invalid_api_key"},
		"The user says no":           {reason: "it may be the wrong organization", adminKey: simulator.DefaultAdminKey, answer: "y\n", wantErr: "nothing was touched"},
		"The user says nothing":      {reason: "there may be nobody to ask", adminKey: simulator.DefaultAdminKey, wantErr: "nothing was touched"},
		"The user says yes":          {reason: "it was confirmed", adminKey: simulator.DefaultAdminKey, answer: "yes\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OPENAI_ADMIN_KEY", tc.adminKey)
			t.Setenv("OPENAI_BASE_URL", sim.BaseURL())
			var out bytes.Buffer
			r, err := askForReal(t.Context(), strings.NewReader(tc.answer), &out)
			if tc.wantErr == "" {
				if err != nil || !strings.HasPrefix(r.Project, realPrefix) {
					t.Errorf("%s: want a project, got %+v, %v", tc.reason, r, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
				t.Errorf("%s: want an error with %q, got %v", tc.reason, tc.wantErr, err)
			}
			if tc.adminKey != "" && strings.Contains(out.String(), tc.adminKey) {
				t.Error("the admin key was printed")
			}
		})
	}
}

func TestDescribeNamesFewProjects(t *testing.T) {
	got := describe([]string{"a", "b", "c", "d", "e", "f"})
	if want := "Active projects of the admin key's organization (6): a, b, c, d, e and others."; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
}

// What a demo created in a real organization must be archived even by a program that only finds the
// folder, and must not be forgotten before.
func TestStopArchivesWhatIsLeftAtOpenAI(t *testing.T) {
	sim := simulator.NewHTTP()
	defer sim.Close()
	p, err := newWorkdir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &realOpenAI{BaseURL: sim.BaseURL(), Project: realPrefix + "test"}
	r.reach(simulator.DefaultAdminKey)
	for _, name := range []string{r.Project, "somebody else's"} {
		if _, err := r.projects.New(t.Context(), projectNamed(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.rememberReal(r); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(p.realProject()); err != nil || strings.Contains(string(data), simulator.DefaultAdminKey) {
		t.Errorf("want a file without the admin key, got %v", err)
	}

	t.Setenv("OPENAI_ADMIN_KEY", "")
	if err := stop(t.Context(), p, io.Discard); err == nil || !strings.Contains(err.Error(), r.Project) {
		t.Errorf("without an admin key: want an error that names the project, got %v", err)
	}
	t.Setenv("OPENAI_ADMIN_KEY", simulator.DefaultAdminKey)
	if err := stop(t.Context(), p, io.Discard); err != nil {
		t.Error(err)
	}
	if got, err := r.activeProjects(t.Context()); err != nil || !cmp.Equal(got, []string{"Default project", "somebody else's"}) {
		t.Errorf("want all but the demo's project to be active, got %q, %v", got, err)
	}
	if made, err := p.madeAtOpenAI(); made != nil || err != nil {
		t.Errorf("want it forgotten, got %+v, %v", made, err)
	}
}
