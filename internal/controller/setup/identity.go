// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package setup

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

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// annotationCreated of a managed resource is the external name of what the object
// itself created, behind the object's UID: a copy of the object created nothing.
const annotationCreated = "openai.crossplane.io/created"

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

// IsKeyValue reports whether somebody gave the value of a key as an external name. It
// names nothing, and must be quoted nowhere.
func IsKeyValue(externalName string) bool { return strings.HasPrefix(externalName, "sk-") }

// May reports whether an object's management policies allow any of the actions.
func May(mg resource.Managed, actions ...xpv2.ManagementAction) bool {
	policies := mg.GetManagementPolicies()
	return len(policies) == 0 || slices.Contains(policies, xpv2.ManagementActionAll) ||
		slices.ContainsFunc(actions, func(a xpv2.ManagementAction) bool { return slices.Contains(policies, a) })
}

// OnlyObserves reports whether an object changes nothing at OpenAI.
func OnlyObserves(mg resource.Managed) bool {
	return !May(mg, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate, xpv2.ManagementActionDelete)
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
	list   resource.ManagedList

	// elsewhere reports that something other than the object tells which ID counts, such
	// as the Secret of a key.
	elsewhere bool
}

// Initialize an object, before anything else is done with it.
func (i identity) Initialize(ctx context.Context, mg resource.Managed) error {
	return fail(ctx, i.initialize(ctx, mg))
}

func (i identity) initialize(ctx context.Context, mg resource.Managed) error {
	id, name := ObservedID(mg), meta.GetExternalName(mg)
	if id == "" && name == "" && !i.elsewhere {
		// It was created and not observed yet.
		if created, ok := strings.CutPrefix(mg.GetAnnotations()[annotationCreated], string(mg.GetUID())+"/"); ok {
			id = created
		}
	}
	if err := i.writeBack(ctx, mg, id); err != nil {
		return err
	}
	err := i.mayHave(ctx, mg, name, id)
	wrong, taken := (*adminapi.IDError)(nil), (*TakenError)(nil)
	if meta.WasDeleted(mg) && (errors.As(err, &wrong) || errors.As(err, &taken)) {
		// What it was pointed at is another object's, or nothing.
		goBack(mg, id)
		return nil
	}
	return err
}

// mayHave fails if an object, which has an ID or none, must not have what its external
// name gives.
func (i identity) mayHave(ctx context.Context, mg resource.Managed, name, id string) error {
	switch {
	case name == "" || name == id:
		return nil
	case !adminapi.IsID(name):
		return &adminapi.IDError{ID: name}
	case i.elsewhere || Created(mg, name) || OnlyObserves(mg) || IsKeyValue(name):
		// A key's value as external name is refused by the kind, which does not quote it.
		return nil
	}
	return i.free(ctx, mg, name)
}

// goBack to what an object that is going has itself, if anything, which alone it ends.
func goBack(mg resource.Managed, id string) {
	meta.RemoveAnnotations(mg, meta.AnnotationKeyExternalName)
	if id != "" {
		meta.SetExternalName(mg, id)
	}
}

// nothingMade reports whether nothing was ever created for an object, or taken over by
// it: then it can go whatever is wrong with its configuration or its references.
func (i identity) nothingMade(mg resource.Managed) bool {
	if i.elsewhere && meta.FinalizerExists(mg, managed.FinalizerName) {
		return false
	}
	_, created := mg.GetAnnotations()[annotationCreated]
	return !created && meta.GetExternalName(mg) == "" && ObservedID(mg) == "" && meta.GetExternalCreatePending(mg).IsZero()
}

// restore what identifies an object that the runtime does not look at, as it is paused.
func (i identity) restore(ctx context.Context, mg resource.Managed) error {
	return i.writeBack(ctx, mg, ObservedID(mg))
}

// writeBack the external name and the finalizer of an object that has an ID.
func (i identity) writeBack(ctx context.Context, mg resource.Managed, id string) error {
	if id == "" {
		return nil
	}
	if meta.GetExternalName(mg) == "" && !i.elsewhere {
		meta.SetExternalName(mg, id)
		if c, ok := mg.(interface{ ObservedCreated() bool }); ok && c.ObservedCreated() {
			MarkCreated(mg, id)
		}
	}
	if !meta.WasDeleted(mg) {
		meta.AddFinalizer(mg, managed.FinalizerName)
	}
	if err := writeMetadata(ctx, i.client, mg); err != nil {
		return fmt.Errorf("cannot restore the external name %q: %w", id, err)
	}
	return nil
}

// A TakenError says that another object manages what the external name of an object
// names.
type TakenError struct {
	// ID that the external name gives.
	ID string
	// By says which object has it, if that may be told.
	By string
	// Has is the ID that the object had before; empty: none.
	Has string
}

// Error names the remedy.
func (e *TakenError) Error() string {
	remedy := "create this object anew without the annotation " + meta.AnnotationKeyExternalName + ", set managementPolicies: [Observe] to only watch it,"
	if e.Has != "" {
		remedy = fmt.Sprintf("set the annotation %s back to %q,", meta.AnnotationKeyExternalName, e.Has)
	}
	return fmt.Sprintf("%q is managed by %s: %s or delete the other object first", e.ID, e.By, remedy)
}

// TerminalIfLasting reports that only the user can end this, unless the other object is
// being deleted.
func (e *TakenError) TerminalIfLasting() bool { return true }

// free fails if another object manages what has an ID.
func (i identity) free(ctx context.Context, mg resource.Managed, id string) error {
	l, ok := i.list.DeepCopyObject().(resource.ManagedList)
	if !ok {
		return fmt.Errorf("%T is not a list of managed resources", i.list)
	}
	if err := i.client.List(ctx, l, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("cannot tell whether another object manages %q: %w", id, err)
	}
	for _, o := range l.GetItems() {
		// Two that were pointed at it and have not observed it yet hold it as little as one.
		holds := ObservedID(o) == id || (ObservedID(o) == "" && Created(o, id))
		if o.GetUID() == mg.GetUID() || OnlyObserves(o) || !holds {
			continue
		}
		by := "another object"
		if o.GetNamespace() == mg.GetNamespace() {
			by = fmt.Sprintf("another object, %q", o.GetName())
		}
		return &TakenError{ID: id, By: by, Has: ObservedID(mg)}
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
