// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestDesiredStateChanged(t *testing.T) {
	const own = "example.org/bookkeeping"
	annotated := func(a map[string]string) func(*v1alpha1.Project) {
		return func(o *v1alpha1.Project) { o.Annotations = a }
	}
	cases := map[string]struct {
		reason   string
		old, now func(*v1alpha1.Project)
		want     bool
	}{
		"OwnAnnotationAdded": {
			reason: "A reconcile that fails must not trigger the next one.",
			old:    annotated(nil), now: annotated(map[string]string{own: "1"}),
		},
		"OwnAnnotationRemoved": {
			reason: "Nor may what tidies up after it.",
			old:    annotated(map[string]string{own: "1"}), now: annotated(nil),
		},
		"AnnotationOfAUser": {
			reason: "A user asks for a reconcile with an annotation.",
			old:    annotated(map[string]string{own: "1"}), now: annotated(map[string]string{own: "2", meta.AnnotationKeyReconciliationPaused: "true"}), want: true,
		},
		"Spec": {
			reason: "A changed spec is what controllers are for.",
			old:    func(*v1alpha1.Project) {}, now: func(o *v1alpha1.Project) { o.Generation++ }, want: true,
		},
		"Status": {
			reason: "The status is written by the controller.",
			old:    func(*v1alpha1.Project) {}, now: func(o *v1alpha1.Project) { o.Status.AtProvider.ID = "proj_1" },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			old := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Name: "project", Generation: 1}}
			now := old.DeepCopy()
			tc.old(old)
			tc.now(now)
			before := now.DeepCopy()
			if got := desiredStateChanged(own).Update(event.UpdateEvent{ObjectOld: old, ObjectNew: now}); got != tc.want {
				t.Errorf("%s: want %t, got %t", tc.reason, tc.want, got)
			}
			if len(now.Annotations) != len(before.Annotations) {
				t.Errorf("%s: the object of the cache was changed", tc.reason)
			}
		})
	}
}
