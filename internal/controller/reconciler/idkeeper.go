// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// IsKeyValue reports whether an external name is the value of a key, given by mistake. It must not be
// quoted.
func IsKeyValue(externalName string) bool { return strings.HasPrefix(externalName, "sk-") }

// ObservedID is the ID in the status of an object; empty: there is none.
func ObservedID(mg resource.Managed) string {
	if o, ok := mg.(Object); ok {
		return o.ObservedID()
	}
	return ""
}

// An idKeeper keeps the ID of the resource that an object manages: its external name, finalizer and
// ownership. It restores them from the status, which survives what removes annotations and finalizers, such as kubectl replace.
type idKeeper struct {
	client    client.Client
	ownership *Ownership
	kind      string

	// idInSecret reports that the ID is kept outside of the object, such as in the Secret of a
	// key.
	idInSecret bool

	// idFromSpec reports that the ID follows from the spec, and that the external name only shows
	// it.
	idFromSpec bool

	// ownAnnotations are those that the controller itself writes. They show what is being created.
	ownAnnotations []string
}

// Initialize an object, before anything else is done with it.
func (i idKeeper) Initialize(ctx context.Context, mg resource.Managed) error {
	return recordError(ctx, i.initialize(ctx, mg))
}

func (i idKeeper) initialize(ctx context.Context, mg resource.Managed) error {
	o, ok := mg.(Object)
	if !ok {
		return fmt.Errorf("%T has no status of what it manages", mg)
	}
	id, name := o.ObservedID(), meta.GetExternalName(mg)
	if i.idFromSpec {
		// The ID is set, and checked, by the external client.
		return i.restoreMetadata(ctx, mg, "")
	}
	if created := createdIDs(mg); id == "" && name == "" && !i.idInSecret && len(created) > 0 {
		// It was created, and not observed yet.
		id = created[0]
	}
	if err := i.restoreMetadata(ctx, mg, id); err != nil {
		return err
	}
	if i.idInSecret {
		return nil
	}
	err := i.checkManager(ctx, o, meta.GetExternalName(mg))
	if meta.WasDeleted(mg) && IsOwnershipError(err) {
		// Another object manages what the external name gives, or it is no ID.
		return i.revertToManaged(ctx, o)
	}
	return err
}

// checkManager fails if an object must not manage what its external name gives.
func (i idKeeper) checkManager(ctx context.Context, mg Object, name string) error {
	switch {
	case name == "", IsKeyValue(name):
		// The external client refuses the value of a key, without quoting it.
		return nil
	case !apierror.IsID(name):
		return &apierror.IDError{ID: name}
	}
	return i.ownership.CheckManager(ctx, i.kind, mg, name, fmt.Sprintf("external name %q", name))
}

// IsOwnershipError reports whether an error says that an object must not manage, or refer to, what it
// names.
func IsOwnershipError(err error) bool {
	wrong, taken, noConsent := (*apierror.IDError)(nil), (*ManagedByOtherError)(nil), (*ConsentError)(nil)
	return errors.As(err, &wrong) || errors.As(err, &taken) || errors.As(err, &noConsent)
}

// revertToManaged sets the external name of an object that is being deleted back to what it manages, if
// anything, since it must delete nothing else.
func (i idKeeper) revertToManaged(ctx context.Context, mg Object) error {
	meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalName)
	for _, id := range append(slices.Clone(mg.OwnershipStatus().ManagedIDs), createdIDs(mg)...) {
		err := i.ownership.Check(ctx, i.kind, mg, id)
		if err == nil {
			meta.SetExternalName(mg, id)
			return nil
		}
		if !IsOwnershipError(err) {
			return err
		}
	}
	return nil
}

// canSkipDelete reports whether nothing was ever created for an object, or adopted by it: then it can
// be deleted whatever is wrong with its configuration or its references.
func (i idKeeper) canSkipDelete(mg resource.Managed) bool {
	if i.idInSecret && meta.FinalizerExists(mg, managed.FinalizerName) {
		return false
	}
	return i.hasNoRecord(mg)
}

// hasNoRecord reports whether neither the status nor an annotation shows anything that was created
// for an object, or may be in flight.
func (i idKeeper) hasNoRecord(mg resource.Managed) bool {
	o, ok := mg.(Object)
	if !ok || len(o.OwnershipStatus().ManagedIDs) > 0 || !CreateInterrupted(o).IsZero() {
		return false
	}
	pending, failed := meta.GetExternalCreatePending(mg), meta.GetExternalCreateFailed(mg)
	_, created := mg.GetAnnotations()[annotationCreated]
	if created || meta.GetExternalName(mg) != "" || ObservedID(mg) != "" || pending.After(failed) {
		return false
	}
	if !i.idInSecret {
		return pending.IsZero()
	}
	// The controller's annotations show what may be in flight.
	return !slices.ContainsFunc(i.ownAnnotations, func(a string) bool { return mg.GetAnnotations()[a] != "" })
}

// canIgnoreConnectError reports whether the deletion of an object would delete nothing at OpenAI, so that it
// can go although the connection fails with an error. An object whose configuration refuses it
// deletes only what its status proves that it manages, and not what it merely names.
func (i idKeeper) canIgnoreConnectError(ctx context.Context, mg resource.Managed, err error) bool {
	if i.hasNoRecord(mg) {
		return terminal.MayBe(err)
	}
	o, ok := mg.(Object)
	if !ok || i.idInSecret || !connect.IsNotAllowed(err) {
		return false
	}
	if own := o.OwnershipStatus(); len(own.ManagedIDs) > 0 || own.CreateStartedAt != nil {
		return false
	}
	if name := meta.GetExternalName(mg); name != "" && !IsKeyValue(name) {
		EmitOrphaned(ctx, mg, fmt.Sprintf("%q, if it exists, is left at OpenAI as it is: this object does not manage it, and may not do so by now: %s", name, err))
	}
	return true
}

// restore what identifies a paused object, which the runtime does not initialize.
func (i idKeeper) restore(ctx context.Context, mg resource.Managed) error {
	return i.restoreMetadata(ctx, mg, ObservedID(mg))
}

// restoreMetadata writes the external name and the finalizer of an object that has an ID.
func (i idKeeper) restoreMetadata(ctx context.Context, mg resource.Managed, id string) error {
	o, ok := mg.(Object)
	if i.idFromSpec && ok && len(o.OwnershipStatus().ManagedIDs) > 0 {
		id = o.OwnershipStatus().ManagedIDs[0]
	}
	if id == "" {
		return nil
	}
	if meta.GetExternalName(mg) == "" && !i.idInSecret && !i.idFromSpec {
		meta.SetExternalName(mg, id)
		if c, ok := mg.(interface{ ObservedCreated() bool }); ok && c.ObservedCreated() {
			MarkCreated(mg, id)
		}
	}
	if !meta.WasDeleted(mg) {
		meta.AddFinalizer(mg, managed.FinalizerName)
	}
	if err := writeMetadata(ctx, i.client, mg); err != nil {
		return fmt.Errorf("cannot restore the external name and finalizer of what manages %q: %w", id, err)
	}
	return nil
}

// reasonExternalNameChanged is the event for an object that was given another ID.
const reasonExternalNameChanged event.Reason = "ExternalNameChanged"

// externalNameChanged is the event for an object that managed one ID and now manages another because
// its external name was changed; nil: it was not.
func (i idKeeper) externalNameChanged(mg resource.Managed, before string) *event.Event {
	now := ObservedID(mg)
	if before == "" || now == "" || before == now || i.idInSecret || Created(mg, now) {
		return nil
	}
	e := event.Normal(reasonExternalNameChanged, fmt.Sprintf("The external name was changed: %q is managed from now on, and %q is left at OpenAI as it is", now, before))
	return &e
}
