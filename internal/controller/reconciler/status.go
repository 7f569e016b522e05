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

// Conditions from which Flux and others compute the status of an object (kstatus, of
// sigs.k8s.io/cli-utils). They exist only while they are true.
const (
	// typeStalled means that the last reconcile failed with an error that only a user can end.
	typeStalled xpv2.ConditionType = "Stalled"

	// typeReconciling means that the current generation is not applied, because of an error that
	// may pass by itself.
	typeReconciling xpv2.ConditionType = "Reconciling"
)

// Reasons of these conditions. Flux has ProgressingWithRetry too.
const (
	reasonTerminalError        xpv2.ConditionReason = "TerminalError"
	reasonProgressingWithRetry xpv2.ConditionReason = "ProgressingWithRetry"
)

// neverApplied is the observed generation of Ready if no generation is known to have been applied.
const neverApplied = -1

// complete the status of an object: the generations that it and its conditions are about, and whether
// only a user can end the error of the reconcile, if it failed.
func (s *reconcileState) complete(mg resource.Managed) {
	o, ok := mg.(Object)
	if !ok {
		return
	}
	// Conditions of the stored status may be kept, which an earlier release may have written.
	truncateMessages(mg)
	status := o.ManagedStatus()
	synced := status.GetCondition(xpv2.TypeSynced)
	observed := !s.throttled && synced.Reason != xpv2.ReasonReconcilePaused
	if observed {
		status.ObservedGeneration = mg.GetGeneration()
	}
	status.Conditions = slices.DeleteFunc(status.Conditions, func(c xpv2.Condition) bool { return c.Type == typeStalled || c.Type == typeReconciling })
	for i := range status.Conditions {
		if c := &status.Conditions[i]; c.Type == xpv2.TypeReady {
			c.ObservedGeneration = s.readyGeneration(*c, synced, mg.GetGeneration(), observed)
		} else if c.ObservedGeneration == 0 {
			c.ObservedGeneration = mg.GetGeneration()
		}
	}
	if why := s.whyNotApplied(synced); observed && why != "" {
		if c, ok := failureCondition(mg, why, s.isStalled(synced)); ok {
			status.Conditions = append(status.Conditions, c)
		}
	}
	for i := range status.Conditions {
		status.Conditions[i].LastTransitionTime = s.lastTransition(status.Conditions[i])
	}
	// Argo CD's health check takes an object for healthy when it comes to a Ready that is
	// True before a Synced that is False.
	slices.SortStableFunc(status.Conditions, func(x, y xpv2.Condition) int { return cmp.Compare(rank(x.Type), rank(y.Type)) })
}

// whyNotApplied is why the generation is not applied, or why the reconcile failed all the same; empty:
// it is applied.
func (s *reconcileState) whyNotApplied(synced xpv2.Condition) string {
	if synced.Reason == xpv2.ReasonReconcileError {
		return synced.Message
	}
	return s.postponed
}

// stalledAfter is how long an error that another object might still resolve (terminal.IfLasting)
// must last before the object is reported as Stalled.
const stalledAfter = time.Minute

// isStalled reports whether only a user can end the error that the reconcile failed with.
func (s *reconcileState) isStalled(synced xpv2.Condition) bool {
	if terminal.Is(s.lastError) || !terminal.IfLasting(s.lastError) {
		return terminal.Is(s.lastError)
	}
	was := s.statusBefore.GetCondition(xpv2.TypeSynced)
	return was.Reason == xpv2.ReasonReconcileError && was.Message == synced.Message && time.Since(was.LastTransitionTime.Time) > stalledAfter
}

// readyGeneration is the generation that Ready is about. While it is True it is the generation that was
// applied last, so that nobody who waits for a later one takes that for ready.
func (s *reconcileState) readyGeneration(ready, synced xpv2.Condition, current int64, observed bool) int64 {
	applied := synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == current && s.postponed == ""
	switch {
	case applied, ready.Status != corev1.ConditionTrue && observed:
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

// failureCondition is the condition of an object whose reconcile failed; false: none is to be added, as
// the generation was applied before.
func failureCondition(mg resource.Managed, why string, stalled bool) (xpv2.Condition, bool) {
	c := xpv2.Condition{
		Type:               typeReconciling,
		Status:             corev1.ConditionTrue,
		Reason:             reasonProgressingWithRetry,
		Message:            truncate.Text(why, maxConditionMessage),
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

// lastTransition is since when a condition is as it is. Another generation is no transition.
func (s *reconcileState) lastTransition(c xpv2.Condition) metav1.Time {
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
