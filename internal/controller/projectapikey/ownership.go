// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

const kindName = "ProjectAPIKey"

// verifyManaged finds out which of the listed keys the object manages, and records that. It manages a
// key whose name has its owner hash, which follows from its UID; one that its status names, which
// only the provider writes; and one whose value the Secret holds. That the Secret or an annotation
// names a key does not count: whoever may edit them could have the keys of others revoked.
func (e *external) verifyManaged(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) error {
	o.verified, o.managedByOthers = map[string]bool{}, map[string]*reconciler.ManagedByOtherError{}
	if reconciler.IsReadOnly(cr) {
		return nil
	}
	if err := e.manageReplaced(ctx, cr, o); err != nil {
		return err
	}
	var family ownerHash
	for i := range o.keys {
		k := &o.keys[i]
		byValue, err := e.verify(ctx, cr, o, k)
		if err != nil {
			return err
		}
		if byValue && providerKeyName.MatchString(k.Name) {
			of, _, _ := strings.Cut(k.Name, "-")
			family = ownerHash(of)
		}
	}
	for i := range o.keys {
		// Its predecessors were issued for the same object as the key in the Secret, as when that
		// was restored from a backup.
		k := &o.keys[i]
		_, retiring := o.state.retiring[k.ID]
		if _, related := family.serial(k.Name); family != "" && related && retiring && o.sameAccount(k) {
			if err := e.manage(ctx, cr, o, k.ID); err != nil {
				return err
			}
		}
	}
	cr.OwnershipStatus().ManagedIDs = o.managedIDs(cr)
	return nil
}

// verify whether the object manages a key, and record that. It reports whether the value in the
// Secret verified it.
func (e *external) verify(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, k *openai.ProjectAPIKey) (byValue bool, err error) {
	if _, hasHash := o.ownerHash.serial(k.Name); hasHash {
		return false, e.manage(ctx, cr, o, k.ID)
	}
	switch {
	case !o.sameAccount(k) && !isIncomplete(k):
		return false, nil
	case reconciler.Manages(cr, k.ID):
		return false, e.manage(ctx, cr, o, k.ID)
	case k.ID != o.state.keyID && o.state.keyID != "", e.deletionOnly(ctx):
		// An object that may only revoke keys manages no others.
		return false, nil
	}
	return e.verifyByValue(ctx, cr, o, k)
}

// verifyByValue reports whether the Secret holds the value of a key that no other object manages,
// and manages it then.
func (e *external) verifyByValue(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, k *openai.ProjectAPIKey) (bool, error) {
	value := o.storedValue()
	if ok, _ := matchesRedacted(k.RedactedValue, value); !ok {
		return false, nil
	}
	if err := e.manage(ctx, cr, o, k.ID); err != nil || !o.verified[k.ID] || o.expired(k) {
		// OpenAI refuses the value of an expired key, so that it cannot be verified. It does no
		// harm either.
		return false, err
	}
	// The redacted form shows only a few characters, which others may know.
	accepted, err := e.conn.AcceptsKey(ctx, value)
	if !accepted {
		e.ownership.Release(kindName, cr, k.ID)
	}
	o.verified[k.ID] = accepted
	if err != nil && !e.givesUpVerifying(cr) {
		return false, fmt.Errorf("cannot determine whether the Secret holds the value of key %q: %w", k.ID, err)
	}
	return accepted, nil
}

// verificationTimeout is how long the deletion of an object waits to verify the value of a key.
const verificationTimeout = 10 * time.Minute

// givesUpVerifying reports whether an object is deleted although a key could not be verified.
func (e *external) givesUpVerifying(cr *v1alpha1.ProjectAPIKey) bool {
	return meta.WasDeleted(cr) && e.now().After(cr.GetDeletionTimestamp().Add(verificationTimeout))
}

// manage a verified key, unless another object manages it.
func (e *external) manage(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, id string) error {
	err := e.ownership.SetManager(ctx, kindName, cr, id)
	var taken *reconciler.ManagedByOtherError
	if errors.As(err, &taken) {
		o.managedByOthers[id] = taken
		return nil
	}
	o.verified[id] = err == nil
	return err
}

// allowReplacement sets replacesID if the trigger replaces a key that was created elsewhere, unless
// its service account is managed by another namespace.
func (e *external) allowReplacement(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, name string) error {
	k := o.find(name)
	if k == nil || o.manages(k) || !o.sameAccount(k) || o.trigger == "" || o.state.keyID != "" || mayNotChangeKey(cr) || meta.WasDeleted(cr) {
		return nil
	}
	if elsewhere, err := e.accountManagedInOtherNamespace(ctx, cr, k); err != nil || elsewhere {
		return err
	}
	if err := e.ownership.SetManager(ctx, kindName, cr, k.ID); err != nil {
		return err
	}
	o.replacesID = k.ID
	return nil
}

// accountManagedInOtherNamespace reports whether another namespace manages the service account of a key.
func (e *external) accountManagedInOtherNamespace(ctx context.Context, cr *v1alpha1.ProjectAPIKey, k *openai.ProjectAPIKey) (bool, error) {
	return e.ownership.IsManagedInOtherNamespace(ctx, cr, "ProjectServiceAccount", k.Owner.ServiceAccount.ID)
}

// manageReplaced manages a key that was created elsewhere and that the trigger replaced, once the
// Secret holds its successor. The user named it, and whoever may use its service account could
// revoke it anyway.
func (e *external) manageReplaced(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) error {
	id := meta.GetExternalName(cr)
	k := o.find(id)
	_, retiring := o.state.retiring[id]
	if k == nil || !retiring || e.deletionOnly(ctx) || o.trigger == "" || o.state.keyID == "" || reconciler.Created(cr, id) || reconciler.Manages(cr, id) || !o.sameAccount(k) {
		return nil
	}
	if elsewhere, err := e.accountManagedInOtherNamespace(ctx, cr, k); err != nil || elsewhere {
		return err
	}
	return e.persistReplaced(ctx, cr, id)
}

// persistReplaced writes to the status at the API server that the object manages a key which it
// replaced. If another object manages the key by now, that one revokes it.
func (e *external) persistReplaced(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) error {
	if id == "" {
		return nil
	}
	err := e.ownership.SetManager(ctx, kindName, cr, id)
	if taken := (*reconciler.ManagedByOtherError)(nil); errors.As(err, &taken) {
		return nil
	}
	if err != nil {
		return err
	}
	written := cr.DeepCopy()
	written.Status.Add(id)
	if err := e.kube.Status().Patch(ctx, written, client.MergeFrom(cr)); err != nil {
		return fmt.Errorf("cannot record that key %q was replaced: %w", id, err)
	}
	cr.Status.ManagedIDs = written.Status.ManagedIDs
	cr.SetResourceVersion(written.GetResourceVersion())
	return nil
}

// manageIssued manages a key that was issued or adopted just now. If that fails, the next
// reconcile does.
func (e *external) manageIssued(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) {
	if err := e.ownership.SetManager(ctx, kindName, cr, id); err == nil {
		cr.Status.Add(id)
	}
}

// managedIDs are the IDs of the object's keys: of those that are listed, and of those that the
// Secret names and that are not listed at the moment. If they are too many, keys are left out that
// have only the owner hash: anybody may name keys at OpenAI.
func (o observed) managedIDs(cr *v1alpha1.ProjectAPIKey) []string {
	ids, byName := map[string]bool{}, map[string]bool{}
	for i := range o.keys {
		k := &o.keys[i]
		_, hasHash := o.ownerHash.serial(k.Name)
		_, retiring := o.state.retiring[k.ID]
		switch {
		case !o.manages(k):
		case hasHash && !retiring && k.ID != o.state.keyID && !o.publishedIDs[k.ID]:
			byName[k.ID] = true
		default:
			ids[k.ID] = true
		}
	}
	for _, id := range o.knownIDs() {
		if o.find(id) == nil && reconciler.Manages(cr, id) {
			ids[id] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byName)) {
		if len(ids) < maxManagedIDs {
			ids[id] = true
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(ids))
}

// storedValue of the key in the Secret; empty: there is none.
func (o observed) storedValue() string {
	if s := cmp.Or(o.secret, o.previousSecret); s != nil {
		return string(s.Data[dataAPIKey])
	}
	return ""
}

// currentNotManaged is why the object does not manage the key that the Secret names; nil: it does, or
// OpenAI does not list the key.
func (o observed) currentNotManaged() error {
	k := o.find(o.state.keyID)
	if k == nil || o.manages(k) {
		return nil
	}
	secret := client.ObjectKeyFromObject(cmp.Or(o.secret, o.previousSecret))
	switch {
	case o.managedByOthers[k.ID] != nil:
		return terminal.IfLastingErrorf("Secret %q holds key %q, which is managed by %s: end what copies Secrets here, and delete this one to have a key of its own issued for this object, or delete this object", secret, k.ID, o.managedByOthers[k.ID].By)
	case !o.sameAccount(k):
		return terminal.Errorf("Secret %q holds key %q of another service account, which would be lost: name another Secret in writeConnectionSecretToRef, or correct the service account", secret, k.ID)
	}
	return terminal.Errorf("Secret %q names key %q and does not hold a value that OpenAI accepts for it, so that nothing proves that the key is this object's: put its value there, or delete the Secret to have another key issued", secret, k.ID)
}

// adoptedID is the ID of the key that the object adopted. The annotation also has the owner hash,
// so that a copy of the object adopts nothing.
func adoptedID(cr *v1alpha1.ProjectAPIKey) string {
	id, own := strings.CutPrefix(cr.GetAnnotations()[annotationAdopted], string(ownerHashOf(cr.GetUID()))+"/")
	if !own || !isKeyID(id) {
		return ""
	}
	return id
}

// adoptedAnnotation is the value of the annotation for an adopted key.
func adoptedAnnotation(cr *v1alpha1.ProjectAPIKey, id string) string {
	return string(ownerHashOf(cr.GetUID())) + "/" + id
}
