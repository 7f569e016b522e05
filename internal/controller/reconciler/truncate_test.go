// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

func TestATextIsShortenedToSoManyBytesOfUTF8(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		text   string
		want   string
	}{
		"Short":            {"What fits stays as it is.", "0123456789", "0123456789"},
		"Long":             {"The mark shows that there was more, and counts.", "0123456789a", "0123456…"},
		"CutInACharacter":  {"Half a character is none.", "012345ßßßß", "012345…"},
		"NotUTF8":          {"The API server would store another text, which would look like a change.", "a\xffb", "a\uFFFDb"},
		"LongerOnceIsUTF8": {"The mark for what is not UTF-8 is longer than that.", "\xff23456789", "\uFFFD2345…"},
		"NothingIsUTF8":    {"As above.", "\xff\xfe\xfd", "\uFFFD"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, truncate.Text(tc.text, 10)); diff != "" {
				t.Errorf("\n%s\nbounded(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAMessageOfAnyLengthIsToldShortenedAndOnce(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ß\xff", 50_000)
	fails := func(err error) func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
		return func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
			return managed.ExternalObservation{}, err
		}
	}
	cases := map[string]struct {
		reason  string
		observe func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error)
		want    []xpv2.ConditionType
	}{
		"Error": {
			reason:  "An error may quote a reply.",
			observe: fails(errors.New(long)),
			want:    []xpv2.ConditionType{xpv2.TypeSynced, typeReconciling},
		},
		"UsersError": {
			reason:  "An error may quote what a user wrote.",
			observe: fails(terminal.Errorf("%s", long)),
			want:    []xpv2.ConditionType{xpv2.TypeSynced, typeStalled},
		},
		"Unavailable": {
			reason: "A kind says why it is not ready.",
			observe: func(_ context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
				mg.SetConditions(xpv2.Unavailable().WithMessage(long))
				return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
			},
			want: []xpv2.ConditionType{xpv2.TypeReady},
		},
		"Unapplied": {
			reason: "A kind says why a change waits.",
			observe: func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
				RecordPostponed(ctx, long)
				return upToDate(ctx, mg)
			},
			want: []xpv2.ConditionType{typeReconciling},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, &v1alpha1.Project{})
			f.observe = tc.observe
			_, _, events := f.reconcile(t)
			for _, e := range events {
				_, message, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(e, "Warning "), "Normal "), " ")
				if len(message) > maxEventMessage || !utf8.ValidString(message) {
					t.Errorf("%s\nthe event has %d bytes: %.100s", tc.reason, len(message), message)
				}
			}
			var got []xpv2.ConditionType
			for _, c := range stored(t, f, &v1alpha1.Project{}).Status.Conditions {
				if len(c.Message) > maxConditionMessage || !utf8.ValidString(c.Message) {
					t.Errorf("%s\nthe condition %s has %d bytes", tc.reason, c.Type, len(c.Message))
				}
				if strings.HasSuffix(c.Message, "…") {
					got = append(got, c.Type)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\nconditions that are shortened: -want, +got:\n%s", tc.reason, diff)
			}
			if _, writes, _ := f.reconcile(t); len(writes) > 0 {
				t.Errorf("%s\na second reconcile wrote: %v", tc.reason, writes)
			}
		})
	}
}
