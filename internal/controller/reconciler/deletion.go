// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// pausedDeletion is the message of the conditions and events of an object that is being deleted
// and is paused.
const pausedDeletion = "The deletion waits, and nothing was ended at OpenAI: reconciliation is paused. Remove the annotation " +
	meta.AnnotationKeyReconciliationPaused + ", or the empty spec.managementPolicies, to let the object go"

// showPausedDeletion sets the Ready condition of a paused object that is being deleted, which the
// runtime leaves as it was.
func showPausedDeletion(mg resource.Managed) {
	if meta.WasDeleted(mg) && mg.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcilePaused {
		mg.SetConditions(xpv2.Deleting().WithMessage(pausedDeletion).WithObservedGeneration(mg.GetGeneration()))
	}
}

// showDeletionFailure sets the Ready condition of an object whose deletion fails to why it does. The
// runtime sets Synced only, and sometimes leaves Ready as it was.
func showDeletionFailure(mg resource.Managed) {
	synced := mg.GetCondition(xpv2.TypeSynced)
	if meta.WasDeleted(mg) && synced.Reason == xpv2.ReasonReconcileError {
		mg.SetConditions(xpv2.Deleting().WithMessage(synced.Message).WithObservedGeneration(mg.GetGeneration()))
	}
}

// reasonWaitingForFinalizers is the event for a deletion that waits for the finalizers of others.
const reasonWaitingForFinalizers event.Reason = "WaitingForFinalizers"

// otherFinalizers are those that the runtime waits for before it deletes anything at OpenAI.
func otherFinalizers(mg resource.Managed) []string {
	others := slices.DeleteFunc(slices.Clone(mg.GetFinalizers()), func(f string) bool { return f == managed.FinalizerName })
	slices.Sort(others)
	return others
}

// isGarbageCollectors reports whether a finalizer is the garbage collector's, which usually removes
// it within seconds.
func isGarbageCollectors(finalizer string) bool {
	return finalizer == metav1.FinalizerDeleteDependents || finalizer == metav1.FinalizerOrphanDependents
}

// showOtherFinalizers sets the Ready condition of an object whose deletion waits for others'
// finalizers, and returns the event about that; nil if the condition says so already.
func showOtherFinalizers(mg resource.Managed) *event.Event {
	others := otherFinalizers(mg)
	if !meta.WasDeleted(mg) || len(others) == 0 {
		return nil
	}
	notKubernetes := slices.ContainsFunc(others, func(f string) bool { return !isGarbageCollectors(f) })
	if !notKubernetes && time.Since(mg.GetDeletionTimestamp().Time) < longestQuietWait {
		return nil
	}
	message := fmt.Sprintf("The deletion waits for others to remove their finalizers (%s; foregroundDeletion and orphan are of Kubernetes, which waits for what this object owns); only then is anything ended at OpenAI", strings.Join(others, ", "))
	before := mg.GetCondition(xpv2.TypeReady)
	mg.SetConditions(xpv2.Deleting().WithMessage(message).WithObservedGeneration(mg.GetGeneration()))
	if before.Message == message && before.Reason == xpv2.ReasonDeleting {
		return nil
	}
	e := event.Normal(reasonWaitingForFinalizers, message)
	return &e
}
