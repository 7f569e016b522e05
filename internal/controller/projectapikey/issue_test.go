// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	shell  = "create Secret: serial 0, pending 1, value false"
	issue  = "POST api_keys"
	commit = "update Secret: serial 1, pending 0, value true"
	// withdrawn reports whether the key is no longer in flight.
	withdrawn = "update Secret: serial 1, pending 0, value false"
	revoke    = "DELETE api_keys/{api_key_id}"
)

// TestOrderOfWritesWhenAKeyIsIssued shows the order of writes that keeps a crash from losing a key.
func TestOrderOfWritesWhenAKeyIsIssued(t *testing.T) {
	f := newFixture(t)
	id, err := f.issueKey(t)
	if err != nil {
		t.Fatalf("issue: %v", err)
	}
	if diff := cmp.Diff([]string{shell, issue, commit}, f.journal); diff != "" {
		t.Errorf("writes: -want, +got:\n%s", diff)
	}
	f.holds(t, id)
	if diff := cmp.Diff([]string{id}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Issued"}, f.events); diff != "" {
		t.Errorf("events: -want, +got:\n%s", diff)
	}
}

// TestSecretOfAnIssuedKey shows what consumers, and the next reconcile, find.
func TestSecretOfAnIssuedKey(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.ReadOnly = yes
	f.cr.Spec.ForProvider.ExpiresIn = duration(time.Hour)
	id := f.mustIssue(t)

	s := f.secret(t)
	if s.Type != resource.SecretTypeConnection {
		t.Errorf("type: want %q, got %q", resource.SecretTypeConnection, s.Type)
	}
	if c := metav1.GetControllerOf(s); c == nil || c.UID != f.cr.UID || c.Kind != "ProjectAPIKey" {
		t.Errorf("controller: want the ProjectAPIKey, got %+v", c)
	}
	data := map[string]string{}
	for k, v := range s.Data {
		if k != dataAPIKey {
			data[k] = string(v)
		}
	}
	if diff := cmp.Diff(map[string]string{"OPENAI_PROJECT_ID": f.project, "OPENAI_BASE_URL": strings.TrimRight(f.BaseURL(), "/")}, data); diff != "" {
		t.Errorf("data besides the key: -want, +got:\n%s", diff)
	}
	want := keyState{
		keyID: id, project: f.project, account: f.account, issued: start, issuedAtOpenAI: start, grantedLifetime: time.Hour, serial: 1,
		name: "checkout", scopes: fingerprint([]string{scopeReadOnly}), scopesAppliedAt: start, expiresIn: time.Hour, retiring: map[string]retiringKey{},
	}
	if diff := cmp.Diff(want, f.keyState(t), cmp.AllowUnexported(keyState{})); diff != "" {
		t.Errorf("record: -want, +got:\n%s", diff)
	}
	k := f.Keys(f.project)[0]
	if diff := cmp.Diff([]string{scopeReadOnly}, k.Scopes); diff != "" {
		t.Errorf("scopes: -want, +got:\n%s", diff)
	}
	if !k.ExpiresAt.Equal(start.Add(time.Hour)) {
		t.Errorf("expiry: want %s, got %s", start.Add(time.Hour), k.ExpiresAt)
	}
	if want := ownerHashOf(f.cr.UID).keyName("checkout", 1); k.Name != want {
		t.Errorf("name: want %q, got %q", want, k.Name)
	}
	if d := decide(f.observe(t)); !d.upToDate() {
		t.Errorf("a key that was just issued is not up to date: %+v", d)
	}
}

// TestIssueRefusedBeforeThePost shows that nothing is issued that could not be kept.
func TestIssueRefusedBeforeThePost(t *testing.T) {
	forbidden := kerrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, "checkout-openai", errors.New("quota"))
	cases := map[string]struct {
		reason  string
		arrange func(t *testing.T, f *fixture)
		meddle  func(t *testing.T, f *fixture)
		want    func(f *fixture) string
	}{
		"SecretCannotBeCreated": {
			reason: "Permission, quota and admission are proven before a key exists.",
			arrange: func(_ *testing.T, f *fixture) {
				f.intercept(interceptor.Funcs{Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error {
					return forbidden
				}})
			},
			want: func(*fixture) string {
				return `cannot write Secret "team-a/checkout-openai", so that no key was issued: ` + forbidden.Error()
			},
		},
		"SecretAppearedMeanwhile": {
			reason: "Somebody else's Secret must not be overwritten.",
			meddle: func(t *testing.T, f *fixture) {
				if err := f.kube.Create(t.Context(), secretOfAnother(f)); err != nil {
					t.Fatalf("cannot create Secret: %v", err)
				}
			},
			want: func(*fixture) string {
				return `cannot write Secret "team-a/checkout-openai", so that no key was issued: secrets "checkout-openai" already exists`
			},
		},
		"ServiceAccountDoesNotExist": {
			reason:  "A typo must not leave a Secret without a value.",
			arrange: func(_ *testing.T, f *fixture) { f.cr.Spec.ForProvider.ServiceAccountID = new("user-typo") },
			want: func(f *fixture) string {
				return `service account "user-typo" of project "` + f.project + `" does not exist: correct forProvider.serviceAccountID or projectID, in a new object`
			},
		},
		"NoServiceAccount": {
			reason:  "There must be an owner.",
			arrange: func(_ *testing.T, f *fixture) { f.cr.Spec.ForProvider.ServiceAccountID = nil },
			want: func(*fixture) string {
				return "no service account: set forProvider.serviceAccountID, serviceAccountIDRef, serviceAccountIDSelector or serviceAccountName"
			},
		},
		"ServiceAccountNameUnknown": {
			reason: "A typo must not leave a Secret without a value.",
			arrange: func(_ *testing.T, f *fixture) {
				f.cr.Spec.ForProvider.ServiceAccountID, f.cr.Spec.ForProvider.ServiceAccountName = nil, new("typo")
			},
			want: func(f *fixture) string {
				return `no service account of project "` + f.project + `" is named "typo": correct forProvider.serviceAccountName in a new object, or create the service account`
			},
		},
		"ServiceAccountNameAmbiguous": {
			reason: "Names are not unique at OpenAI.",
			arrange: func(t *testing.T, f *fixture) {
				f.newAccount(t, "robot")
				f.cr.Spec.ForProvider.ServiceAccountID, f.cr.Spec.ForProvider.ServiceAccountName = nil, new("robot")
			},
			want: func(f *fixture) string {
				return `2 service accounts of project "` + f.project + `" are named "robot": say which with forProvider.serviceAccountID`
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if tc.arrange != nil {
				tc.arrange(t, f)
			}
			o := f.observe(t)
			if tc.meddle != nil {
				tc.meddle(t, f)
			}
			_, err := f.issueKeyFrom(t.Context(), t, o)
			if diff := cmp.Diff(tc.want(f), text(err)); diff != "" {
				t.Errorf("\n%s\nmint: -want error, +got error:\n%s", tc.reason, diff)
			}
			if n := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey); n != 0 {
				t.Errorf("\n%s\nPOSTs: want none, got %d", tc.reason, n)
			}
		})
	}
}

// secretOfAnother has the name of the object's Secret, and another owner.
func secretOfAnother(f *fixture) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: f.cr.Namespace, Name: f.secretKey().Name,
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Other", Name: "other", UID: "uid-other", Controller: yes}},
		},
		Type: resource.SecretTypeConnection,
		Data: map[string][]byte{"theirs": []byte("untouched")},
	}
}

// TestTheSecretOfAnotherIsLeftAlone shows that another's Secret is left alone, and that no key is
// issued that would have nowhere to go.
func TestTheSecretOfAnotherIsLeftAlone(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*corev1.Secret)
		want   string
	}{
		"AnotherController": {
			"Another ProjectAPIKey may have the same writeConnectionSecretToRef.",
			func(*corev1.Secret) {},
			`Secret "team-a/checkout-openai" belongs to Other "other" and is left alone, so that no key can be issued: name another one in writeConnectionSecretToRef`,
		},
		"AnotherType": {
			"A Secret that a person made has no controller.",
			func(s *corev1.Secret) { s.OwnerReferences, s.Type = nil, corev1.SecretTypeOpaque },
			`Secret "team-a/checkout-openai" belongs to somebody else and is left alone, so that no key can be issued: name another one in writeConnectionSecretToRef, or delete that Secret if nobody needs it`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			s := secretOfAnother(f)
			tc.change(s)
			if err := f.kube.Create(t.Context(), s); err != nil {
				t.Fatalf("cannot create Secret: %v", err)
			}
			_, err := f.external().Observe(t.Context(), f.cr)
			if diff := cmp.Diff(tc.want, text(err)); diff != "" {
				t.Errorf("\n%s\nObserve: -want error, +got error:\n%s", tc.reason, diff)
			}
			if n := f.CountMutating(); n != 0 {
				t.Errorf("\n%s\nchanges at OpenAI: want none, got %d", tc.reason, n)
			}
			if diff := cmp.Diff(s, f.secret(t)); diff != "" {
				t.Errorf("\n%s\nSecret: -before, +after:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestIssueWhosePostFails shows what is left of a POST that did not go well.
func TestIssueWhosePostFails(t *testing.T) {
	post := simulator.RouteCreateServiceAccountAPIKey
	cases := map[string]struct {
		reason  string
		faults  []simulator.Fault
		policy  simulator.Policy
		class   apierror.Class
		journal []string
		lists   int
	}{
		"ReplyLost": {
			reason: "The key exists, and nobody will ever know its value.",
			faults: []simulator.Fault{{Route: post, Kind: simulator.FaultResetAfter}},
			class:  apierror.ClassTransient, journal: []string{shell, issue, revoke, withdrawn}, lists: 1,
		},
		"ReplyReplaced": {
			reason: "A gateway gave up while OpenAI carried on.",
			faults: []simulator.Fault{{Route: post, Kind: simulator.FaultReplaceReply, Status: http.StatusGatewayTimeout, RawBody: "<html>"}},
			class:  apierror.ClassTransient, journal: []string{shell, issue, revoke, withdrawn}, lists: 1,
		},
		"ConnectionResetBefore": {
			reason: "Nothing was made, which only a list can tell.",
			faults: []simulator.Fault{{Route: post, Kind: simulator.FaultResetBefore}},
			class:  apierror.ClassTransient, journal: []string{shell, issue}, lists: 1,
		},
		"ServerError": {
			reason: "Nothing was made, which only a list can tell.",
			faults: []simulator.Fault{{Route: post, Kind: simulator.FaultError}},
			class:  apierror.ClassTransient, journal: []string{shell, issue}, lists: 1,
		},
		"PolicyForbids": {
			reason: "OpenAI says clearly that nothing was made.",
			policy: simulator.Policy{ServiceAccountKeysDisabled: true},
			class:  apierror.ClassForbidden, journal: []string{shell, issue, withdrawn},
		},
		"PolicyOnLifetimes": {
			reason: "OpenAI says clearly that nothing was made.",
			policy: simulator.Policy{MaxKeyLifetimeSeconds: 60},
			class:  apierror.ClassForbidden, journal: []string{shell, issue, withdrawn},
		},
		"Throttled": {
			reason: "A list would be throttled, too.",
			faults: []simulator.Fault{{Route: post, Kind: simulator.FaultRateLimitBody}},
			class:  apierror.ClassThrottled, journal: []string{shell, issue},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.SetPolicy(tc.policy)
			for _, fault := range tc.faults {
				f.fault(t, fault)
			}
			o := f.observe(t)
			f.ResetCalls()
			id, err := f.issueKeyFrom(t.Context(), t, o)
			if err == nil || id != "" || apierror.ClassOf(err) != tc.class {
				t.Errorf("\n%s\nmint: want an error of class %s, got %q, %v", tc.reason, tc.class, id, err)
			}
			if diff := cmp.Diff([]string{}, f.live()); diff != "" {
				t.Errorf("\n%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.journal, f.journal); diff != "" {
				t.Errorf("\n%s\nwrites: -want, +got:\n%s", tc.reason, diff)
			}
			if n := f.CountCalls(simulator.RouteListProjectAPIKeys); n != tc.lists {
				t.Errorf("\n%s\nlists: want %d, got %d", tc.reason, tc.lists, n)
			}
			if s := f.secret(t); s == nil || len(s.Data[dataAPIKey]) != 0 {
				t.Errorf("\n%s\nSecret: want the pending Secret without a value", tc.reason)
			}

			// Whatever happened, the next try succeeds under a name that was never used.
			f.ClearFaults()
			f.SetPolicy(simulator.Policy{})
			f.holds(t, f.mustIssue(t))
			if want, got := ownerHashOf(f.cr.UID).keyName("checkout", 2), f.Keys(f.project)[0].Name; got != want {
				t.Errorf("\n%s\nname of the next key: want %q, got %q", tc.reason, want, got)
			}
		})
	}
}

// TestIssueWhoseOutcomeStaysUnknown shows that a key whose POST was lost, and which
// could not be looked for, is found later.
func TestIssueWhoseOutcomeStaysUnknown(t *testing.T) {
	cases := map[string]struct {
		reason string
		fault  simulator.Fault
	}{
		"ListFails": {"OpenAI is still in trouble.", simulator.Fault{Route: simulator.RouteListProjectAPIKeys, Kind: simulator.FaultError}},
		"ListLags":  {"A list may not show a new key at once.", simulator.Fault{Route: simulator.RouteListProjectAPIKeys, Kind: simulator.FaultLag}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			o := f.observe(t)
			f.fault(t, simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, Kind: simulator.FaultResetAfter, Count: 1})
			f.fault(t, tc.fault)
			if _, err := f.issueKeyFrom(t.Context(), t, o); !apierror.OutcomeUnknown(err) {
				t.Errorf("\n%s\nmint: want an error whose outcome is unknown, got %v", tc.reason, err)
			}
			lost := f.live()
			if len(lost) != 1 {
				t.Fatalf("\n%s\nlive keys: want the lost one, got %v", tc.reason, lost)
			}
			if state := f.keyState(t); state.pending != 1 {
				t.Errorf("\n%s\npending: want 1, so that the key can be found, got %d", tc.reason, state.pending)
			}

			f.ClearFaults()
			f.mustIssue(t)
			// A delayed write fails, since the Secret was written.
			if diff := cmp.Diff(lost, ids(decide(f.observe(t)).revoke)); diff != "" {
				t.Errorf("\n%s\nrevoke: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCancelledReconcileDoesNotCutOffAnIssue cancels at each point of an issue, as a
// shutdown does.
func TestCancelledReconcileDoesNotCutOffAnIssue(t *testing.T) {
	cases := map[string]struct {
		reason  string
		arrange func(f *fixture, cancel func())
	}{
		"AtTheShell": {"The POST follows.", func(f *fixture, cancel func()) {
			f.intercept(interceptor.Funcs{Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
				cancel()
				return c.Create(ctx, o, opts...)
			}})
		}},
		"DuringThePost": {"The reply would be lost.", func(f *fixture, cancel func()) { f.onIssue = cancel }},
		"AtTheCommit": {"The value would be lost.", func(f *fixture, cancel func()) {
			f.intercept(interceptor.Funcs{Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
				cancel()
				if err := ctx.Err(); err != nil {
					return err
				}
				return c.Update(ctx, o, opts...)
			}})
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			ctx, cancel := context.WithCancel(t.Context())
			tc.arrange(f, cancel)
			id, err := f.issueKeyFrom(ctx, t, f.observe(t))
			if err != nil {
				t.Fatalf("\n%s\nmint: %v", tc.reason, err)
			}
			if ctx.Err() == nil {
				t.Fatalf("\n%s\nthe context was never cancelled", tc.reason)
			}
			f.holds(t, id)
		})
	}
}

// TestCreateRecordsTheExternalNameLast shows that the external name follows the
// Secret, and that no connection details are returned that could overwrite it.
func TestCreateRecordsTheExternalNameLast(t *testing.T) {
	f := newFixture(t)
	e := f.external()
	if _, err := e.Observe(t.Context(), f.cr); err != nil {
		t.Fatalf("Observe: %v", err)
	}
	var nameAtCommit string
	f.intercept(interceptor.Funcs{Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
		nameAtCommit = meta.GetExternalName(f.cr)
		return c.Update(ctx, o, opts...)
	}})
	creation, err := e.Create(t.Context(), f.cr)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	if nameAtCommit != "" {
		t.Errorf("external name before the commit: want none, got %q", nameAtCommit)
	}
	f.holds(t, meta.GetExternalName(f.cr))
	if len(creation.ConnectionDetails) != 0 {
		t.Errorf("connection details: want none, got %d", len(creation.ConnectionDetails))
	}
}

func TestANewKeyIsNotTakenForUsed(t *testing.T) {
	f := newFixture(t)
	id := f.mustIssue(t)
	f.mustReconcile(t)
	if at := f.cr.Status.AtProvider; at.ID != id || at.LastUsedAt != nil {
		t.Errorf("want key %q, which nobody used yet, got %q, used at %s", id, at.ID, at.LastUsedAt)
	}
	k := asListed(&openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse{ID: "key_1", CreatedAt: 1700000000}, &v1alpha1.ProjectServiceAccountObservation{})
	if k.LastUsedAt != 0 {
		t.Errorf("want a new key that nobody used yet, got one used at %d", k.LastUsedAt)
	}
}
