// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func TestTheSecretHasWhatItsTemplateSays(t *testing.T) {
	t.Parallel()
	type meta = map[string]string
	noted := func(text string) meta { return meta{annotationAppliedTemplate: text} }
	with := func(m meta, also meta) meta { return mergeTemplate(m, nil, also) }
	cases := map[string]struct {
		reason                      string
		labels, annotations         meta
		template                    template
		wantLabels, wantAnnotations meta
		alreadyHolds                bool
	}{
		"None": {
			reason: "Without a template nothing changes.", labels: meta{"theirs": "x"}, annotations: meta{"theirs": "y"},
			wantLabels: meta{"theirs": "x"}, wantAnnotations: meta{"theirs": "y"}, alreadyHolds: true,
		},
		"Added": {
			reason: "What others put there stays.", labels: meta{"theirs": "x"},
			template:   template{labels: meta{"team": "a"}, annotations: meta{"note": "b"}},
			wantLabels: meta{"theirs": "x", "team": "a"}, wantAnnotations: with(noted(`{"labels":["team"],"annotations":["note"]}`), meta{"note": "b"}),
		},
		"Drifted": {
			reason: "What somebody changed is set back.", labels: meta{"team": "other"}, annotations: noted(`{"labels":["team"]}`),
			template:   template{labels: meta{"team": "a"}},
			wantLabels: meta{"team": "a"}, wantAnnotations: noted(`{"labels":["team"]}`),
		},
		"Removed": {
			reason: "What the template no longer says goes, and nothing else.", labels: meta{"team": "a", "theirs": "x"}, annotations: noted(`{"labels":["team"]}`),
			wantLabels: meta{"theirs": "x"}, wantAnnotations: meta{},
		},
		"Holds": {
			reason: "A Secret that is as it should be is not written.", labels: meta{"team": "a"}, annotations: noted(`{"labels":["team"]}`),
			template:   template{labels: meta{"team": "a"}},
			wantLabels: meta{"team": "a"}, wantAnnotations: noted(`{"labels":["team"]}`), alreadyHolds: true,
		},
		"Forged": {
			reason: "A note that somebody wrote must not take off what the provider keeps.",
			labels: meta{labelOwner: "uid"}, annotations: with(noted(`{"labels":["`+labelOwner+`"],"annotations":["`+annotationKeyID+`"]}`), meta{annotationKeyID: "key_1"}),
			wantLabels: meta{labelOwner: "uid"}, wantAnnotations: meta{annotationKeyID: "key_1"},
		},
		"Unreadable": {
			reason: "A note that cannot be read is written anew.", annotations: noted("{"),
			template:   template{annotations: meta{"note": "b"}},
			wantLabels: meta{}, wantAnnotations: with(noted(`{"annotations":["note"]}`), meta{"note": "b"}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &corev1.Secret{}
			s.Labels, s.Annotations = tc.labels, tc.annotations
			if got := tc.template.holds(s); got != tc.alreadyHolds {
				t.Errorf("\n%s\nholds: want %t, got %t", tc.reason, tc.alreadyHolds, got)
			}
			tc.template.apply(s)
			if diff := cmp.Diff(tc.wantLabels, s.Labels); diff != "" {
				t.Errorf("\n%s\nlabels: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.wantAnnotations, s.Annotations); diff != "" {
				t.Errorf("\n%s\nannotations: -want, +got:\n%s", tc.reason, diff)
			}
			if !tc.template.holds(s) {
				t.Errorf("\n%s\nwant a Secret to hold what was applied", tc.reason)
			}
		})
	}
}
