// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// referenceManager is the field manager of IDs that were taken from references.
const referenceManager = "provider-openai-references"

// references resolves the references of managed resources, each by itself.
type references struct {
	client    client.Client
	targets   targets
	ownership *Ownership
}

// ResolveReferences of an object. It is no error that a referenced object has no ID yet: the reconcile
// waits for it. A reference that now leads elsewhere is reported after the object was observed.
func (r references) ResolveReferences(ctx context.Context, mg resource.Managed) error {
	return recordError(ctx, r.resolveAll(ctx, mg))
}

func (r references) resolveAll(ctx context.Context, mg resource.Managed) error {
	from, ok := mg.(Object)
	if !ok {
		return fmt.Errorf("%T does not have References", mg)
	}
	var waits []string
	for _, ref := range from.References() {
		wait, err := r.resolveReference(ctx, from, ref)
		if err != nil {
			return err
		}
		if wait != "" {
			waits = append(waits, wait)
		}
	}
	if len(waits) > 0 {
		stateOf(ctx).unresolvedReference = "waiting for " + strings.Join(waits, ", and for ")
	}
	return nil
}

// resolveReference sets the ID of a reference, or returns what that waits for. Wherever the ID comes
// from, the object must be allowed to refer to it.
func (r references) resolveReference(ctx context.Context, from Object, ref v1alpha1.Reference) (wait string, err error) {
	if !keepImmutableID(ctx, ref) {
		got, err := r.resolve(ctx, from, ref)
		if err != nil {
			return "", err
		}
		wait = got.wait
		switch {
		case got.id == "" || got.id == valueOf(*ref.ID):
		case got.kept:
			*ref.ID = &got.id
		default:
			if err := r.write(ctx, from, ref, got); err != nil {
				return "", err
			}
		}
	}
	id := cmp.Or(valueOf(*ref.ID), ref.Observed)
	if id == "" {
		return wait, nil
	}
	err = r.ownership.CheckReference(ctx, from, ref.Kind, id, fmt.Sprintf("spec.forProvider.%s %q", ref.Field, id))
	var noConsent *ConsentError
	if errors.As(err, &noConsent) && len(from.OwnershipStatus().ManagedIDs) > 0 && reconcilestate.Of(ctx).AllowDeletionOnly(err) {
		// It may still delete what it created while it was allowed.
		return wait, nil
	}
	return wait, err
}

// keepImmutableID reports whether a field names another ID than the one that the object's resource belongs
// to, which cannot move. The error is recorded, and the object keeps the ID that it belongs to.
func keepImmutableID(ctx context.Context, ref v1alpha1.Reference) bool {
	if ref.Follow || ref.Observed == "" || *ref.ID == nil || **ref.ID == ref.Observed {
		return false
	}
	recordReferenceChanged(ctx, terminal.Errorf("spec.forProvider.%s is %q, while this object belongs to %q and cannot move: set it to that, or delete this object and create it again", ref.Field, **ref.ID, ref.Observed))
	*ref.ID = &ref.Observed
	return true
}

// A resolution is the result of resolving a reference.
type resolution struct {
	// id of the referenced object; empty: the field stays as it is.
	id string
	// kept reports that the ID is the one that the object had. It is not written, because the API
	// server would then refuse a correction of the reference.
	kept bool
	// ref to write beside the ID of an object that was selected.
	ref *xpv2.NamespacedReference
	// wait describes the referenced object that has no ID yet; empty: none is waited for.
	wait string
}

// restoreReferences sets, in memory, the IDs that an object being deleted refers to back to those that
// were observed. The runtime does not resolve its references any more, and whoever edits the
// object could make them lead to resources of others.
func restoreReferences(mg resource.Managed) {
	o, ok := mg.(Object)
	if !ok {
		return
	}
	for _, ref := range o.References() {
		if !ref.Follow && ref.Observed != "" {
			*ref.ID = &ref.Observed
		}
	}
}

// resolve a reference without writing its ID.
func (r references) resolve(ctx context.Context, from Object, ref v1alpha1.Reference) (resolution, error) {
	if *ref.Ref == nil && ref.Selector == nil {
		return resolution{}, nil
	}
	// The observed ID counts if somebody replaced the manifest by one without an ID.
	had := valueOf(*ref.ID)
	if had == "" {
		had = ref.Observed
	}
	to, wait, err := r.targets.find(ctx, from, ref)
	if err != nil {
		return resolution{}, fmt.Errorf("spec.forProvider.%s: %w", field(ref), err)
	}
	if to == nil {
		return unresolved(ref, had, wait), nil
	}
	got := resolution{id: targetID(to)}
	if *ref.Ref == nil {
		got.ref = &xpv2.NamespacedReference{Name: to.GetName(), Namespace: to.GetNamespace()}
	}
	if had == "" || had == got.id {
		return got, nil
	}
	if ref.Follow {
		managed, err := r.ownership.IsManaged(ctx, ref.Kind, had)
		if err != nil || !managed {
			return got, err
		}
	}
	recordReferenceChanged(ctx, &referenceChangedError{field: field(ref), kind: ref.Kind, to: client.ObjectKeyFromObject(to), had: had, id: got.id})
	return resolution{id: had, kept: true}, nil
}

// unresolved is the resolution of a reference whose target has no ID: the object keeps the ID that it
// had, does without, or waits.
func unresolved(ref v1alpha1.Reference, had, wait string) resolution {
	switch {
	case had != "":
		return resolution{id: had, kept: true}
	case optional(ref):
		return resolution{}
	}
	return resolution{wait: wait}
}

// recordReferenceChanged keeps the error of the first reference that leads elsewhere than before until the object
// was observed.
func recordReferenceChanged(ctx context.Context, err error) {
	s := stateOf(ctx)
	s.referenceChanged = cmp.Or(s.referenceChanged, err)
}

// A referenceChangedError says that a reference leads to another ID than before.
type referenceChangedError struct {
	field, kind string
	to          types.NamespacedName
	had, id     string
}

// Error names both IDs and the remedy.
func (e *referenceChangedError) Error() string {
	return fmt.Sprintf("spec.forProvider.%s leads to %s %q, which is %q now, while this object belongs to %q and cannot move: let it lead back to that, or delete this object and create it again", e.field, e.kind, e.to, e.id, e.had)
}

// Terminal reports that only the user can end this.
func (e *referenceChangedError) Terminal() bool { return true }

// field that names the target.
func field(ref v1alpha1.Reference) string {
	if *ref.Ref != nil {
		return ref.Field + "Ref"
	}
	return ref.Field + "Selector"
}

// optional reports whether the object can do without what it refers to.
func optional(ref v1alpha1.Reference) bool {
	if *ref.Ref != nil {
		return (*ref.Ref).Policy.IsResolutionPolicyOptional()
	}
	return ref.Selector.Policy.IsResolutionPolicyOptional()
}

// write the ID of a reference, and nothing else of the spec. The validation of the CRD lets an ID only
// be replaced by removing it first.
func (r references) write(ctx context.Context, from Object, ref v1alpha1.Reference, got resolution) error {
	if *ref.ID != nil {
		if err := r.patch(ctx, from, map[string]any{ref.Field: nil}); err != nil {
			return fmt.Errorf("cannot resolve spec.forProvider.%s again: %w", ref.Field, err)
		}
	}
	fields := map[string]any{ref.Field: got.id}
	if got.ref != nil {
		fields[ref.Field+"Ref"] = got.ref
	}
	if err := r.patch(ctx, from, fields); err != nil {
		return fmt.Errorf("cannot set spec.forProvider.%s to %q: %w", ref.Field, got.id, err)
	}
	*ref.ID = &got.id
	if got.ref != nil {
		*ref.Ref = got.ref
	}
	return nil
}

func (r references) patch(ctx context.Context, from Object, fields map[string]any) error {
	data, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"uid": from.GetUID(), "resourceVersion": from.GetResourceVersion()},
		"spec":     map[string]any{"forProvider": fields},
	})
	if err != nil {
		return err
	}
	written, ok := from.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("a copy of %T is not an object", from)
	}
	if err := r.client.Patch(ctx, written, client.RawPatch(types.MergePatchType, data), client.FieldOwner(referenceManager)); err != nil {
		return err
	}
	from.SetResourceVersion(written.GetResourceVersion())
	from.SetGeneration(written.GetGeneration())
	return nil
}

// targets reads the objects that others refer to. Nothing else does, so that consent is checked here.
type targets struct{ client.Reader }

// find the object that a reference leads to, if it has an ID; otherwise what to wait for.
func (t targets) find(ctx context.Context, from Object, ref v1alpha1.Reference) (to resource.Managed, wait string, err error) {
	if *ref.Ref != nil {
		return t.named(ctx, from, ref, **ref.Ref)
	}
	return t.selected(ctx, from, ref, *ref.Selector)
}

func (t targets) named(ctx context.Context, from Object, ref v1alpha1.Reference, r xpv2.NamespacedReference) (resource.Managed, string, error) {
	nn := types.NamespacedName{Namespace: r.Namespace, Name: r.Name}
	if nn.Namespace == "" {
		nn.Namespace = from.GetNamespace()
	}
	to, ok := ref.To.DeepCopyObject().(resource.Managed)
	if !ok {
		return nil, "", fmt.Errorf("%T is not a managed resource", ref.To)
	}
	// An object that does not exist has no ID.
	if err := client.IgnoreNotFound(t.Get(ctx, nn, to)); err != nil {
		return nil, "", fmt.Errorf("cannot get %s %q: %w", ref.Kind, nn, err)
	}
	if nn.Namespace != from.GetNamespace() {
		// The message does not show whether there is such an object.
		if !allows(to, from.GetNamespace()) || targetID(to) == "" {
			return nil, fmt.Sprintf("%s %q to exist, to have an ID and to allow references from namespace %q (annotation %s)", ref.Kind, nn, from.GetNamespace(), annotationAllow), nil
		}
		return to, "", nil
	}
	if targetID(to) == "" {
		return nil, fmt.Sprintf("%s %q to have an ID", ref.Kind, nn), nil
	}
	return to, "", nil
}

func (t targets) selected(ctx context.Context, from Object, ref v1alpha1.Reference, s v1alpha1.NamespacedSelector) (resource.Managed, string, error) {
	namespace := s.Namespace
	if namespace == "" {
		namespace = from.GetNamespace()
	}
	l, err := t.list(ctx, ref, client.InNamespace(namespace), client.MatchingLabels(s.MatchLabels))
	if err != nil {
		return nil, "", err
	}
	found := slices.DeleteFunc(l, func(o resource.Managed) bool {
		return !allows(o, from.GetNamespace()) || s.MatchControllerRef != nil && *s.MatchControllerRef && !meta.HaveSameController(from, o)
	})
	switch len(found) {
	case 0:
		wait := fmt.Sprintf("a %s of namespace %q that spec.forProvider.%s selects", ref.Kind, namespace, field(ref))
		if namespace != from.GetNamespace() {
			wait += fmt.Sprintf(" and that allows references from namespace %q (annotation %s)", from.GetNamespace(), annotationAllow)
		}
		return nil, wait, nil
	case 1:
		if targetID(found[0]) == "" {
			return nil, fmt.Sprintf("%s %q to have an ID", ref.Kind, client.ObjectKeyFromObject(found[0])), nil
		}
		return found[0], "", nil
	}
	var names []string
	for _, o := range found {
		names = append(names, fmt.Sprintf("%q", o.GetName()))
	}
	slices.Sort(names)
	const most = 5
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return nil, "", terminal.IfLastingErrorf("%d objects of kind %s in namespace %q match (%s): let it select one, or name one with %sRef", len(found), ref.Kind, namespace, strings.Join(names, ", "), ref.Field)
}

func (t targets) list(ctx context.Context, ref v1alpha1.Reference, opts ...client.ListOption) ([]resource.Managed, error) {
	l, ok := ref.List.DeepCopyObject().(resource.ManagedList)
	if !ok {
		return nil, fmt.Errorf("%T is not a list of managed resources", ref.List)
	}
	if err := t.List(ctx, l, append(opts, client.UnsafeDisableDeepCopy)...); err != nil {
		return nil, fmt.Errorf("cannot list objects of kind %s: %w", ref.Kind, err)
	}
	return l.GetItems(), nil
}

// targetID is the ID of a referenced object: the one that it itself created, or that was observed. An
// external name that a user wrote may be the ID of anything.
func targetID(o resource.Managed) string {
	name := meta.GetExternalName(o)
	if Created(o, name) {
		return name
	}
	return ObservedID(o)
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
