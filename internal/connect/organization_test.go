// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

func TestAnAdminKeyIsUsedForTheNotedOrganizationOnly(t *testing.T) {
	t.Parallel()
	inA := func(f *organizationFixture) v1alpha1.ObservedOrganization {
		return v1alpha1.ObservedOrganization{OrganizationID: "org-a", CredentialFingerprint: f.print(keyOfA)}
	}
	byProject := func(f *organizationFixture) v1alpha1.ObservedOrganization {
		return v1alpha1.ObservedOrganization{KnownProjectID: f.DefaultProjectID("org-a"), CredentialFingerprint: f.print(keyOfA)}
	}
	ofA := func(f *organizationFixture, p *v1alpha1.Project) {
		p.Status.AtProvider.ID = f.DefaultProjectID("org-a")
	}
	noProject := func(_ *organizationFixture, p *v1alpha1.Project) { p.Status.ManagedIDs = []string{"user-1"} }
	noHeader := simulator.Quirks{NoOrganizationHeader: true}
	cases := map[string]struct {
		reason   string
		quirks   simulator.Quirks
		recorded func(f *organizationFixture) v1alpha1.ObservedOrganization
		made     func(f *organizationFixture, p *v1alpha1.Project)
		key      string
		confirm  string
		fault    *simulator.Fault
		// says is part of the error; empty: there is none.
		says  string
		other bool
		calls int
		want  func(f *organizationFixture) v1alpha1.ObservedOrganization
	}{
		"FirstUse": {
			reason: "Nothing can be lost, and the first reply shows more.", key: keyOfA,
		},
		"Unchanged": {
			reason: "A restart costs no call.", recorded: inA, made: ofA, key: keyOfA, want: inA,
		},
		"AnotherKeyOfTheOrganization": {
			reason: "It is verified once.", recorded: inA, made: ofA, key: otherKeyOfA, calls: 1,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{OrganizationID: "org-a", CredentialFingerprint: f.print(otherKeyOfA)}
			},
		},
		"AnotherOrganization": {
			reason: "Nothing that was made is there.", recorded: inA, made: ofA, key: keyOfB, calls: 1, want: inA, other: true,
			says: `is of organization "org-b", while what was made with it is in organization "org-a": put the former admin key back`,
		},
		"AnotherOrganizationAndNothingMadeInAProject": {
			reason: "What belongs to the organization as a whole may have been made.", recorded: inA, key: keyOfB, calls: 1, want: inA, other: true,
			says: `annotation openai.crossplane.io/confirm-organization: "org-b"`,
		},
		"Confirmed": {
			reason: "The user gave up what was made.", recorded: inA, made: ofA, key: keyOfB, confirm: "org-b", calls: 1,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{OrganizationID: "org-b", CredentialFingerprint: f.print(keyOfB)}
			},
		},
		"ConfirmedForAnother": {
			reason: "A confirmation that was left there is for that organization alone.", recorded: inA, made: ofA, key: keyOfB, confirm: "org-c", calls: 1, want: inA, other: true,
			says: `"org-b"`,
		},
		"ConfirmedWithAMereYes": {
			reason: "It would hold for every later change.", recorded: inA, made: ofA, key: keyOfB, confirm: "true", calls: 1, want: inA, other: true,
			says: `"org-b"`,
		},
		"SameWithoutHeader": {
			reason: "The known project is found.", quirks: noHeader, recorded: byProject, made: ofA, key: otherKeyOfA, calls: 1,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				n := byProject(f)
				n.CredentialFingerprint = f.print(otherKeyOfA)
				return n
			},
		},
		"AnotherWithoutHeader": {
			reason: "The known project is not found.", quirks: noHeader, recorded: byProject, made: ofA, key: keyOfB, calls: 1, want: byProject, other: true,
			says: "is of another organization than what was made with it: put",
		},
		"ConfirmedWithoutHeader": {
			reason: "The fingerprint stands for the organization, and one more call returns a project of it.", quirks: noHeader, recorded: byProject, made: ofA, key: keyOfB, confirm: "FINGERPRINT", calls: 2,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{KnownProjectID: f.DefaultProjectID("org-b"), CredentialFingerprint: f.print(keyOfB)}
			},
		},
		"SameAndTheHeaderIsGone": {
			reason: "A project that an object was made in is found.", quirks: noHeader, recorded: inA, made: ofA, key: otherKeyOfA, calls: 1,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{OrganizationID: "org-a", KnownProjectID: f.DefaultProjectID("org-a"), CredentialFingerprint: f.print(otherKeyOfA)}
			},
		},
		"AnotherAndTheHeaderIsGone": {
			reason: "As above, not found.", quirks: noHeader, recorded: inA, made: ofA, key: keyOfB, calls: 1, want: inA, other: true,
			says: `of another organization than what was made with it, which is in "org-a"`,
		},
		"NothingMadeAndTheHeaderIsGone": {
			reason: "Nothing tells, and nothing can be lost.", quirks: noHeader, recorded: inA, key: keyOfB, calls: 1,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{KnownProjectID: f.DefaultProjectID("org-b"), CredentialFingerprint: f.print(keyOfB)}
			},
		},
		"SomethingMadeOutsideOfProjectsAndTheHeaderIsGone": {
			reason: "Nothing tells, and something can be lost.", quirks: noHeader, recorded: inA, made: noProject, key: otherKeyOfA, calls: 1, want: inA, other: true,
			says: "it cannot be determined whether the admin key",
		},
		"TheHeaderAppears": {
			reason: "The known project is found, and the organization has a name from now on.", recorded: byProject, key: otherKeyOfA, calls: 1,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{OrganizationID: "org-a", CredentialFingerprint: f.print(otherKeyOfA)}
			},
		},
		"RestoredWithoutStatus": {
			reason: "What objects were made in is looked for.", made: ofA, key: keyOfA, calls: 1, want: inA,
		},
		"RestoredWithoutStatusAndAnotherOrganization": {
			reason: "As above, not found.", made: ofA, key: keyOfB, calls: 1, other: true,
			says: `is of organization "org-b", while what was made with it is in another one`,
		},
		"RestoredWithoutStatusAndNoProjectIsKnown": {
			reason: "It cannot be determined.", made: noProject, key: keyOfA, calls: 1, other: true, says: "it cannot be determined whether the admin key",
		},
		"MadeInAnOrganizationOfItsOwn": {
			reason: "An object that names its organization proves nothing of the configuration's.", key: keyOfB,
			made: func(f *organizationFixture, p *v1alpha1.Project) {
				ofA(f, p)
				p.Spec.ForProvider.OrganizationID = new("org-a")
			},
		},
		"MovedToAnotherConfiguration": {
			reason: "Its usage is an old one.", key: keyOfB,
			made: func(f *organizationFixture, p *v1alpha1.Project) {
				ofA(f, p)
				p.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "elsewhere"}
			},
		},
		"APageOfAGateway": {
			reason: "It proves nothing.", recorded: byProject, key: otherKeyOfA, calls: 1, want: byProject,
			fault: &simulator.Fault{Kind: simulator.FaultError, Status: http.StatusNotFound, RawBody: "<html>404</html>"},
			says:  "nothing is done until that is known: something between here and OpenAI answers in its place",
		},
		"AnOutage": {
			reason: "As above.", recorded: inA, key: keyOfB, calls: 1, want: inA, fault: &simulator.Fault{Kind: simulator.FaultError, Status: http.StatusBadGateway},
			says: "cannot determine whether the admin key",
		},
		"ARateLimit": {
			reason: "As above.", recorded: inA, key: keyOfB, calls: 1, want: inA, fault: &simulator.Fault{Kind: simulator.FaultRateLimitBody},
			says: "OpenAI's rate limit for the Administration API is reached",
		},
		"AKeyThatOpenAIRefuses": {
			reason: "As above, with its own remedy.", recorded: inA, key: apitest.FakeKey, calls: 1, want: inA, says: "store a valid admin key",
		},
	}
	for name, tc := range cases {
		for kind := range configurations() {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				f := newOrganizationFixture(t, configurations()[kind], simulator.WithQuirks(tc.quirks))
				f.store(tc.key)
				none := func(*organizationFixture) v1alpha1.ObservedOrganization { return v1alpha1.ObservedOrganization{} }
				if tc.recorded == nil {
					tc.recorded = none
				}
				if tc.want == nil {
					tc.want = none
				}
				f.record(tc.recorded(f))
				if tc.made != nil {
					created := tc.made
					f.made(func(p *v1alpha1.Project) { created(f, p) })
				}
				if tc.confirm != "" {
					meta.AddAnnotations(f.of, map[string]string{AnnotationConfirmOrganization: strings.ReplaceAll(tc.confirm, "FINGERPRINT", f.print(tc.key))})
					f.must(f.kube.Update(t.Context(), f.of))
				}
				if tc.fault != nil {
					_, err := f.AddFault(*tc.fault)
					f.must(err)
				}
				for again := range 3 {
					_, err := f.connect()
					if got := apitest.Text(err); (got == "") != (tc.says == "") || !strings.Contains(got, tc.says) {
						t.Fatalf("\n%s\nConnect (%d): want an error that says %q, got %q", tc.reason, again, tc.says, got)
					}
					if IsOtherOrganization(err) != tc.other || (tc.other && !terminal.Is(err)) {
						t.Errorf("\n%s\nConnect (%d): want a refusal that only the user can end: %t, got %v", tc.reason, again, tc.other, err)
					}
					if found := apitest.Keys.FindString(apitest.Text(err)); found != "" && found != "sk-…" {
						t.Errorf("\n%s\nthe error contains a key: %q", tc.reason, found)
					}
				}
				if got := len(f.Calls()); got != tc.calls {
					t.Errorf("\n%s\ncalls: want %d, got %d", tc.reason, tc.calls, got)
				}
				if diff := cmp.Diff(tc.want(f), f.read()); diff != "" {
					t.Errorf("\n%s\nrecorded: -want, +got:\n%s", tc.reason, diff)
				}
			})
		}
	}
}

func TestTheOrganizationIsNotedAfterTheFirstReply(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		quirks simulator.Quirks
		calls  int
		want   func(f *organizationFixture) v1alpha1.ObservedOrganization
	}{
		"ByItsHeader": {
			reason: "The reply names it, without another call.", calls: 1,
			want: func(*organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{OrganizationID: "org-a"}
			},
		},
		"WithoutHeader": {
			reason: "A call returns one of its projects.", quirks: simulator.Quirks{NoOrganizationHeader: true}, calls: 2,
			want: func(f *organizationFixture) v1alpha1.ObservedOrganization {
				return v1alpha1.ObservedOrganization{KnownProjectID: f.DefaultProjectID("org-a")}
			},
		},
	}
	for name, tc := range cases {
		for kind := range configurations() {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				f := newOrganizationFixture(t, configurations()[kind], simulator.WithQuirks(tc.quirks))
				f.store(keyOfA)
				f.use()
				_, err := f.connect()
				f.must(err)
				want := tc.want(f)
				want.CredentialFingerprint = f.print(keyOfA)
				if diff := cmp.Diff(want, f.read()); diff != "" {
					t.Errorf("\n%s\nrecorded: -want, +got:\n%s", tc.reason, diff)
				}
				written := f.of.GetResourceVersion()
				f.use()
				f.restart()
				_, err = f.connect()
				f.must(err)
				if got := len(f.Calls()); got != tc.calls+1 {
					t.Errorf("\n%s\ncalls: want %d and one that was asked for, got %d", tc.reason, tc.calls, got)
				}
				f.read()
				if f.of.GetResourceVersion() != written {
					t.Errorf("\n%s\nthe configuration was written again", tc.reason)
				}
			})
		}
	}
}

// TestASwapBeforeTheOrganizationWasRecordedIsNoticed shows that the reply to the previous admin key
// is recorded first.
func TestASwapBeforeTheOrganizationWasRecordedIsNoticed(t *testing.T) {
	f := newOrganizationFixture(t, clusterConfig())
	f.store(keyOfA)
	f.use()
	f.store(keyOfB)
	if _, err := f.connect(); !IsOtherOrganization(err) {
		t.Errorf("Connect: want the refusal of another organization, got %v", err)
	}
	if got := f.read().OrganizationID; got != "org-a" {
		t.Errorf("recorded organization: want %q, got %q", "org-a", got)
	}
}

func TestPuttingTheFormerAdminKeyBackEndsTheRefusalWithoutACall(t *testing.T) {
	f := newOrganizationFixture(t, clusterConfig())
	f.store(keyOfA)
	f.use()
	f.use()
	f.store(keyOfB)
	if _, err := f.connect(); !IsOtherOrganization(err) {
		t.Errorf("Connect: want the refusal of another organization, got %v", err)
	}
	f.ResetCalls()
	f.store(keyOfA)
	_, err := f.connect()
	f.must(err)
	if n := len(f.Calls()); n != 0 {
		t.Errorf("calls: want none, got %d", n)
	}
}

// TestOthersDoNotWaitForAVerification shows that no worker is held up by the call of another,
// and that an object which finds one under way waits without an error of its own.
func TestOthersDoNotWaitForAVerification(t *testing.T) {
	f := newOrganizationFixture(t, clusterConfig())
	f.store(otherKeyOfA)
	f.record(v1alpha1.ObservedOrganization{OrganizationID: "org-a", CredentialFingerprint: f.print(keyOfA)})
	requested, goOn := make(chan bool, 2), make(chan bool)
	s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		requested <- true
		<-goOn
		f.ServeHTTP(w, r)
	})
	var err error
	f.c, err = NewConnector(f.kube, f.kube, s.URL+"/v1")
	f.must(err)
	done := make(chan error)
	go func() { _, err := f.connect(); done <- err }()
	<-requested
	ctx, state := reconcilestate.New(t.Context(), "")
	if _, err := connect(ctx, f.c, f.user("other"), nil); !errors.Is(err, errVerifying) {
		t.Errorf("Connect while another verifies: want %v, got %v", errVerifying, err)
	}
	if _, waits := state.Throttled(); !waits {
		t.Error("the other object does not wait for its turn")
	}
	close(goOn)
	f.must(<-done)
	if n := s.Requests.Load(); n != 1 {
		t.Errorf("calls: want 1, got %d", n)
	}
}

func TestAFingerprintDiffersWhereAnotherOrganizationCanBeReached(t *testing.T) {
	cred, of := credential{adminKey: apitest.FakeKey, secret: "uid-of-secret"}, adminapi.Settings{AdminKey: apitest.FakeKey, OrganizationID: "org-1", BaseURL: adminapi.DefaultBaseURL}
	base := fingerprint("uid", cred, of)
	cases := map[string]struct {
		reason string
		got    string
		same   bool
	}{
		"Unchanged":     {"It tells that nothing changed.", fingerprint("uid", cred, of), true},
		"AdminKey":      {"It may be of another organization.", fingerprint("uid", cred, adminapi.Settings{AdminKey: apitest.FakeKey + "2", OrganizationID: "org-1", BaseURL: adminapi.DefaultBaseURL}), false},
		"Organization":  {"It is asked for.", fingerprint("uid", cred, adminapi.Settings{AdminKey: apitest.FakeKey, BaseURL: adminapi.DefaultBaseURL}), false},
		"BaseURL":       {"A gateway may put in a key of its own.", fingerprint("uid", cred, adminapi.Settings{AdminKey: apitest.FakeKey, OrganizationID: "org-1", BaseURL: "https://eu.api.openai.com/v1"}), false},
		"Configuration": {"Nobody is to learn that two have the same admin key.", fingerprint("other", cred, of), false},
		"Secret":        {"Who may not read the Secret cannot try keys.", fingerprint("uid", credential{adminKey: apitest.FakeKey, secret: "other"}, of), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if (tc.got == base) != tc.same || len(tc.got) != fingerprintDigits {
				t.Errorf("\n%s\nwant the same as %q: %t, got %q", tc.reason, base, tc.same, tc.got)
			}
		})
	}
}

func TestOnlyAnIDOfAnOrganizationIsRecorded(t *testing.T) {
	cases := map[string]struct {
		reason, header, want string
	}{
		"AnID":     {"It stays what it is.", "org-abc123", "org-abc123"},
		"AName":    {"It may change.", "acme-inc", ""},
		"AUser":    {"It is none of an organization.", "user-abc123", ""},
		"Nothing":  {"There may be no such header.", "", ""},
		"AQuote":   {"It ends in a status and in errors.", "org-a\" b", ""},
		"TooLong":  {"As above.", "org-" + strings.Repeat("a", 200), ""},
		"AKeyInIt": {"As above.", "org-" + apitest.FakeKey + " ", ""},
		"APrefix":  {"There is no such ID.", "org-", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := apierror.OrganizationOf(http.Header{"Openai-Organization": {tc.header}}); got != tc.want {
				t.Errorf("\n%s\nwant %q, got %q", tc.reason, tc.want, got)
			}
		})
	}
}

// TestAGatewayThatNamesAnOrganizationOfItsOwnIsNotBelieved shows that the name of an organization
// counts for nothing where what was made in it is not found.
func TestAGatewayThatNamesAnOrganizationOfItsOwnIsNotBelieved(t *testing.T) {
	cases := map[string]struct {
		reason string
		key    string
		synced bool
		other  bool
	}{
		"AnotherOrganization": {"Whatever it is called, the project is not there.", keyOfB, true, true},
		"TheSame":             {"The project is there.", otherKeyOfA, true, false},
		"MovedHere":           {"What is not in order may have been made with another configuration.", keyOfB, false, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newOrganizationFixture(t, clusterConfig())
			s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				res := httptest.NewRecorder()
				f.ServeHTTP(res, r)
				maps.Copy(w.Header(), res.Header())
				w.Header().Set("Openai-Organization", "org-of-the-gateway")
				w.WriteHeader(res.Code)
				_, _ = w.Write(res.Body.Bytes())
			})
			var err error
			f.c, err = NewConnector(f.kube, f.kube, s.URL+"/v1")
			f.must(err)
			f.store(tc.key)
			f.record(v1alpha1.ObservedOrganization{OrganizationID: "org-of-the-gateway", CredentialFingerprint: f.print(keyOfA)})
			f.made(func(p *v1alpha1.Project) {
				p.Status.AtProvider.ID = f.DefaultProjectID("org-a")
				if tc.synced {
					p.SetConditions(xpv2.ReconcileSuccess())
				}
			})
			if _, err := f.connect(); IsOtherOrganization(err) != tc.other || (err != nil && !tc.other) {
				t.Errorf("\n%s\nwant the refusal of another organization: %t, got %v", tc.reason, tc.other, err)
			}
		})
	}
}
