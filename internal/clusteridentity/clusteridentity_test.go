// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package clusteridentity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
)

const keyWithoutID = `"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"`

// An apiServer is what the follower reads.
type apiServer struct {
	issuer string
	keys   []string
	err    error
}

func (a *apiServer) get(_ context.Context, path string) ([]byte, error) {
	if a.err != nil {
		return nil, a.err
	}
	if path == configurationPath {
		return fmt.Appendf(nil, `{"issuer":%q,"jwks_uri":"https://evil.example.com"}`, a.issuer), nil
	}
	var keys []string
	for _, id := range a.keys {
		keys = append(keys, fmt.Sprintf(`{"kid":%q,%s}`, id, keyWithoutID))
	}
	return []byte(`{"keys":[` + strings.Join(keys, ",") + `]}`), nil
}

func follow(a *apiServer) (f *Follower, changes *int, clock *time.Time) {
	changes, clock = new(int), new(time.Now())
	f = &Follower{get: a.get, interval: time.Minute, log: logging.NewNopLogger(), now: func() time.Time { return *clock }}
	f.OnLook(func(_ context.Context, changed bool) {
		if changed {
			*changes++
		}
	})
	return f, changes, clock
}

func TestTheIdentityFollowsTheAPIServer(t *testing.T) {
	t.Parallel()
	server := apiServer{issuer: "https://a", keys: []string{"1"}}
	type look struct {
		reason  string
		change  func()
		issuer  string
		keys    int
		changes int
	}
	looks := []look{
		{"The first read is no change.", func() {}, "https://a", 1, 0},
		{"Nothing changed.", func() {}, "https://a", 1, 0},
		{"Another key counts at once.", func() { server.keys = []string{"1", "2"} }, "https://a", 2, 1},
		{"A failure changes nothing.", func() { server.err = errors.New("refused") }, "https://a", 2, 1},
		{"No keys are a failure, too.", func() { server.err, server.keys = nil, nil }, "https://a", 2, 1},
		{"Another issuer must be read three times: API servers may differ.", func() { server.issuer, server.keys = "https://b", []string{"3"} }, "https://a", 2, 1},
		{"It was read twice.", func() {}, "https://a", 2, 1},
		{"The former one was read in between.", func() { server.issuer, server.keys = "https://a", []string{"1", "2"} }, "https://a", 2, 1},
		{"It was read once again.", func() { server.issuer, server.keys = "https://b", []string{"3"} }, "https://a", 2, 1},
		{"It was read twice again.", func() {}, "https://a", 2, 1},
		{"It was read three times in a row.", func() {}, "https://b", 1, 2},
	}
	f, changes, _ := follow(&server)
	for i, l := range looks {
		l.change()
		f.look(t.Context())
		got, err := f.Identity(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := look{issuer: l.issuer, keys: l.keys, changes: l.changes}
		if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(look{issuer: got.Issuer, keys: len(got.Keys), changes: *changes})); diff != "" {
			t.Errorf("look %d: %s\n-want, +got:\n%s", i+1, l.reason, diff)
		}
	}
}

func TestKeysThatWerePublishedAreRemembered(t *testing.T) {
	t.Parallel()
	server := apiServer{issuer: "https://a", keys: []string{"1"}}
	f, _, clock := follow(&server)
	began := *clock
	for i, l := range []struct {
		reason string
		keys   []string
		want   map[string]time.Duration
	}{
		{"Nothing was published before.", []string{"1"}, map[string]time.Duration{}},
		{"Both are published.", []string{"1", "2"}, map[string]time.Duration{}},
		{"One is not any more.", []string{"2"}, map[string]time.Duration{"1": 3 * time.Minute}},
		{"It is as long ago as before.", []string{"2"}, map[string]time.Duration{"1": 3 * time.Minute}},
		{"Another one is not any more either.", []string{"3"}, map[string]time.Duration{"1": 3 * time.Minute, "2": 5 * time.Minute}},
		{"One is published again.", []string{"1", "3"}, map[string]time.Duration{"2": 5 * time.Minute}},
	} {
		*clock, server.keys = clock.Add(time.Minute), l.keys
		f.look(t.Context())
		got := map[string]time.Duration{}
		for _, k := range f.Last().Former {
			got[k.ID] = k.Since.Sub(began)
		}
		if diff := cmp.Diff(l.want, got); diff != "" {
			t.Errorf("look %d: %s\n-want, +got:\n%s", i+1, l.reason, diff)
		}
	}
}

func TestAnIdentityThatCannotBeReadForAWhileIsNone(t *testing.T) {
	t.Parallel()
	server := apiServer{err: errors.New("refused")}
	f, _, clock := follow(&server)
	if _, err := f.Identity(t.Context()); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v before anything was read, want why", err)
	}
	server.err, server.issuer, server.keys = nil, "https://a", []string{"1"}
	if _, err := f.Identity(t.Context()); err != nil {
		t.Errorf("got %v, want the identity as soon as it can be read", err)
	}
	server.err = errors.New("refused")
	*clock = clock.Add(9 * time.Minute)
	f.look(t.Context())
	if _, err := f.Identity(t.Context()); err != nil {
		t.Errorf("got %v after 9 minutes, want the last one", err)
	}
	*clock = clock.Add(2 * time.Minute)
	if _, err := f.Identity(t.Context()); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v after 11 minutes, want why there is none", err)
	}
}

func TestAPIServersThatShowNothingAreExplained(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		status int
		body   string
		want   string
	}{
		"Refused":  {"The permission is missing.", http.StatusForbidden, "", "system:service-account-issuer-discovery"},
		"Absent":   {"The feature is off.", http.StatusNotFound, "", "status 404"},
		"NoIssuer": {"Something else answers.", http.StatusOK, "{}", "names no issuer"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Cache-Control") != "no-cache" {
					t.Error("a cache may answer in the API server's place")
				}
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			}))
			defer s.Close()
			f, err := NewFollower(&rest.Config{Host: s.URL}, s.Client(), 0, logging.NewNopLogger())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Identity(t.Context()); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("\n%s\ngot %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}

func TestIssuersThatOpenAITakesForTheSameAreTheSame(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		issuer string
		want   bool
	}{
		"Same":     {"It is the same.", "https://kubernetes.default.svc", true},
		"Slash":    {"OpenAI ignores it.", "https://kubernetes.default.svc/", true},
		"Case":     {"It must not make it another one.", "https://Kubernetes.default.svc", true},
		"Another":  {"It is another cluster's.", "https://kubernetes.default.svc.cluster.local", false},
		"NoIssuer": {"Nothing is known.", "", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (Identity{Issuer: "https://kubernetes.default.svc"}).Issues(tc.issuer); got != tc.want {
				t.Errorf("\n%s\ngot %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}
