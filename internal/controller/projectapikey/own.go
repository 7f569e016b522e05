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

// kindOf is the kind of the objects here.
const kindOf = "ProjectAPIKey"

// own finds out which of the listed keys are the object's own, and claims them. A key is its
// own if its name says so, which follows from the object's UID; if its status does, which
// only the provider writes; or if the Secret holds its value. That the Secret or an
// annotation names a key proves nothing: whoever may edit them could end keys of others.
func (e *external) own(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view) error {
	v.proven, v.taken = map[string]bool{}, map[string]*reconciler.ManagedByOtherError{}
	if reconciler.OnlyObserves(cr) {
		return nil
	}
	if err := e.keepReplaced(ctx, cr, v); err != nil {
		return err
	}
	var family tag
	for i := range v.listed {
		k := &v.listed[i]
		byValue, err := e.prove(ctx, cr, v, k)
		if err != nil {
			return err
		}
		if byValue && tagged.MatchString(k.Name) {
			of, _, _ := strings.Cut(k.Name, "-")
			family = tag(of)
		}
	}
	for i := range v.listed {
		// Its former keys were issued for the same object as the one in the Secret, as when
		// that was restored from a backup.
		k := &v.listed[i]
		_, retiring := v.record.retiring[k.ID]
		if _, related := family.serial(k.Name); family != "" && related && retiring && v.ownAccount(k) {
			if err := e.take(ctx, cr, v, k.ID); err != nil {
				return err
			}
		}
	}
	cr.OwnershipStatus().ManagedIDs = v.manages(cr)
	return nil
}

// prove that a key is the object's own, and claim it. It reports whether the value in the
// Secret proved it.
func (e *external) prove(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, k *openai.ProjectAPIKey) (byValue bool, err error) {
	if _, minted := v.tag.serial(k.Name); minted {
		return false, e.take(ctx, cr, v, k.ID)
	}
	switch {
	case !v.ownAccount(k) && !incomplete(k):
		return false, nil
	case reconciler.Manages(cr, k.ID):
		return false, e.take(ctx, cr, v, k.ID)
	case k.ID != v.record.keyID && v.record.keyID != "", e.isWithdrawn(ctx):
		// What may only be ended is what it managed before.
		return false, nil
	}
	return e.proveByValue(ctx, cr, v, k)
}

// proveByValue reports whether the Secret holds the value of a key that no other object
// manages, and claims it then.
func (e *external) proveByValue(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, k *openai.ProjectAPIKey) (bool, error) {
	value := v.value()
	if ok, _ := fits(k.RedactedValue, value); !ok {
		return false, nil
	}
	if err := e.take(ctx, cr, v, k.ID); err != nil || !v.proven[k.ID] || v.expired(k) {
		// That OpenAI refuses an expired one proves as little of others as it harms.
		return false, err
	}
	// The redacted form shows only a few characters, which others may know.
	accepted, err := e.conn.AcceptsKey(ctx, value)
	if !accepted {
		e.claims.Release(kindOf, cr, k.ID)
	}
	v.proven[k.ID] = accepted
	if err != nil && !e.givesUp(cr) {
		return false, fmt.Errorf("cannot tell whether the Secret holds the value of key %q: %w", k.ID, err)
	}
	return accepted, nil
}

// proofPatience is how long the deletion of an object waits for OpenAI to tell whether it
// accepts the value of a key. It must not wait for ever for what may never answer.
const proofPatience = 10 * time.Minute

// givesUp reports whether an object goes although a key could not be proven to be its own.
func (e *external) givesUp(cr *v1alpha1.ProjectAPIKey) bool {
	return meta.WasDeleted(cr) && e.now().After(cr.GetDeletionTimestamp().Add(proofPatience))
}

// take a key whose proof there is, unless another object manages it.
func (e *external) take(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, id string) error {
	err := e.claims.Acquire(ctx, kindOf, cr, id)
	var taken *reconciler.ManagedByOtherError
	if errors.As(err, &taken) {
		v.taken[id] = taken
		return nil
	}
	v.proven[id] = err == nil
	return err
}

// replacing notes that the trigger replaces a key that was made elsewhere and whose value
// nobody gave, unless its service account is another's.
func (e *external) replacing(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, name string) error {
	k := v.find(name)
	if k == nil || v.ours(k) || !v.ownAccount(k) || v.trigger == "" || v.record.keyID != "" || onlyObserves(cr) || meta.WasDeleted(cr) {
		return nil
	}
	if elsewhere, err := e.accountIsElsewhere(ctx, cr, k); err != nil || elsewhere {
		return err
	}
	if err := e.claims.Acquire(ctx, kindOf, cr, k.ID); err != nil {
		return err
	}
	v.replaces = k.ID
	return nil
}

// accountIsElsewhere reports whether another namespace manages the service account of a key.
func (e *external) accountIsElsewhere(ctx context.Context, cr *v1alpha1.ProjectAPIKey, k *openai.ProjectAPIKey) (bool, error) {
	return e.claims.IsManagedElsewhere(ctx, cr, "ProjectServiceAccount", k.Owner.ServiceAccount.ID)
}

// keepReplaced claims a key that was made elsewhere and that the trigger had replaced, once
// the Secret holds its successor. The user named it, and whoever may use its service account
// without asking could end it with that.
func (e *external) keepReplaced(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view) error {
	id := meta.GetExternalName(cr)
	k := v.find(id)
	_, retiring := v.record.retiring[id]
	if k == nil || !retiring || e.isWithdrawn(ctx) || v.trigger == "" || v.record.keyID == "" || reconciler.Created(cr, id) || reconciler.Manages(cr, id) || !v.ownAccount(k) {
		return nil
	}
	if elsewhere, err := e.accountIsElsewhere(ctx, cr, k); err != nil || elsewhere {
		return err
	}
	return e.saveReplaced(ctx, cr, id)
}

// saveReplaced notes in the status, at the API server, that the object manages a key which it
// replaced. One that another object took meanwhile is that one's to end.
func (e *external) saveReplaced(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) error {
	if id == "" {
		return nil
	}
	err := e.claims.Acquire(ctx, kindOf, cr, id)
	if taken := (*reconciler.ManagedByOtherError)(nil); errors.As(err, &taken) {
		return nil
	}
	if err != nil {
		return err
	}
	noted := cr.DeepCopy()
	noted.Status.Add(id)
	if err := e.kube.Status().Patch(ctx, noted, client.MergeFrom(cr)); err != nil {
		return fmt.Errorf("cannot note that key %q was replaced: %w", id, err)
	}
	cr.Status.ManagedIDs = noted.Status.ManagedIDs
	cr.SetResourceVersion(noted.GetResourceVersion())
	return nil
}

// hold a key that was issued or adopted just now. The next look would find it, too.
func (e *external) hold(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) {
	if err := e.claims.Acquire(ctx, kindOf, cr, id); err == nil {
		cr.Status.Add(id)
	}
}

// manages are the IDs of the object's own keys: those that are listed, and those that the
// Secret names and that are not listed at the moment. If they are too many, those are left
// out that their names tell and that the object was not seen with: anybody may name keys at
// OpenAI, and use them.
func (v view) manages(cr *v1alpha1.ProjectAPIKey) []string {
	ids, more := map[string]bool{}, map[string]bool{}
	for i := range v.listed {
		k := &v.listed[i]
		_, minted := v.tag.serial(k.Name)
		_, retiring := v.record.retiring[k.ID]
		switch {
		case !v.ours(k):
		case minted && !retiring && k.ID != v.record.keyID && !v.committed[k.ID]:
			more[k.ID] = true
		default:
			ids[k.ID] = true
		}
	}
	for _, id := range v.known() {
		if v.find(id) == nil && reconciler.Manages(cr, id) {
			ids[id] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(more)) {
		if len(ids) < mostManaged {
			ids[id] = true
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(ids))
}

// value of the key in the Secret; empty: there is none.
func (v view) value() string {
	if s := cmp.Or(v.secret, v.former); s != nil {
		return string(s.Data[dataAPIKey])
	}
	return ""
}

// notIts says why the key that the Secret names is not the object's; nil: it is, or OpenAI
// does not list it.
func (v view) notIts() error {
	k := v.find(v.record.keyID)
	if k == nil || v.ours(k) {
		return nil
	}
	secret := client.ObjectKeyFromObject(cmp.Or(v.secret, v.former))
	switch {
	case v.taken[k.ID] != nil:
		return terminal.IfLastingErrorf("Secret %q holds key %q, which is managed by %s: end what copies Secrets here, and delete this one to have a key of its own issued for this object, or delete this object", secret, k.ID, v.taken[k.ID].By)
	case !v.ownAccount(k):
		return terminal.Errorf("Secret %q holds key %q of another service account, which would be lost: name another Secret in writeConnectionSecretToRef, or correct the service account", secret, k.ID)
	}
	return terminal.Errorf("Secret %q names key %q and does not hold a value that OpenAI accepts for it, so that nothing proves that the key is this object's: put its value there, or delete the Secret to have another key issued", secret, k.ID)
}
