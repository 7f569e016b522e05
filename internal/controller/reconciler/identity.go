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
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// annotationCreated of a managed resource is the external name of what the object
// itself created, behind the object's UID: a copy of the object created nothing.
const annotationCreated = "openai.crossplane.io/created-external-name"

// MarkCreated notes in memory that an object itself created what has this external
// name.
func MarkCreated(mg resource.Managed, externalName string) {
	meta.AddAnnotations(mg, map[string]string{annotationCreated: string(mg.GetUID()) + "/" + externalName})
}

// Created reports whether an object itself created what has this external name. What
// it did not create is never replaced by something new because it is gone.
func Created(mg resource.Managed, externalName string) bool {
	return externalName != "" && mg.GetAnnotations()[annotationCreated] == string(mg.GetUID())+"/"+externalName
}

// createdBy lists the ID of what an object itself created last, if anything.
func createdBy(mg resource.Managed) []string {
	id, ok := strings.CutPrefix(mg.GetAnnotations()[annotationCreated], string(mg.GetUID())+"/")
	if !ok {
		return nil
	}
	return []string{id}
}

// IsKeyValue reports whether somebody gave the value of a key as an external name. It
// names nothing, and must be quoted nowhere.
func IsKeyValue(externalName string) bool { return strings.HasPrefix(externalName, "sk-") }

// Allows reports whether an object's management policies allow any of the actions.
func Allows(mg resource.Managed, actions ...xpv2.ManagementAction) bool {
	policies := mg.GetManagementPolicies()
	return len(policies) == 0 || slices.Contains(policies, xpv2.ManagementActionAll) ||
		slices.ContainsFunc(actions, func(a xpv2.ManagementAction) bool { return slices.Contains(policies, a) })
}

// OnlyObserves reports whether an object changes nothing at OpenAI.
func OnlyObserves(mg resource.Managed) bool {
	return !Allows(mg, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate, xpv2.ManagementActionDelete)
}

// observed is implemented by managed resources whose status tells the ID at OpenAI.
type observed interface{ ObservedID() string }

// ObservedID is the ID that the status of an object tells; empty if it tells none.
func ObservedID(mg resource.Managed) string {
	if o, ok := mg.(observed); ok {
		return o.ObservedID()
	}
	return ""
}

// identity keeps an object with what it manages. Its second place is the status, which
// survives what loses annotations and finalizers, such as kubectl replace.
type identity struct {
	client client.Client
	claims *Ownership
	kind   string

	// elsewhere reports that something other than the object tells which ID counts, such
	// as the Secret of a key.
	elsewhere bool

	// fromSpec reports that the ID follows from the spec, and that the external name only
	// shows it.
	fromSpec bool

	// own annotations of the controller, which tell of what is being created.
	own []string
}

// Initialize an object, before anything else is done with it.
func (i identity) Initialize(ctx context.Context, mg resource.Managed) error {
	return recordError(ctx, i.initialize(ctx, mg))
}

func (i identity) initialize(ctx context.Context, mg resource.Managed) error {
	o, ok := mg.(Object)
	if !ok {
		return fmt.Errorf("%T cannot be kept apart from others of its kind", mg)
	}
	id, name := o.ObservedID(), meta.GetExternalName(mg)
	if i.fromSpec {
		// What the spec names is told, and checked, once the object is connected.
		return i.writeBack(ctx, mg, "")
	}
	if created := createdBy(mg); id == "" && name == "" && !i.elsewhere && len(created) > 0 {
		// It was created and not observed yet.
		id = created[0]
	}
	if err := i.writeBack(ctx, mg, id); err != nil {
		return err
	}
	if i.elsewhere {
		return nil
	}
	err := i.mayHave(ctx, o, meta.GetExternalName(mg))
	if meta.WasDeleted(mg) && IsOwnershipError(err) {
		// What it was pointed at is another object's, or nothing.
		return i.goBack(ctx, o)
	}
	return err
}

// mayHave fails if an object must not have what its external name gives.
func (i identity) mayHave(ctx context.Context, mg Object, name string) error {
	switch {
	case name == "", IsKeyValue(name):
		// A key's value as external name is refused by the kind, which does not quote it.
		return nil
	case !apierror.IsID(name):
		return &apierror.IDError{ID: name}
	}
	return i.claims.CheckOwner(ctx, i.kind, mg, name, fmt.Sprintf("external name %q", name))
}

// IsOwnershipError reports whether an error says that an object must not have what it names.
func IsOwnershipError(err error) bool {
	wrong, taken, refused := (*apierror.IDError)(nil), (*ManagedByOtherError)(nil), (*ConsentError)(nil)
	return errors.As(err, &wrong) || errors.As(err, &taken) || errors.As(err, &refused)
}

// goBack to what an object that is going manages itself, if anything, which alone it ends.
func (i identity) goBack(ctx context.Context, mg Object) error {
	meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalName)
	for _, id := range append(slices.Clone(mg.OwnershipStatus().ManagedIDs), createdBy(mg)...) {
		err := i.claims.Check(ctx, i.kind, mg, id)
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

// nothingMade reports whether nothing was ever created for an object, or taken over by
// it: then it can go whatever is wrong with its configuration or its references.
func (i identity) nothingMade(mg resource.Managed) bool {
	if i.elsewhere && meta.FinalizerExists(mg, managed.FinalizerName) {
		return false
	}
	return i.nothingTold(mg)
}

// nothingTold reports whether neither the status nor an annotation tells of anything that
// was made for an object, or is on its way.
func (i identity) nothingTold(mg resource.Managed) bool {
	o, ok := mg.(Object)
	if !ok || len(o.OwnershipStatus().ManagedIDs) > 0 || !CreateInterrupted(o).IsZero() {
		return false
	}
	pending, failed := meta.GetExternalCreatePending(mg), meta.GetExternalCreateFailed(mg)
	_, created := mg.GetAnnotations()[annotationCreated]
	if created || meta.GetExternalName(mg) != "" || ObservedID(mg) != "" || pending.After(failed) {
		return false
	}
	if !i.elsewhere {
		return pending.IsZero()
	}
	// Its annotations tell of what may be on its way.
	return !slices.ContainsFunc(i.own, func(a string) bool { return mg.GetAnnotations()[a] != "" })
}

// endsNothing reports whether the deletion of an object would end nothing anyway, so that the
// error of its connection need not be waited for. What an object that is refused only names is
// not its to end, and its status tells what is.
func (i identity) endsNothing(ctx context.Context, mg resource.Managed, err error) bool {
	if i.nothingTold(mg) {
		return terminal.MayBe(err)
	}
	o, ok := mg.(Object)
	if !ok || i.elsewhere || !connect.IsRefusal(err) {
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

// restore what identifies an object that the runtime does not look at, as it is paused.
func (i identity) restore(ctx context.Context, mg resource.Managed) error {
	return i.writeBack(ctx, mg, ObservedID(mg))
}

// writeBack the external name and the finalizer of an object that has an ID.
func (i identity) writeBack(ctx context.Context, mg resource.Managed, id string) error {
	o, ok := mg.(Object)
	if i.fromSpec && ok && len(o.OwnershipStatus().ManagedIDs) > 0 {
		id = o.OwnershipStatus().ManagedIDs[0]
	}
	if id == "" {
		return nil
	}
	if meta.GetExternalName(mg) == "" && !i.elsewhere && !i.fromSpec {
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

// changedName is the event for an object that managed one ID and now manages another
// because its external name says so; nil: it does not.
func (i identity) changedName(mg resource.Managed, before string) *event.Event {
	now := ObservedID(mg)
	if before == "" || now == "" || before == now || i.elsewhere || Created(mg, now) {
		return nil
	}
	e := event.Normal(reasonExternalNameChanged, fmt.Sprintf("The external name was changed: %q is managed from now on, and %q is left at OpenAI as it is", now, before))
	return &e
}
