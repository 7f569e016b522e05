// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// reconcile does once what the managed reconciler does with an object that is not
// being deleted.
func (f *fixture) reconcile(t *testing.T) error {
	t.Helper()
	f.apply(t)
	e := f.external()
	out, err := e.Observe(t.Context(), f.cr)
	switch {
	case err != nil:
	case !out.ResourceExists:
		_, err = e.Create(t.Context(), f.cr)
	case !out.ResourceUpToDate:
		_, err = e.Update(t.Context(), f.cr)
	}
	noValue(t, text(err))
	return err
}

func (f *fixture) mustReconcile(t *testing.T) {
	t.Helper()
	if err := f.reconcile(t); err != nil {
		t.Fatalf("reconcile: %v", err)
	}
}

func TestRotation(t *testing.T) {
	f := newFixture(t)
	first := f.mustIssue(t)
	name := "renamed"
	f.cr.Spec.ForProvider.Name = &name
	f.mustReconcile(t)

	second := f.keyState(t).keyID
	f.holds(t, second)
	if diff := cmp.Diff([]string{first, second}, f.live()); diff != "" {
		t.Errorf("live keys during the overlap: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Rotated"}, f.events); diff != "" {
		t.Errorf("events: -want, +got:\n%s", diff)
	}
	if at := f.Keys(f.project)[0].ExpiresAt; !at.Equal(start.Add(defaultOverlap)) {
		t.Errorf("expiry of the previous key: want the end of the overlap, got %s", at)
	}

	f.Advance(defaultOverlap)
	f.mustReconcile(t)
	ids := []string{}
	for _, k := range f.Keys(f.project) {
		ids = append(ids, k.ID)
	}
	if diff := cmp.Diff([]string{second}, ids); diff != "" {
		t.Errorf("keys after the overlap: -want, +got:\n%s", diff)
	}
	if d := decide(f.observe(t)); !d.upToDate() {
		t.Errorf("after a rotation: want nothing to do, got %+v", d)
	}
}

// TestFailedRotationKeepsTheKey shows that consumers keep what they have.
func TestFailedRotationKeepsTheKey(t *testing.T) {
	cases := map[string]struct {
		reason  string
		arrange func(t *testing.T, f *fixture)
	}{
		"PolicyForbids": {"An administrator forbade new keys.", func(_ *testing.T, f *fixture) {
			f.SetPolicy(simulator.Policy{ServiceAccountKeysDisabled: true})
		}},
		"ReplyLost": {"The successor is lost.", func(t *testing.T, f *fixture) {
			f.fault(t, simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, Kind: simulator.FaultResetAfter, Count: 1})
		}},
		"SecretRefused": {"The API server does not take the pending Secret.", func(_ *testing.T, f *fixture) {
			f.intercept(interceptor.Funcs{Update: once(refuse)})
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			first := f.mustIssue(t)
			name := "renamed"
			f.cr.Spec.ForProvider.Name = &name
			tc.arrange(t, f)
			if err := f.reconcile(t); err == nil {
				t.Fatalf("\n%s\nreconcile: want an error, got none", tc.reason)
			}
			f.holds(t, first)
			if diff := cmp.Diff([]string{first}, f.live()); diff != "" {
				t.Errorf("\n%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
			if state := f.keyState(t); len(state.retiring) != 0 {
				t.Errorf("\n%s\nthe key that consumers have retires without a successor: %v", tc.reason, state.retiring)
			}
		})
	}
}

func TestUpdateInPlace(t *testing.T) {
	cases := map[string]struct {
		reason  string
		change  func(f *fixture)
		updates int
		scopes  []string
		expiry  time.Time
	}{
		"Scopes":    {"They are replaced.", func(f *fixture) { f.cr.Spec.ForProvider.ReadOnly = yes }, 1, []string{scopeReadOnly}, time.Time{}},
		"ExpiresIn": {"It counts from the change.", func(f *fixture) { f.cr.Spec.ForProvider.ExpiresIn = duration(time.Hour) }, 1, []string{"model.read"}, start.Add(time.Hour)},
		"Both": {"One call does, for calls are few.", func(f *fixture) {
			f.cr.Spec.ForProvider.ReadOnly, f.cr.Spec.ForProvider.ExpiresIn = yes, duration(time.Hour)
		}, 1, []string{scopeReadOnly}, start.Add(time.Hour)},
		"FullPermissions": {"An empty list is sent: none would leave the scopes.", func(f *fixture) { f.cr.Spec.ForProvider.Scopes = nil }, 1, []string{}, time.Time{}},
		"Details":         {"OpenAI has no part in them.", func(f *fixture) { f.conn.OrganizationID = simulator.DefaultOrganizationID }, 0, []string{"model.read"}, time.Time{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ForProvider.Scopes = []string{"model.read"}
			id := f.mustIssue(t)
			if name != "ExpiresIn" && name != "Details" {
				f.cr.Spec.ForProvider.Scopes = nil
			}
			// Connections share their client.
			shared := *f.conn.Client
			f.conn.Client = &shared
			tc.change(f)
			f.mustReconcile(t)

			f.holds(t, id)
			if n := f.CountCarriedOut(simulator.RouteUpdateProjectAPIKey); n != tc.updates {
				t.Errorf("\n%s\nupdates: want %d, got %d", tc.reason, tc.updates, n)
			}
			k := f.Keys(f.project)[0]
			if len(tc.scopes) != len(k.Scopes) || (len(k.Scopes) > 0 && !slices.Equal(tc.scopes, k.Scopes)) {
				t.Errorf("\n%s\nscopes: want %v, got %v", tc.reason, tc.scopes, k.Scopes)
			}
			if !k.ExpiresAt.Equal(tc.expiry) {
				t.Errorf("\n%s\nexpiry: want %s, got %s", tc.reason, tc.expiry, k.ExpiresAt)
			}
			if d := decide(f.observe(t)); !d.upToDate() {
				t.Errorf("\n%s\nafter the update: want nothing to do, got %+v", tc.reason, d)
			}
		})
	}
}

// TestUpdateIsRepeatedUntilItIsRecorded shows that OpenAI's state and the key state
// cannot come apart.
func TestUpdateIsRepeatedUntilItIsRecorded(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	f.cr.Spec.ForProvider.ReadOnly = yes
	f.intercept(interceptor.Funcs{Update: refuse})
	if err := f.reconcile(t); !errors.Is(err, errBoom) {
		t.Fatalf("reconcile: want what the API server said, got %v", err)
	}
	f.intercept(interceptor.Funcs{})
	f.mustReconcile(t)
	if n := f.CountCarriedOut(simulator.RouteUpdateProjectAPIKey); n != 2 {
		t.Errorf("updates: want 2, got %d", n)
	}
	if d := decide(f.observe(t)); !d.upToDate() {
		t.Errorf("want nothing to do, got %+v", d)
	}
}

func TestRevoke(t *testing.T) {
	cases := map[string]struct {
		reason  string
		arrange func(t *testing.T, f *fixture, id string)
		r       string
		want    string
		events  []string
	}{
		"Retired":   {"The user sees that a key has ended.", nil, messageRetired, "", []string{"Revoked"}},
		"Unclaimed": {"The user sees that something was interrupted.", nil, messageUnclaimed, "", []string{"UnclaimedKeyRevoked"}},
		"Gone": {
			"Somebody was faster.",
			func(t *testing.T, f *fixture, id string) {
				if _, err := f.conn.Organization.Projects.APIKeys.Delete(t.Context(), f.project, id); err != nil {
					t.Fatalf("cannot delete key: %v", err)
				}
			},
			messageDeleted, "", nil,
		},
		"ProjectArchived": {
			"Its keys ended with it.",
			func(t *testing.T, f *fixture, _ string) {
				if _, err := f.conn.Organization.Projects.Archive(t.Context(), f.project); err != nil {
					t.Fatalf("cannot archive project: %v", err)
				}
			},
			messageDeleted, "", []string{"StillListed"},
		},
		"Refused": {
			"An older API refuses to delete keys of service accounts.",
			func(_ *testing.T, f *fixture, _ string) {
				f.SetQuirks(simulator.Quirks{RefuseServiceAccountKeyDelete: true})
			},
			messageDeleted,
			`cannot revoke key "KEY": OpenAI rejects the request: it answers 400: API key with ID KEY belongs to a service account. Delete the service account instead.`, nil,
		},
		"ServerError": {
			"It is tried again.",
			func(t *testing.T, f *fixture, _ string) {
				f.fault(t, simulator.Fault{Route: simulator.RouteDeleteProjectAPIKey, Kind: simulator.FaultError, Status: http.StatusBadGateway})
			},
			messageDeleted, `cannot revoke key "KEY": OpenAI fails for now (502); the call will be repeated`, nil,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			id, _ := f.issueBehindItsBack(t, "any")
			if tc.arrange != nil {
				tc.arrange(t, f, id)
			}
			err := f.keyClient.revoke(t.Context(), revocation{id: id, reason: tc.r})
			if diff := cmp.Diff(strings.ReplaceAll(tc.want, "KEY", id), text(err)); diff != "" {
				t.Errorf("\n%s\nrevoke: -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.events, f.events); diff != "" {
				t.Errorf("\n%s\nevents: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestRevocationFencesOffADelayedCommit shows that the Secret is changed before the key
// of an interrupted issuance is revoked, so that a delayed write cannot bring it back.
func TestRevocationFencesOffADelayedCommit(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	o := f.observe(t)
	s, state, err := f.keyClient.writePendingSecret(t.Context(), f.cr, o, f.account, originScheduled)
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	lost, value := f.issueBehindItsBack(t, o.ownerHash.keyName("checkout", state.pending))
	f.Advance(InFlightGrace)
	f.journal = nil
	f.mustReconcile(t)
	if diff := cmp.Diff([]string{"update Secret: serial 2, pending 0, value true", revoke}, f.journal); diff != "" {
		t.Errorf("writes: -want, +got:\n%s", diff)
	}

	state.keyID, state.serial, state.pending = lost, state.pending, 0
	fillSecret(s, state, value, o.details)
	if err := f.kube.Update(t.Context(), s); err == nil {
		t.Error("a delayed write put the value of a revoked key into the Secret")
	}
}

// TestRevocationGoesOnAfterAFailure shows that no retiring key is forgotten.
func TestRevocationGoesOnAfterAFailure(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	for _, n := range []string{"a", "b"} {
		f.cr.Spec.ForProvider.Name = &n
		f.mustReconcile(t)
	}
	if n := len(f.keyState(t).retiring); n != 2 {
		t.Fatalf("retiring keys: want 2, got %d", n)
	}
	f.Advance(defaultOverlap)
	f.fault(t, simulator.Fault{Route: simulator.RouteDeleteProjectAPIKey, Kind: simulator.FaultError, Skip: 1, Count: 1})
	if err := f.reconcile(t); apierror.ClassOf(err) != apierror.ClassTransient {
		t.Fatalf("reconcile: want a transient error, got %v", err)
	}
	f.mustReconcile(t)
	if state := f.keyState(t); len(state.retiring) != 0 {
		t.Errorf("retiring keys: want none, got %v", state.retiring)
	}
	if n := len(f.Keys(f.project)); n != 1 {
		t.Errorf("keys: want 1, got %d", n)
	}
}

// TestExpiryIsSetAgainAfterARefusalThatPasses shows that a refused admin key, once
// replaced, does not leave a retiring key without an expiry at OpenAI.
func TestExpiryIsSetAgainAfterARefusalThatPasses(t *testing.T) {
	f := newFixture(t)
	first := f.mustIssue(t)
	name := "renamed"
	f.cr.Spec.ForProvider.Name = &name
	f.fault(t, simulator.Fault{Route: simulator.RouteUpdateProjectAPIKey, Kind: simulator.FaultError, Status: http.StatusUnauthorized, Count: 1})
	_ = f.reconcile(t) // Whether this is an error is not the matter.
	f.mustReconcile(t)
	for _, k := range f.Keys(f.project) {
		if k.ID == first && !k.ExpiresAt.Equal(start.Add(defaultOverlap)) {
			t.Errorf("expiry of the previous key: want the end of the overlap, got %s", k.ExpiresAt)
		}
	}
}

// TestMoveSecret shows that a renamed Secret takes the key along.
func TestMoveSecret(t *testing.T) {
	f := newFixture(t)
	id := f.mustIssue(t)
	old := f.secretKey()
	f.cr.Spec.WriteConnectionSecretToReference.Name = "renamed"
	f.mustReconcile(t)
	f.mustReconcile(t)
	f.holds(t, id)
	f.cr.Spec.WriteConnectionSecretToReference.Name = old.Name
	if f.secret(t) != nil {
		t.Error("the previous Secret holds a copy of the value")
	}
	if n := f.CountMutating(); n != 0 {
		t.Errorf("changes at OpenAI: want none, got %d", n)
	}
}

// TestSecretDeletedByHand shows that consumers get a new key, and keep the old one
// for the overlap.
func TestSecretDeletedByHand(t *testing.T) {
	f := newFixture(t)
	first := f.mustIssue(t)
	f.remove(t)
	f.mustReconcile(t)
	second := f.keyState(t).keyID
	f.holds(t, second)
	if diff := cmp.Diff([]string{first, second}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}

// TestDelete shows that every key goes with its object, and none of others.
func TestDelete(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	name := "renamed"
	f.cr.Spec.ForProvider.Name = &name
	f.mustReconcile(t)
	theirs, _ := f.issueBehindItsBack(t, ownerHashOf("uid-2").keyName("checkout", 1))

	now := metav1.NewTime(f.Now())
	f.cr.DeletionTimestamp = &now
	e := f.external()
	for range 2 {
		out, err := e.Observe(t.Context(), f.cr)
		if err != nil {
			t.Fatalf("Observe: %v", err)
		}
		if !out.ResourceExists {
			break
		}
		if _, err := e.Delete(t.Context(), f.cr); err != nil {
			t.Fatalf("Delete: %v", err)
		}
	}
	out, err := e.Observe(t.Context(), f.cr)
	if err != nil || out.ResourceExists {
		t.Errorf("Observe: want the object to be gone, got %+v, %v", out, err)
	}
	if diff := cmp.Diff([]string{theirs}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}

// TestDeleteInAnArchivedProject shows that deletion ends although every call about
// the project's keys is refused.
func TestDeleteInAnArchivedProject(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	if _, err := f.conn.Organization.Projects.Archive(t.Context(), f.project); err != nil {
		t.Fatalf("cannot archive project: %v", err)
	}
	now := metav1.NewTime(f.Now())
	f.cr.DeletionTimestamp = &now
	out, err := f.external().Observe(t.Context(), f.cr)
	if err != nil || out.ResourceExists {
		t.Errorf("Observe: want the object to be gone, got %+v, %v", out, err)
	}
}

// TestListSeesEverything shows that neither a page's end, nor an owner without
// access, nor a lagging list hides a key.
func TestListSeesEverything(t *testing.T) {
	f := newFixture(t)
	const many = 101 // More than a page.
	hash := ownerHashOf(f.cr.GetUID())
	for i := range many {
		f.issueBehindItsBack(t, hash.keyName("many", i+1))
	}
	ownerless, err := f.conn.Organization.Projects.ServiceAccounts.New(t.Context(), f.project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "no role", CreateServiceAccountOnly: openai.Bool(true),
	})
	if err != nil {
		t.Fatalf("cannot create service account: %v", err)
	}
	f.account = ownerless.ID
	f.issueBehindItsBack(t, hash.keyName("no access", many+1))
	f.fault(t, simulator.Fault{Route: simulator.RouteListProjectAPIKeys, Kind: simulator.FaultLag})
	fresh, _ := f.issueBehindItsBack(t, "fresh")

	known := []string{fresh, "key_unknown"}
	_, keys, err := f.keyClient.list(t.Context(), always, hash, known)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	if len(keys) != many+2 || keys[len(keys)-1].ID != fresh {
		t.Errorf("list: want %d keys, the fresh one last, got %d", many+2, len(keys))
	}
}
