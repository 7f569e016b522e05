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

// recordOwnership makes an object the owner of the resource that was observed to exist, and shows that
// in its status. The ID is empty if the object has no resource.
func (i idKeeper) recordOwnership(ctx context.Context, mg resource.Managed, id string, exists bool) error {
	o, ok := mg.(Object)
	if !ok || i.idInSecret {
		return nil
	}
	own := o.OwnershipStatus()
	switch {
	case IsReadOnly(mg):
		own.ManagedIDs, own.CreationProof = nil, ""
	case exists && id != "":
		// The external client may have found it just now, by its name.
		if err := i.ownership.SetManager(ctx, i.kind, o, id); err != nil {
			return err
		}
		i.setManaged(o, id)
	case !meta.WasDeleted(mg):
		own.ManagedIDs, own.CreationProof = nil, ""
	}
	if exists {
		own.CreateStartedAt, own.ListedBeforeCreate = nil, ""
	}
	return nil
}

// setManaged shows in the status of an object what it manages. Whether it created that is shown only
// when it begins to manage it: whoever edits the object later can write the annotation.
func (i idKeeper) setManaged(mg Object, id string) {
	own := mg.OwnershipStatus()
	if slices.Contains(own.ManagedIDs, id) {
		return
	}
	own.ManagedIDs, own.CreationProof = []string{id}, ""
	if Created(mg, meta.GetExternalName(mg)) {
		own.CreationProof = creationProof(mg, id)
	}
}

// recordCreateStarted writes to the status of an object that a resource is being created for it, before
// it is. The annotations show that as well, but everybody who may edit the object can write those:
// they do not prove that what OpenAI created then is the object's.
func (i idKeeper) recordCreateStarted(ctx context.Context, mg resource.Managed, listed string) error {
	o, ok := mg.(Object)
	if !ok || i.idInSecret {
		return nil
	}
	updated, ok := mg.DeepCopyObject().(Object)
	if !ok {
		return fmt.Errorf("a copy of %T is not an object", mg)
	}
	now := metav1.NewTime(time.Now().Truncate(time.Second))
	updated.OwnershipStatus().CreateStartedAt, updated.OwnershipStatus().ListedBeforeCreate = &now, listed
	if err := i.client.Status().Patch(ctx, updated, client.MergeFrom(o)); err != nil {
		return fmt.Errorf("cannot write to the status that something is being created: %w", err)
	}
	o.OwnershipStatus().CreateStartedAt, o.OwnershipStatus().ListedBeforeCreate = &now, listed
	mg.SetResourceVersion(updated.GetResourceVersion())
	return nil
}

// errReplyAboutOther leaves out the ID, which may be another tenant's.
var errReplyAboutOther = errors.New("OpenAI's reply to the creation is about something that another object manages; what was created will be looked for by its name: if that stays so, look for a gateway that answers from a cache")

// recordCreated makes an object the owner of what was just created for it.
func (i idKeeper) recordCreated(ctx context.Context, mg resource.Managed, id string) error {
	o, ok := mg.(Object)
	if !ok || i.idInSecret {
		return nil
	}
	var taken *ManagedByOtherError
	if err := i.ownership.SetManager(ctx, i.kind, o, id); errors.As(err, &taken) {
		// The reply was about another resource. What was created is looked for by its name.
		meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalName, annotationCreated)
		return errReplyAboutOther
	}
	i.setManaged(o, id)
	o.OwnershipStatus().CreateStartedAt, o.OwnershipStatus().ListedBeforeCreate = nil, ""
	WriteStatusNow(ctx)
	return nil
}

// CreateInterrupted is when a create of an object began whose outcome is unknown; zero: there is none.
// The status proves that it began. The annotations, which everybody who may edit the object can
// write, are believed only if they say that it ended.
func CreateInterrupted(mg Object) time.Time {
	started := mg.OwnershipStatus().CreateStartedAt
	pending, succeeded, failed := meta.GetExternalCreatePending(mg), meta.GetExternalCreateSucceeded(mg), meta.GetExternalCreateFailed(mg)
	lost := pending.IsZero() && succeeded.IsZero() && failed.IsZero()
	if started == nil || (!lost && (pending.IsZero() || succeeded.After(pending))) {
		return time.Time{}
	}
	return started.Time
}

// MarkCreateRefused marks in memory that nothing was created for an object after all, so that nothing
// is looked for.
func MarkCreateRefused(mg Object) {
	meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalCreatePending)
	mg.OwnershipStatus().CreateStartedAt, mg.OwnershipStatus().ListedBeforeCreate = nil, ""
}
