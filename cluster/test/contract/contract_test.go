// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const fakeAdminKey = "sk-admin-fake-0123456789abcdefghijklmnop"

// newSimulated returns a sandbox with its own simulator.
func newSimulated(tb testing.TB) *sandbox {
	tb.Helper()
	t, err := newTarget(func(string) string { return "" })
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(t.close)
	return newSandbox(t, nil, io.Discard)
}

// active returns the names of the projects that are not archived.
func active(tb testing.TB, s *sandbox) []string {
	tb.Helper()
	var names []string
	err := s.eachProject(context.Background(), func(p *openai.Project) bool {
		names = append(names, p.Name)
		return true
	})
	if err != nil {
		tb.Fatal(err)
	}
	return names
}

func TestAllHoldsAtTheSimulator(t *testing.T) {
	s := newSimulated(t)
	for _, f := range s.try(context.Background(), checks) {
		if f.verdict != holds && f.verdict != noted {
			t.Errorf("%s: %s: assumed: %s; observed: %s", f.name, f.verdict, f.assumption, f.observed)
		}
	}
	if err := s.archiveAll(context.Background()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"Default project"}, active(t, s)); diff != "" {
		t.Errorf("active projects after the run: -want, +got:\n%s", diff)
	}
}

func TestNamesOfChecksAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range checks {
		if c.name == "" || seen[c.name] {
			t.Errorf("the name %q is none, or that of another check", c.name)
		}
		seen[c.name] = true
	}
}

// TestWhatIsRunByHand calls a simulator by its URL, as a run by hand calls another API.
func TestWhatIsRunByHand(t *testing.T) {
	sim := simulator.NewHTTP(simulator.WithAdminKey(simulator.AdminKey{Value: fakeAdminKey, OrganizationID: "org-test"}))
	defer sim.Close()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(fakeAdminKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	recording := filepath.Join(t.TempDir(), "exchanges")
	t.Setenv(exchanges.Variable, recording)

	env := map[string]string{envKeyFile: key, envBaseURL: strings.TrimSuffix(sim.BaseURL(), "/")}
	var out, progress strings.Builder
	if err := run(context.Background(), func(name string) string { return env[name] }, &out, &progress); err != nil {
		t.Fatalf("run: %v\n%s", err, out.String())
	}
	recorded, err := os.ReadFile(recording)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"table": out.String(), "progress": progress.String(), "recording": string(recorded)} {
		if text == "" {
			t.Errorf("the %s is empty", name)
		}
		for _, secret := range []string{fakeAdminKey, "sk-svcacct-SIMULATED"} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s has %q in it", name, secret)
			}
		}
	}
	// A run must not provoke rate limits of an API other than its own simulator.
	if !strings.Contains(out.String(), "not tried  ThrottlingIsExplained") {
		t.Errorf("want the rate limit not tried, got:\n%s", out.String())
	}
}

func TestAnInterruptArchivesWhatWasMade(t *testing.T) {
	s := newSimulated(t)
	ctx, interrupt := context.WithCancel(context.Background())
	tried := false
	all := []check{
		{name: "Interrupted", assumption: "test", try: func(context.Context, *sandbox) (string, bool, error) {
			interrupt()
			return "", true, nil
		}},
		{name: "Later", assumption: "test", try: func(context.Context, *sandbox) (string, bool, error) {
			tried = true
			return "", true, nil
		}},
	}
	err := inSandbox(ctx, s.target, nil, all, io.Discard, io.Discard)
	if !errors.Is(err, context.Canceled) || tried {
		t.Errorf("want the run canceled, and no later check tried; got %v, tried %t", err, tried)
	}
	if got := s.target.simulator.CountCarriedOut(simulator.RouteCreateProject); got == 0 {
		t.Error("want projects made, got none")
	}
	if diff := cmp.Diff([]string{"Default project"}, active(t, s)); diff != "" {
		t.Errorf("active projects after an interrupt: -want, +got:\n%s", diff)
	}
}

// TestAProjectWhoseCreationWasNotAnsweredIsArchived also shows that other projects are never
// archived, whatever their names are.
func TestAProjectWhoseCreationWasNotAnsweredIsArchived(t *testing.T) {
	s := newSimulated(t)
	const others = prefix + "of-somebody-else"
	somebodys, err := s.projects.New(context.Background(), openai.AdminOrganizationProjectNewParams{Name: others})
	if err != nil {
		t.Fatal(err)
	}
	sim := s.target.simulator
	if _, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateProject, Kind: simulator.FaultResetAfter, Skip: 1, Count: 1}); err != nil {
		t.Fatal(err)
	}
	if err := inSandbox(context.Background(), s.target, nil, checks[:1], io.Discard, io.Discard); err == nil {
		t.Error("want an error of checks that could not be tried, got none")
	}
	if got := sim.CountCarriedOut(simulator.RouteArchiveProject); got != 2 {
		t.Errorf("want 2 projects archived, got %d", got)
	}
	if diff := cmp.Diff([]string{"Default project", others}, active(t, s)); diff != "" {
		t.Errorf("active projects: -want, +got:\n%s", diff)
	}
	for _, c := range sim.Calls() {
		if strings.Contains(c.Path, somebodys.ID) {
			t.Errorf("somebody else's project was called for: %s %s", c.Method, c.Path)
		}
	}
}

func TestFaultsDoNotKeepAProjectFromBeingArchived(t *testing.T) {
	cases := map[string]struct {
		reason string
		kind   simulator.FaultKind
	}{
		"Outage":     {"It is tried again.", simulator.FaultError},
		"Throttled":  {"The same.", simulator.FaultRateLimitBody},
		"ReplyLost":  {"A GET shows that it is archived.", simulator.FaultResetAfter},
		"NotArrived": {"A GET shows that it is not archived.", simulator.FaultResetBefore},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSimulated(t)
			if _, err := s.newProject(context.Background(), "test"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.target.simulator.AddFault(simulator.Fault{Route: simulator.RouteArchiveProject, Kind: tc.kind, Count: 1}); err != nil {
				t.Fatal(err)
			}
			if err := s.archiveAll(context.Background()); err != nil {
				t.Errorf("\n%s\narchiveAll: %v", tc.reason, err)
			}
			if diff := cmp.Diff([]string{"Default project"}, active(t, s)); diff != "" {
				t.Errorf("\n%s\nactive projects: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWhatCannotBeArchivedIsNamed(t *testing.T) {
	s := newSimulated(t)
	if _, err := s.target.simulator.AddFault(simulator.Fault{Route: simulator.RouteArchiveProject, Kind: simulator.FaultError}); err != nil {
		t.Fatal(err)
	}
	p, err := s.newProject(context.Background(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.archiveAll(context.Background()); err == nil || !strings.Contains(err.Error(), p.ID) || !strings.Contains(err.Error(), s.run) {
		t.Errorf("want an error that names %s and %s, got %v", p.ID, s.run, err)
	}
}

func TestAssumptionsThatDoNotHoldAreAnError(t *testing.T) {
	cases := map[string]struct {
		reason string
		quirks simulator.Quirks
		fault  *simulator.Fault
		check  string
		want   verdict
	}{
		"KeysOfAccountsCannotBeDeleted": {
			reason: "The API did that once.", quirks: simulator.Quirks{RefuseServiceAccountKeyDelete: true},
			check: "AccountKeyCanBeDeleted", want: differs,
		},
		"ListsLagForLong": {
			reason: "What was created is not listed in time.", fault: &simulator.Fault{Route: simulator.RouteListServiceAccounts, Kind: simulator.FaultLag},
			check: "AccountIsListedSoon", want: differs,
		},
		"Outage": {
			reason: "It says nothing about the assumption.", fault: &simulator.Fault{Route: simulator.RouteGetServiceAccount, Kind: simulator.FaultError},
			check: "UnknownAccountIs404", want: notTried,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSimulated(t)
			sim := s.target.simulator
			sim.SetQuirks(tc.quirks)
			if tc.fault != nil {
				if _, err := sim.AddFault(*tc.fault); err != nil {
					t.Fatal(err)
				}
			}
			var one []check
			for _, c := range checks {
				if c.name == tc.check {
					one = append(one, c)
				}
			}
			findings := s.try(context.Background(), one)
			if len(findings) != 1 || findings[0].verdict != tc.want {
				t.Errorf("\n%s\nwant %s to be %q, got %+v", tc.reason, tc.check, tc.want, findings)
			}
			if err := judge(s.target, findings); err == nil {
				t.Errorf("\n%s\njudge: want an error, got none", tc.reason)
			}
		})
	}
}

// TestEveryCheckCanFail inverts the API's answers, from the first, second or a later call of a
// check on, or before the check.
func TestEveryCheckCanFail(t *testing.T) {
	// Its failure needs a list that shows a deleted resource: see the test below.
	elsewhere := map[string]bool{"DeletedAccountIsUnlistedSoon": true}
	differing := map[string]bool{}
	for _, from := range []string{`{"error":{"message":"contrary","type":"contrary"}}`, `{}`} {
		for n := range 6 {
			s := newSimulated(t)
			if err := s.build(context.Background()); err != nil {
				t.Fatal(err)
			}
			next := s.wire.next
			for _, c := range checks {
				s.wire.next, s.wire.throttled = &contrary{next: next, truths: n, body: from}, nil
				if s.tryOne(context.Background(), c).verdict == differs {
					differing[c.name] = true
				}
			}
		}
	}
	s := newSimulated(t)
	s.fixtures = contraryFixtures()
	for _, c := range checks {
		if s.tryOne(context.Background(), c).verdict == differs {
			differing[c.name] = true
		}
	}
	for _, c := range checks {
		if c.assumption != "" && !differing[c.name] && !elsewhere[c.name] {
			t.Errorf("%s: want it to differ from a contrary answer, but it never does", c.name)
		}
	}
}

func TestADeletedResourceThatStaysListedIsReported(t *testing.T) {
	s := newSimulated(t)
	if err := s.build(context.Background()); err != nil {
		t.Fatal(err)
	}
	observed, ok, err := s.untilListed(context.Background(), s.fixtures.live.account.ID, false)
	if ok || err != nil {
		t.Errorf("want an account that is there not to count as unlisted, got %q, %t, %v", observed, ok, err)
	}
}

// A contrary transport passes a few calls on. After that it refuses what is accepted, and accepts
// what is refused.
type contrary struct {
	next   http.RoundTripper
	truths int
	body   string
}

func (c *contrary) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	c.truths--
	if c.truths >= 0 {
		return res, nil
	}
	defer res.Body.Close() //nolint:errcheck // the body is replaced
	status := http.StatusOK
	if res.StatusCode == http.StatusTooManyRequests {
		status = http.StatusTooManyRequests
	} else if res.StatusCode < 300 && strings.Contains(c.body, "error") {
		status = http.StatusForbidden
	}
	return &http.Response{
		StatusCode: status, Request: req, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(c.body)),
	}, nil
}

// contraryFixtures are fixtures with values that no API returns.
func contraryFixtures() fixtures {
	wrong := `{"id":"a b","status":"archiving","role":"owner","api_key":{},"value":"wrong","scopes":[],"last_used_at":1,"created_at":1}`
	p := projectFixture{
		project: &openai.Project{}, account: &openai.AdminOrganizationProjectServiceAccountNewResponse{},
		key: &openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse{}, unused: &openai.ProjectAPIKey{},
	}
	archiving := &openai.Project{}
	for _, o := range []interface{ UnmarshalJSON(b []byte) error }{p.project, p.account, p.key, p.unused, archiving} {
		if err := o.UnmarshalJSON([]byte(wrong)); err != nil {
			panic(err)
		}
	}
	return fixtures{live: p, archived: p, archiving: archiving}
}

func TestACellContainsNoSecret(t *testing.T) {
	cases := map[string]struct {
		reason string
		text   string
		want   string
	}{
		"AdminKeyOfAnyForm": {"A gateway's token does not look like a key.", "refused: token-of-a-test", "refused: sk-…"},
		"SomeKey":           {"Whoever's it is.", "refused: sk-svcacct-fake-1", "refused: sk-…"},
		"Nothing":           {"Nothing to hide.", "refused", "refused"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &sandbox{secrets: []string{"token-of-a-test"}}
			if diff := cmp.Diff(tc.want, s.cell(tc.text)); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestTheTableCountsVerdicts(t *testing.T) {
	var out strings.Builder
	printTable(&out, []finding{
		{check: check{name: "A", assumption: "a is so"}, observed: "it is", verdict: holds},
		{check: check{name: "B"}, observed: "b", verdict: noted},
	})
	want := `holds      A
           assumed:  a is so
           observed: it is
noted      B
           assumed:  nothing; it is good to know
           observed: b
contract: 2 checks: 1 holds, 0 differs, 0 not tried, 1 noted
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
