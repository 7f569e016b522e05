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

// pausedDeletion is what the conditions and events of an object say that is to be
// deleted and is paused.
const pausedDeletion = "The deletion waits, and nothing was ended at OpenAI: reconciliation is paused. Remove the annotation " +
	meta.AnnotationKeyReconciliationPaused + ", or the empty spec.managementPolicies, to let the object go"

// sayPaused notes in a deleted object that is paused what its deletion waits for. The
// runtime leaves Ready as it was.
func sayPaused(mg resource.Managed) {
	if meta.WasDeleted(mg) && mg.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcilePaused {
		mg.SetConditions(xpv2.Deleting().WithMessage(pausedDeletion).WithObservedGeneration(mg.GetGeneration()))
	}
}

// sayDeletionFails notes in a deleted object why its deletion does not go on. The runtime
// says so in Synced only, and sometimes leaves Ready as it was.
func sayDeletionFails(mg resource.Managed) {
	synced := mg.GetCondition(xpv2.TypeSynced)
	if meta.WasDeleted(mg) && synced.Reason == xpv2.ReasonReconcileError {
		mg.SetConditions(xpv2.Deleting().WithMessage(synced.Message).WithObservedGeneration(mg.GetGeneration()))
	}
}

// reasonWaitingForFinalizers is the event for a deletion that others hold up.
const reasonWaitingForFinalizers event.Reason = "WaitingForFinalizers"

// othersFinalizers are those that the runtime waits for before it ends anything at
// OpenAI.
func othersFinalizers(mg resource.Managed) []string {
	others := slices.DeleteFunc(slices.Clone(mg.GetFinalizers()), func(f string) bool { return f == managed.FinalizerName })
	slices.Sort(others)
	return others
}

// isKubernetes reports whether a finalizer is the garbage collector's, which removes it
// within seconds unless something else is in its way.
func isKubernetes(finalizer string) bool {
	return finalizer == metav1.FinalizerDeleteDependents || finalizer == metav1.FinalizerOrphanDependents
}

// sayHeldUp notes in a deleted object whose finalizers hold its deletion up. It returns
// nil if the object says so already.
func sayHeldUp(mg resource.Managed) *event.Event {
	others := othersFinalizers(mg)
	if !meta.WasDeleted(mg) || len(others) == 0 {
		return nil
	}
	foreign := slices.ContainsFunc(others, func(f string) bool { return !isKubernetes(f) })
	if !foreign && time.Since(mg.GetDeletionTimestamp().Time) < worthTelling {
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

// reasonOrphaned is the event for what stays at OpenAI when its object goes.
const reasonOrphaned event.Reason = "Orphaned"

// orphaned is the event for an object that goes without what it manages; nil if there
// is nothing.
func orphaned(mg resource.Managed) *event.Event {
	id := ObservedID(mg)
	if id == "" && !IsKeyValue(meta.GetExternalName(mg)) {
		id = meta.GetExternalName(mg)
	}
	if id == "" || Allows(mg, xpv2.ManagementActionDelete) || OnlyObserves(mg) {
		return nil
	}
	e := event.Normal(reasonOrphaned, fmt.Sprintf("%q is left at OpenAI as it is, because spec.managementPolicies do not include Delete", id))
	return &e
}
