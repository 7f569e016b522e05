// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var errBoom = errors.New("boom")

type updateFn func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error

// once replaces the first update, and lets the others pass.
func once(first updateFn) updateFn {
	done := false
	return func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
		if done {
			return c.Update(ctx, o, opts...)
		}
		done = true
		return first(ctx, c, o, opts...)
	}
}

func refuse(context.Context, client.WithWatch, client.Object, ...client.UpdateOption) error {
	return errBoom
}

// TestCommitSucceedsAfterTrouble shows that a key is kept whenever it can be.
func TestCommitSucceedsAfterTrouble(t *testing.T) {
	cases := map[string]struct {
		reason  string
		onIssue func(t *testing.T, f *fixture)
		update  updateFn
		label   string
	}{
		"Conflict": {
			reason:  "Somebody labelled the Secret meanwhile; their change is kept.",
			onIssue: func(t *testing.T, f *fixture) { f.change(t, label) },
			label:   "kept",
		},
		"ReplyLost": {
			reason: "The write was carried out although its reply said otherwise.",
			update: once(func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
				if err := c.Update(ctx, o, opts...); err != nil {
					return err
				}
				return errBoom
			}),
		},
		"ReplyLostAndTheSecretChanged": {
			reason: "The write was carried out, and somebody labelled the Secret after it.",
			update: once(func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
				if err := c.Update(ctx, o, opts...); err != nil {
					return err
				}
				s := o.DeepCopyObject().(*corev1.Secret)
				label(s)
				if err := c.Update(ctx, s); err != nil {
					return err
				}
				return errBoom
			}),
			label: "kept",
		},
		"FailsOnce": {
			reason: "The API server was restarted, for example.",
			update: once(refuse),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if tc.onIssue != nil {
				f.onIssue = func() { tc.onIssue(t, f) }
			}
			f.intercept(interceptor.Funcs{Update: tc.update})
			id, err := f.issueKey(t)
			if err != nil {
				t.Fatalf("\n%s\nmint: %v", tc.reason, err)
			}
			f.holds(t, id)
			if diff := cmp.Diff([]string{id}, f.live()); diff != "" {
				t.Errorf("\n%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.label, f.secret(t).Labels["theirs"]); diff != "" {
				t.Errorf("\n%s\ntheir label: -want, +got:\n%s", tc.reason, diff)
			}
			if n := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey); n != 1 {
				t.Errorf("\n%s\nPOSTs: want 1, got %d", tc.reason, n)
			}
		})
	}
}

func label(s *corev1.Secret) { metav1.SetMetaDataLabel(&s.ObjectMeta, "theirs", "kept") }

// TestCommitThatCannotSucceed shows that a key nobody can use is revoked.
func TestCommitThatCannotSucceed(t *testing.T) {
	cases := map[string]struct {
		reason string
		meddle func(t *testing.T, f *fixture)
		want   func(f *fixture) string
		after  func(t *testing.T, f *fixture)
	}{
		"SecretDeleted": {
			reason: "Somebody deleted the pending Secret, or its namespace is going.",
			meddle: func(t *testing.T, f *fixture) { f.remove(t) },
			want:   func(*fixture) string { return errSecretDeleted.Error() },
			after: func(t *testing.T, f *fixture) {
				if f.secret(t) != nil {
					t.Error("the Secret was created again behind its deleter's back")
				}
			},
		},
		"SecretTaken": {
			reason: "Somebody else has a Secret of that name now.",
			meddle: func(t *testing.T, f *fixture) {
				f.remove(t)
				if err := f.kube.Create(t.Context(), secretOfAnother(f)); err != nil {
					t.Errorf("cannot create Secret: %v", err)
				}
				// The fake API server counts versions per object, the real one across all.
				f.change(t, label)
			},
			want: func(f *fixture) string {
				return (&SecretOfAnotherError{Secret: f.secretKey(), Owner: `Other "other"`, Owned: true}).Error()
			},
			after: func(t *testing.T, f *fixture) {
				want := secretOfAnother(f)
				label(want)
				want.ResourceVersion = f.secret(t).ResourceVersion
				if diff := cmp.Diff(want, f.secret(t)); diff != "" {
					t.Errorf("their Secret: -before, +after:\n%s", diff)
				}
			},
		},
		"Superseded": {
			reason: "Another pod began an issue of its own, which must not be disturbed.",
			meddle: func(t *testing.T, f *fixture) {
				f.change(t, func(s *corev1.Secret) { s.Annotations[annotationPendingSerial] = "2" })
			},
			want: func(*fixture) string { return errSuperseded.Error() },
			after: func(t *testing.T, f *fixture) {
				if state := f.keyState(t); state.pending != 2 || state.keyID != "" {
					t.Errorf("the other issue's record: want pending 2 and no key, got %+v", state)
				}
			},
		},
		"SupersededAndDone": {
			reason: "Another pod has committed a key of its own, which stays.",
			meddle: func(t *testing.T, f *fixture) {
				id, value := f.issueBehindItsBack(t, ownerHashOf(f.cr.UID).keyName("checkout", 2))
				f.change(t, func(s *corev1.Secret) {
					state := keyState{keyID: id, serial: 2}
					fillSecret(s, state, value, nil)
				})
			},
			want: func(*fixture) string { return errSuperseded.Error() },
			after: func(t *testing.T, f *fixture) {
				f.holds(t, f.keyState(t).keyID)
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			var id string
			f.intercept(interceptor.Funcs{Update: once(func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
				id = f.live()[0]
				tc.meddle(t, f)
				return c.Update(ctx, o, opts...)
			})})
			_, err := f.issueKey(t)
			want := "cannot store the new key: " + tc.want(f)
			if diff := cmp.Diff(want, text(err)); diff != "" {
				t.Errorf("\n%s\nmint: -want error, +got error:\n%s", tc.reason, diff)
			}
			for _, live := range f.live() {
				if live == id {
					t.Errorf("\n%s\nkey %q lives on although nobody has its value", tc.reason, id)
				}
			}
			if diff := cmp.Diff([]string{"UnclaimedKeyRevoked"}, f.events); diff != "" {
				t.Errorf("\n%s\nevents: -want, +got:\n%s", tc.reason, diff)
			}
			tc.after(t, f)
		})
	}
}

// TestCommitThatFailsToTheDeadline has the API server refuse for so long that the
// issue gives up.
func TestCommitThatFailsToTheDeadline(t *testing.T) {
	withValue := func(o client.Object) bool {
		s, ok := o.(*corev1.Secret)
		return ok && len(s.Data[dataAPIKey]) > 0
	}
	cases := map[string]struct {
		reason string
		funcs  func() interceptor.Funcs
		left   int
	}{
		"ValueRefused": {
			reason: "An admission webhook objects to the value: the key is revoked.",
			funcs: func() interceptor.Funcs {
				return interceptor.Funcs{Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
					if withValue(o) {
						return errBoom
					}
					return c.Update(ctx, o, opts...)
				}}
			},
			left: 0,
		},
		"NothingCanBeWritten": {
			reason: "A delayed write may still arrive, so that the key is left to be found as an unclaimed key.",
			funcs: func() interceptor.Funcs {
				return interceptor.Funcs{Update: refuse}
			},
			left: 1,
		},
		"NothingCanBeRead": {
			reason: "Whether the write was carried out is unknown, so that the key is left to be found as an unclaimed key.",
			funcs: func() interceptor.Funcs {
				return interceptor.Funcs{
					Update: refuse,
					Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
						return errBoom
					},
				}
			},
			left: 1,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			o := f.observe(t)
			f.intercept(tc.funcs())
			s, state, err := f.keyClient.writePendingSecret(t.Context(), f.cr, o, f.account, originScheduled)
			if err != nil {
				t.Fatalf("prepare: %v", err)
			}
			id, value := f.issueBehindItsBack(t, o.ownerHash.keyName("checkout", state.pending))
			state.keyID, state.serial, state.pending, state.issued = id, state.pending, 0, f.Now()

			// The deadline of an issue is too long to wait for.
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			err = f.keyClient.commit(ctx, f.cr, s, state, value, o.details)
			if !errors.Is(err, errBoom) {
				t.Errorf("\n%s\ncommit: want what the API server said, got %v", tc.reason, err)
			}
			f.keyClient.revokeUncommitted(t.Context(), f.cr, id, state.serial)
			if n := len(f.live()); n != tc.left {
				t.Errorf("\n%s\nlive keys: want %d, got %d", tc.reason, tc.left, n)
			}

			// A write that was under way all the time arrives now.
			f.intercept(interceptor.Funcs{})
			late := s.DeepCopy()
			fillSecret(late, state, value, nil)
			lateErr := f.kube.Update(t.Context(), late)
			if tc.left == 0 && lateErr == nil {
				t.Errorf("\n%s\na delayed write put the value of a revoked key into the Secret", tc.reason)
			}
			if tc.left == 1 {
				if lateErr != nil {
					t.Fatalf("\n%s\nthe delayed write failed: %v", tc.reason, lateErr)
				}
				f.holds(t, id)
			}
		})
	}
}
