// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"cmp"
	"slices"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/terminal"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// Conditions by which Flux and others tell what becomes of an object (kstatus, of
// sigs.k8s.io/cli-utils). Unlike others they are there only while they are true.
const (
	// typeStalled says that the last reconcile failed with an error that only a user can
	// end.
	typeStalled xpv2.ConditionType = "Stalled"

	// typeReconciling says that the current generation is not applied, because of an error
	// that may pass by itself.
	typeReconciling xpv2.ConditionType = "Reconciling"
)

// Reasons of these conditions. The second is the one that Flux gives.
const (
	reasonTerminalError        xpv2.ConditionReason = "TerminalError"
	reasonProgressingWithRetry xpv2.ConditionReason = "ProgressingWithRetry"
)

// neverApplied is the generation of which an object says that it is ready if none is known
// to have been applied.
const neverApplied = -1

// withStatus is implemented by every kind of managed resource.
type withStatus interface {
	resource.Managed
	ManagedStatus() *xpv2.ManagedResourceStatus
}

// stamp says in an object's status which generation it is about, and whether the error
// that the attempt failed with, if any, is one that only a user can end.
func (s *reconcileState) stamp(mg resource.Managed) {
	o, ok := mg.(withStatus)
	if !ok {
		return
	}
	// Those of the last look may be kept, which an earlier release may have written.
	truncateMessages(mg)
	status := o.ManagedStatus()
	synced := status.GetCondition(xpv2.TypeSynced)
	looked := !s.waits && synced.Reason != xpv2.ReasonReconcilePaused
	if looked {
		status.ObservedGeneration = mg.GetGeneration()
	}
	status.Conditions = slices.DeleteFunc(status.Conditions, func(c xpv2.Condition) bool { return c.Type == typeStalled || c.Type == typeReconciling })
	for i := range status.Conditions {
		if c := &status.Conditions[i]; c.Type == xpv2.TypeReady {
			c.ObservedGeneration = s.readyGeneration(*c, synced, mg.GetGeneration(), looked)
		} else if c.ObservedGeneration == 0 {
			c.ObservedGeneration = mg.GetGeneration()
		}
	}
	if why := s.hindrance(synced); looked && why != "" {
		if c, ok := failure(mg, why, s.stalls(synced)); ok {
			status.Conditions = append(status.Conditions, c)
		}
	}
	for i := range status.Conditions {
		status.Conditions[i].LastTransitionTime = s.since(status.Conditions[i])
	}
	// Argo CD's health check takes an object for healthy when it comes to a Ready that is
	// True before a Synced that is False.
	slices.SortStableFunc(status.Conditions, func(x, y xpv2.Condition) int { return cmp.Compare(rank(x.Type), rank(y.Type)) })
}

// hindrance says why the generation is not applied, or was but what it led to fails; empty:
// neither is so.
func (s *reconcileState) hindrance(synced xpv2.Condition) string {
	if synced.Reason == xpv2.ReasonReconcileError {
		return synced.Message
	}
	return s.postponed
}

// lasting is how long an error must have been there that another object may be about to
// end, as when everything is applied at once, until only a user can.
const lasting = time.Minute

// stalls reports whether only a user can end what the attempt failed with.
func (s *reconcileState) stalls(synced xpv2.Condition) bool {
	if terminal.Is(s.lastError) || !terminal.IfLasting(s.lastError) {
		return terminal.Is(s.lastError)
	}
	was := s.statusBefore.GetCondition(xpv2.TypeSynced)
	return was.Reason == xpv2.ReasonReconcileError && was.Message == synced.Message && time.Since(was.LastTransitionTime.Time) > lasting
}

// readyGeneration is the generation that Ready is about. One that is True is about the
// generation that was applied last: whoever waits must not take it for the next.
func (s *reconcileState) readyGeneration(ready, synced xpv2.Condition, current int64, looked bool) int64 {
	applied := synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == current && s.postponed == ""
	switch {
	case applied, ready.Status != corev1.ConditionTrue && looked:
		return current
	case ready.Status != corev1.ConditionTrue:
		return ready.ObservedGeneration
	}
	if was := s.statusBefore.GetCondition(xpv2.TypeReady); was.Status == corev1.ConditionTrue && was.ObservedGeneration <= current {
		return was.ObservedGeneration
	}
	if current > 1 {
		return current - 1
	}
	return neverApplied
}

// failure is the condition for an object whose reconcile failed; false: there is none to
// add, as the generation was applied before.
func failure(mg resource.Managed, why string, stalled bool) (xpv2.Condition, bool) {
	c := xpv2.Condition{
		Type:               typeReconciling,
		Status:             corev1.ConditionTrue,
		Reason:             reasonProgressingWithRetry,
		Message:            truncate.Text(why, longestCondition),
		LastTransitionTime: metav1.Now(),
		ObservedGeneration: mg.GetGeneration(),
	}
	if stalled {
		c.Type, c.Reason = typeStalled, reasonTerminalError
		return c, true
	}
	ready := mg.GetCondition(xpv2.TypeReady)
	applied := ready.Status == corev1.ConditionTrue && ready.ObservedGeneration == mg.GetGeneration()
	return c, !applied && !meta.WasDeleted(mg)
}

// since when a condition is as it is. That it is about another generation is no
// transition.
func (s *reconcileState) since(c xpv2.Condition) metav1.Time {
	was := s.statusBefore.GetCondition(c.Type)
	was.ObservedGeneration = c.ObservedGeneration
	if was.Equal(c) {
		return was.LastTransitionTime
	}
	return c.LastTransitionTime
}

func rank(t xpv2.ConditionType) int {
	if i := slices.Index([]xpv2.ConditionType{xpv2.TypeSynced, xpv2.TypeReady}, t); i >= 0 {
		return i
	}
	return 2
}
