// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// noteOwnership claims for an object what an observation found to exist, and tells so in its
// status. The claim is empty if the object has nothing.
func (i identity) noteOwnership(ctx context.Context, mg resource.Managed, id string, exists bool) error {
	o, ok := mg.(Object)
	if !ok || i.elsewhere {
		return nil
	}
	own := o.OwnershipStatus()
	switch {
	case OnlyObserves(mg):
		own.ManagedIDs, own.CreatedID = nil, ""
	case exists && id != "":
		// It may have been found just now.
		if err := i.claims.Acquire(ctx, i.kind, o, id); err != nil {
			return err
		}
		i.hold(o, id)
	case !meta.WasDeleted(mg):
		own.ManagedIDs, own.CreatedID = nil, ""
	}
	if exists {
		own.CreateStartedAt, own.ListedBeforeCreate = nil, ""
	}
	return nil
}

// hold what an object claimed. Only when it begins to is it told whether the object created
// it: whoever edits the object later can write the annotation.
func (i identity) hold(mg Object, id string) {
	own := mg.OwnershipStatus()
	if slices.Contains(own.ManagedIDs, id) {
		return
	}
	own.ManagedIDs, own.CreatedID = []string{id}, ""
	if Created(mg, meta.GetExternalName(mg)) {
		own.CreatedID = creatorOf(mg, id)
	}
}

// noteCreate tells in the status of an object that something is being created for it. Its
// annotations tell as well, but everybody who may edit the object can write those: they do
// not prove that what OpenAI made then was made for it.
func (i identity) noteCreate(ctx context.Context, mg resource.Managed, listed string) error {
	o, ok := mg.(Object)
	if !ok || i.elsewhere {
		return nil
	}
	noted, ok := mg.DeepCopyObject().(Object)
	if !ok {
		return fmt.Errorf("a copy of %T is not an object", mg)
	}
	now := metav1.NewTime(time.Now().Truncate(time.Second))
	noted.OwnershipStatus().CreateStartedAt, noted.OwnershipStatus().ListedBeforeCreate = &now, listed
	if err := i.client.Status().Patch(ctx, noted, client.MergeFrom(o)); err != nil {
		return fmt.Errorf("cannot note that something is being created: %w", err)
	}
	o.OwnershipStatus().CreateStartedAt, o.OwnershipStatus().ListedBeforeCreate = &now, listed
	mg.SetResourceVersion(noted.GetResourceVersion())
	return nil
}

// errOthersReply does not tell the ID, which may be another tenant's.
var errOthersReply = errors.New("OpenAI's reply to the creation is about something that another object manages; what was created will be looked for by its name: if that stays so, look for a gateway that answers from a cache")

// noteCreated claims for an object what was just created for it.
func (i identity) noteCreated(ctx context.Context, mg resource.Managed, id string) error {
	o, ok := mg.(Object)
	if !ok || i.elsewhere {
		return nil
	}
	var taken *ManagedByOtherError
	if err := i.claims.Acquire(ctx, i.kind, o, id); errors.As(err, &taken) {
		// The reply was about something else. What was created is looked for by its name.
		meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalName, annotationCreated)
		return errOthersReply
	}
	i.hold(o, id)
	o.OwnershipStatus().CreateStartedAt, o.OwnershipStatus().ListedBeforeCreate = nil, ""
	WriteStatusNow(ctx)
	return nil
}

// CreateInterrupted is when a create of an object began whose outcome is not known. The
// status proves it, unless the annotations, which everybody who may edit the object can
// write, say that it ended. Zero: there is none.
func CreateInterrupted(mg Object) time.Time {
	started := mg.OwnershipStatus().CreateStartedAt
	pending, succeeded, failed := meta.GetExternalCreatePending(mg), meta.GetExternalCreateSucceeded(mg), meta.GetExternalCreateFailed(mg)
	lost := pending.IsZero() && succeeded.IsZero() && failed.IsZero()
	if started == nil || (!lost && (pending.IsZero() || succeeded.After(pending))) {
		return time.Time{}
	}
	return started.Time
}

// MarkCreateRefused notes in memory that nothing was created for an object after all, so that
// nothing need be looked for.
func MarkCreateRefused(mg Object) {
	meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalCreatePending)
	mg.OwnershipStatus().CreateStartedAt, mg.OwnershipStatus().ListedBeforeCreate = nil, ""
}
