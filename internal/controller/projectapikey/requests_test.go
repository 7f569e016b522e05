// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestARequestIsServedOnce(t *testing.T) {
	cases := map[string]struct {
		reason string
		// before the request, and after each reconcile.
		before func(t *testing.T, f *fixture)
		after  func(t *testing.T, f *fixture)
	}{
		"ClockWasAhead": {"The key before was issued by a clock that was ahead.", func(t *testing.T, f *fixture) {
			t.Helper()
			ahead := metav1.NewTime(f.Now().Add(time.Hour))
			f.cr.Status.AtProvider.Applied.IssuedAt = &ahead
			f.keyClient.memory = &memory{}
			f.change(t, func(s *corev1.Secret) { s.Annotations[annotationIssuedAt] = ahead.UTC().Format(time.RFC3339) })
		}, nil},
		"TriggerSetBack": {"A tool owns the annotation of the Secret.", nil, func(t *testing.T, f *fixture) {
			t.Helper()
			f.change(t, func(s *corev1.Secret) { s.Annotations[annotationAppliedTrigger] = "first" })
		}},
		"AnnotationsStripped": {"A webhook takes them off whenever the Secret is written.", func(_ *testing.T, f *fixture) {
			f.intercept(interceptor.Funcs{Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
				if _, ok := o.(*corev1.Secret); ok {
					o.SetAnnotations(nil)
				}
				return c.Update(ctx, o, opts...)
			}})
		}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("first")}
			f.mustIssue(t)
			f.mustReconcile(t)
			f.Advance(time.Minute)
			if tc.before != nil {
				tc.before(t, f)
			}
			f.cr.Spec.ForProvider.Rotation.Trigger = new("second")
			f.ResetCalls()
			for range 10 {
				_ = f.reconcile(t)
				f.Advance(time.Second)
				if tc.after != nil {
					tc.after(t, f)
				}
			}
			if n := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey); n != 1 {
				t.Errorf("\n%s\nkeys issued: want 1, got %d", tc.reason, n)
			}
			if s := f.secret(t); s == nil || !f.Works(string(s.Data[dataAPIKey])) {
				t.Errorf("\n%s\nwant a key that works", tc.reason)
			}
		})
	}
}

func TestARequestIsServedThoughTheKeyIsGone(t *testing.T) {
	f := newFixture(t)
	id := f.mustIssue(t)
	f.mustReconcile(t)
	if _, err := f.conn.Organization.Projects.APIKeys.Delete(t.Context(), f.project, id); err != nil {
		t.Fatal(err)
	}
	// The key was issued by a clock that was ahead: it seems to be younger than lists lag.
	f.change(t, func(s *corev1.Secret) {
		s.Annotations[annotationIssuedAt] = f.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	})
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	f.mustReconcile(t)
	f.holds(t, f.keyState(t).keyID)
}

func TestAKeyThatCannotBeRevokedKeepsNoOtherAlive(t *testing.T) {
	cases := map[string]struct {
		reason string
		end    func(t *testing.T, f *fixture) error
		want   int
	}{
		"OverlapsAreOver": {"The others end in time.", func(t *testing.T, f *fixture) error { t.Helper(); return f.reconcile(t) }, 2},
		"ObjectIsDeleted": {"The others end with it.", func(t *testing.T, f *fixture) error {
			t.Helper()
			e := f.external()
			if _, err := e.Observe(t.Context(), f.cr); err != nil {
				return err
			}
			_, err := e.Delete(t.Context(), f.cr)
			return err
		}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(time.Hour), Trigger: new("0")}
			f.mustIssue(t)
			for _, trigger := range []string{"1", "2"} {
				f.cr.Spec.ForProvider.Rotation.Trigger = new(trigger)
				f.mustReconcile(t)
			}
			first := f.live()[0]
			f.fault(t, simulator.Fault{Route: simulator.RouteDeleteProjectAPIKey, PathContains: first, Kind: simulator.FaultError, Status: http.StatusForbidden})
			f.SetPolicy(simulator.Policy{})
			for _, id := range f.live()[:2] {
				// As if OpenAI had not taken the expiry.
				f.change(t, func(s *corev1.Secret) {
					state, _ := readKeyState(s)
					state.retiring[id] = retiringKey{RevokeAt: f.Now(), Expires: true}
					state.write(s)
				})
			}
			if err := tc.end(t, f); err == nil || !strings.Contains(err.Error(), first) {
				t.Errorf("\n%s\nwant an error that names %q, got %v", tc.reason, first, err)
			}
			if got := f.live(); len(got) != tc.want {
				t.Errorf("\n%s\nliving keys: want %d, got %v", tc.reason, tc.want, got)
			}
		})
	}
}

func TestAReplyWithoutAValueLeavesNoKey(t *testing.T) {
	w := newWeek(t, nil, 0)
	w.gateway.faults = faults{masked: true, brokenList: `{"object":"list","data":[],"has_more":false}`}
	_, _ = w.reconcileOnce()
	if diff := cmp.Diff([]string{}, w.live()); diff != "" {
		t.Errorf("living keys: -want, +got:\n%s", diff)
	}
}

func TestARefusalThatQuotesTheSecretTellsNoValue(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	f.intercept(interceptor.Funcs{Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
		if s, ok := o.(*corev1.Secret); ok {
			return kerrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, s.Name, errQuoting(s))
		}
		return c.Update(ctx, o, opts...)
	}})
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	if err := f.reconcile(t); err == nil {
		t.Error("want the refusal")
	}
}

type quoting string

func (q quoting) Error() string { return "not allowed: " + string(q) }

func errQuoting(s *corev1.Secret) error { return quoting(s.Data[dataAPIKey]) }
