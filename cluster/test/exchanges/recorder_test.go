// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package exchanges_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// fakeKey is the value of no key.
const fakeKey = "sk-svcacct-fake-0123456789abcdefghij"

func TestWhatIsRecordedOfAnExchange(t *testing.T) {
	cases := map[string]struct {
		reason      string
		method, url string
		request     string
		status      int
		contentType string
		reply       string
		want        exchanges.Exchange
	}{
		"Read": {
			reason: "Path and query are what validators go by.",
			method: "GET", url: "/v1/organization/projects?limit=1", status: 200, contentType: "application/json", reply: `{"data":[]}`,
			want: exchanges.Exchange{
				Method: "GET", Path: "/v1/organization/projects", Query: "limit=1",
				Status: 200, ContentType: "application/json", Response: json.RawMessage(`{"data":[]}`),
			},
		},
		"ValueOfAKey": {
			reason: "The value of a key is a secret, however it looks.",
			method: "POST", url: "/v1/x", request: `{"name":"a"}`, status: 200, contentType: "application/json",
			reply: `{"api_key":{"value":"any form","created_at":1760000000}}`,
			want: exchanges.Exchange{
				Method: "POST", Path: "/v1/x", Request: json.RawMessage(`{"name":"a"}`),
				Status: 200, ContentType: "application/json",
				Response: json.RawMessage(`{"api_key":{"created_at":1760000000,"value":"redacted"}}`),
			},
		},
		"KeyInAnError": {
			reason: "What echoes a key is not recorded as it is.",
			method: "POST", url: "/v1/x", request: `["` + fakeKey + `"]`, status: 401, contentType: "application/json",
			reply: `{"error":{"message":"Incorrect: ` + fakeKey + `."}}`,
			want: exchanges.Exchange{
				Method: "POST", Path: "/v1/x", Request: json.RawMessage(`["redacted"]`),
				Status: 401, ContentType: "application/json", Response: json.RawMessage(`{"error":{"message":"Incorrect: redacted."}}`),
			},
		},
		"Amount": {
			reason: "A value that is no text is no key's, and a large number stays what it is.",
			method: "GET", url: "/v1/x", status: 200, contentType: "application/json", reply: `{"value":12345678901234567890}`,
			want: exchanges.Exchange{
				Method: "GET", Path: "/v1/x", Status: 200, ContentType: "application/json",
				Response: json.RawMessage(`{"value":12345678901234567890}`),
			},
		},
		"Page": {
			reason: "What is no JSON, such as a gateway's page, is a text.",
			method: "GET", url: "/v1/x", status: 502, contentType: "text/html", reply: `<p>` + fakeKey + `</p>`,
			want: exchanges.Exchange{
				Method: "GET", Path: "/v1/x", Status: 502, ContentType: "text/html",
				Response: json.RawMessage(`"\u003cp\u003eredacted\u003c/p\u003e"`),
			},
		},
	}
	sides := map[string]func(*exchanges.Recorder, http.Handler) (http.Handler, http.RoundTripper){
		"Handler": func(r *exchanges.Recorder, h http.Handler) (http.Handler, http.RoundTripper) {
			return r.Handler(h), http.DefaultTransport
		},
		"Transport": func(r *exchanges.Recorder, h http.Handler) (http.Handler, http.RoundTripper) {
			return h, r.Transport(http.DefaultTransport)
		},
	}
	for side, wrap := range sides {
		for name, tc := range cases {
			t.Run(side+"/"+name, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "exchanges")
				t.Setenv(exchanges.Variable, file)
				rec, err := exchanges.FromEnvironment()
				if err != nil {
					t.Fatal(err)
				}
				handler, transport := wrap(rec, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					got, err := io.ReadAll(r.Body)
					if diff := cmp.Diff(tc.request, string(got)); diff != "" || err != nil {
						t.Errorf("\n%s\nthe server got: -want, +got, %v:\n%s", tc.reason, err, diff)
					}
					w.Header().Set("Content-Type", tc.contentType)
					w.WriteHeader(tc.status)
					_, _ = io.WriteString(w, tc.reply)
				}))
				srv := httptest.NewServer(handler)
				defer srv.Close()

				req, err := http.NewRequestWithContext(context.Background(), tc.method, srv.URL+tc.url, strings.NewReader(tc.request))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+fakeKey)
				res, err := (&http.Client{Transport: transport}).Do(req)
				if err != nil {
					t.Fatal(err)
				}
				reply, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if diff := cmp.Diff(tc.reply, string(reply)); diff != "" || err != nil {
					t.Errorf("\n%s\nthe client got: -want, +got, %v:\n%s", tc.reason, err, diff)
				}
				if err := rec.Close(); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]exchanges.Exchange{tc.want}, recorded(t, file)); diff != "" {
					t.Errorf("\n%s\nrecorded: -want, +got:\n%s", tc.reason, diff)
				}
			})
		}
	}
}

func TestALostReplyOfTheSimulatorIsNoExchange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "exchanges")
	rec, err := exchanges.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New()
	if _, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateProject, Kind: simulator.FaultResetAfter, Count: 1}); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(rec.Handler(sim))
	defer srv.Close()

	create := func() error {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL+"/v1/organization/projects", strings.NewReader(`{"name":"test"}`))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+simulator.DefaultAdminKey)
		res, err := srv.Client().Do(req)
		if err != nil {
			return err
		}
		return res.Body.Close()
	}
	if err := create(); err == nil {
		t.Fatal("want a reset connection, got a reply")
	}
	if err := create(); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, e := range recorded(t, file) {
		got = append(got, e.Status)
	}
	if diff := cmp.Diff([]int{http.StatusOK}, got); diff != "" {
		t.Errorf("statuses: -want, +got:\n%s", diff)
	}
}

func TestNothingIsRecordedUnlessAFileIsNamed(t *testing.T) {
	t.Setenv(exchanges.Variable, "")
	rec, err := exchanges.FromEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	h := http.NewServeMux()
	if got := rec.Handler(h); got != http.Handler(h) {
		t.Errorf("Handler: want the handler itself, got %T", got)
	}
	if got := rec.Transport(http.DefaultTransport); got != http.DefaultTransport {
		t.Errorf("Transport: want the transport itself, got %T", got)
	}
	if err := rec.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestAFileThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Setenv(exchanges.Variable, t.TempDir())
	if _, err := exchanges.FromEnvironment(); err == nil {
		t.Error("want an error about a folder in place of a file, got none")
	}
}

// recorded reads exchanges, one per line.
func recorded(tb testing.TB, file string) []exchanges.Exchange {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // It was only read.
	var all []exchanges.Exchange
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e exchanges.Exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			tb.Fatalf("cannot read line %q: %v", lines.Text(), err)
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}
