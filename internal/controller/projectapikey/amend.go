// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// revoke a key. One that is gone already is no error, if OpenAI does not know it when
// asked for it either.
func (k *keyring) revoke(ctx context.Context, r revocation) error {
	res, err := k.conn.Organization.Projects.APIKeys.Delete(ctx, k.conn.Project, r.id)
	switch {
	case err == nil:
		err = adminapi.ConfirmDeleted(r.id, res.ID, res.Deleted)
	case !apierror.IsNotFound(err):
		err = k.conn.AttributeToProject(ctx, err)
	}
	k.learn(r.id, nil, err)
	if apierror.IsProjectArchived(err) {
		k.tellStillListed(r.id)
		return nil
	}
	if adminapi.IsGone(err) {
		gone := k.provenGone(ctx, r.id)
		if gone == nil {
			return nil
		}
		if apierror.IsProjectArchived(k.conn.AttributeToProject(ctx, err)) {
			k.tellStillListed(r.id)
			return nil
		}
		return fmt.Errorf("cannot revoke key %q: %w", r.id, gone)
	}
	if err != nil {
		return fmt.Errorf("cannot revoke key %q: %w", r.id, err)
	}
	reason := "Revoked"
	if r.reason == reasonLeftover {
		reason = "OrphanRevoked"
	}
	k.tell(event{reason: reason, message: fmt.Sprintf("Revoked key %s, because %s", r.id, r.reason)})
	return nil
}

func (k *keyring) tellStillListed(id string) {
	k.tell(event{warning: true, reason: "StillListed", message: fmt.Sprintf("OpenAI still shows key %s of project %s, which is archived, and refuses to delete it: nobody can use the key any more", id, k.conn.Project)})
}

// tidy revokes keys that nobody should use, and takes them off the record.
func (k *keyring) tidy(ctx context.Context, v *view, revoke []revocation) error {
	s, r := v.secret.DeepCopy(), v.record
	if r.pending != 0 && s != nil {
		// The key of an interrupted mint may be among them, and must not be committed by a
		// delayed write once it is revoked: changing the Secret makes such a write fail.
		r.serial, r.pending = max(r.serial, r.pending), 0
		if err := k.save(ctx, v, s, r); err != nil {
			return err
		}
	}
	var failed []error
	for _, rv := range revoke {
		kept, err := k.revokeUnused(ctx, v, rv)
		if err != nil {
			// One that cannot be revoked must not keep the others alive.
			if failed = append(failed, err); apierror.ClassOf(err) == apierror.ClassThrottled {
				break
			}
			continue
		}
		if !kept {
			*v = v.without(rv.id)
		}
	}
	if s != nil && len(v.record.retiring) != len(r.retiring) {
		failed = append(failed, k.save(ctx, v, s, v.record))
	}
	return errors.Join(failed...)
}

// revokeUnused revokes a key, but keeps a leftover that was used since it was listed:
// then somebody has its value, and it retires like others.
func (k *keyring) revokeUnused(ctx context.Context, v *view, rv revocation) (kept bool, err error) {
	if rv.gone {
		return false, nil
	}
	if rv.reason == reasonLeftover {
		key, err := k.get(ctx, rv.id)
		if err != nil && !adminapi.IsGone(err) {
			return false, err
		}
		if err == nil && v.somebodyHas(key) {
			*v = v.with(*key)
			return true, nil
		}
	}
	return false, k.revoke(ctx, rv)
}

// retire records keys as retiring that another write of the Secret forgot.
func (k *keyring) retire(ctx context.Context, v *view, ids []string) error {
	r := v.record
	r.retiring = maps.Clone(r.retiring)
	for _, id := range ids {
		r.retiring[id] = v.retiree(v.find(id), unplanned)
	}
	return k.save(ctx, v, v.secret.DeepCopy(), r)
}

// limit makes retiring keys expire at OpenAI when their overlap is over.
func (k *keyring) limit(ctx context.Context, v *view, ids []string) error {
	var failed []error
	r := v.record
	r.retiring = maps.Clone(r.retiring)
	for _, id := range ids {
		retiree, noted := r.retiring[id]
		if !noted {
			retiree.RevokeAt = v.overlapEnds()
		}
		left := max(int64(retiree.RevokeAt.Sub(v.now).Round(time.Second).Seconds()), 1)
		_, err := k.change(ctx, id, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: left})
		if err != nil && !apierror.IsInvalid(err) && !apierror.IsRefused(err) && !apierror.IsNotFound(err) {
			failed = append(failed, fmt.Errorf("cannot let key %q expire: %w", id, err))
			continue
		}
		// A lasting refusal changes nothing: the key is revoked when its time comes.
		if retiree.Expires = true; noted {
			r.retiring[id] = retiree
		}
	}
	return errors.Join(append(failed, k.save(ctx, v, v.secret.DeepCopy(), r))...)
}

// move the key to the Secret that the spec names now. The former Secret is deleted
// by the next update.
func (k *keyring) move(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view) error {
	s, r := newSecret(cr), v.record
	r.former = v.former.GetName()
	fill(s, r, string(v.former.Data[dataAPIKey]), v.details)
	if err := mark(cr, s, v.owned); err != nil {
		return err
	}
	if err := k.kube.Create(ctx, s, fieldManager); err != nil {
		return fmt.Errorf("cannot write Secret %q: %w", client.ObjectKeyFromObject(s), concealed(err, s, v.secret))
	}
	k.tell(event{reason: "Moved", message: fmt.Sprintf("Moved key %s from Secret %s to %s", r.keyID, r.former, s.GetName())})
	return nil
}

// update the held key at OpenAI and the Secret in place.
func (k *keyring) update(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, id string) error {
	r := v.record
	params := openai.AdminOrganizationProjectAPIKeyUpdateParams{}
	var changes []reconciler.Change
	if !v.scopesApplied() {
		changes = append(changes, reconciler.Change{Field: "scopes", From: appliedScopes(cr, r), To: scopesText(v.scopes)})
	}
	if !v.scopesApplied() || v.mustAssert() {
		r.scopes, r.asserted = fingerprint(v.scopes), v.now
		// An empty list, other than none, gives full permissions.
		params.Scopes = append([]string{}, v.scopes...)
	}
	if v.expiresIn != r.expiresIn {
		changes = append(changes, reconciler.Change{Field: "expiresIn", From: expiryText(r.expiresIn), To: expiryText(v.expiresIn)})
		r.expiresIn = v.expiresIn
		params.ExpiresInSeconds = int64(v.expiresIn.Seconds())
	}
	if params.Scopes != nil || params.ExpiresInSeconds != 0 {
		key, err := k.change(ctx, id, params)
		if err != nil {
			return fmt.Errorf("cannot update key %q: %w", id, k.conn.AttributeToProject(ctx, err))
		}
		if params.ExpiresInSeconds != 0 {
			r.granted = 0
			if key.ExpiresAt != 0 {
				r.granted = max(v.ends(key).Sub(v.now).Round(time.Second), 0)
			}
		}
		*v = v.with(*key)
		reconciler.RecordChanges(ctx, changes...)
	}
	if err := k.deleteFormer(ctx, cr, r.former); err != nil {
		return err
	}
	r.former = ""
	// Should this write be lost, the update above is repeated, which changes nothing.
	s := v.secret.DeepCopy()
	if err := mark(cr, s, v.owned); err != nil {
		return err
	}
	fill(s, r, "", v.details)
	v.rebuilt, v.brought = false, false
	return k.save(ctx, v, s, r)
}

// change a key at OpenAI.
func (k *keyring) change(ctx context.Context, id string, params openai.AdminOrganizationProjectAPIKeyUpdateParams) (*openai.ProjectAPIKey, error) {
	key, err := k.conn.Organization.Projects.APIKeys.Update(ctx, k.conn.Project, id, params)
	err = read(id, key, err)
	k.learn(id, key, err)
	return key, err
}

// provenGone fails unless a key is neither found by its ID nor listed.
func (k *keyring) provenGone(ctx context.Context, id string) error {
	if _, err := k.get(ctx, id); !adminapi.IsGone(err) {
		return cmp.Or(err, adminapi.ConfirmDeleted(id, "", false))
	}
	return adminapi.ProjectAPIKeys.ConfirmUnlisted(ctx, k.conn, k.conn.Project, id)
}

// appliedScopes are those of a key as far as is known: OpenAI does not tell.
func appliedScopes(cr *v1alpha1.ProjectAPIKey, r record) string {
	if r.scopes == scopesAsFound {
		return "as found"
	}
	return scopesText(cr.Status.AtProvider.Scopes)
}

func scopesText(scopes []string) string {
	if len(scopes) == 0 {
		return "full permissions"
	}
	return strings.Join(scopes, ", ")
}

func expiryText(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return d.String()
}

// deleteFormer deletes the Secret that another replaced, if it is the object's.
func (k *keyring) deleteFormer(ctx context.Context, cr *v1alpha1.ProjectAPIKey, name string) error {
	if ref := cr.Spec.WriteConnectionSecretToReference; name == "" || ref == nil || name == ref.Name {
		return nil
	}
	s := &corev1.Secret{}
	nn := types.NamespacedName{Namespace: cr.GetNamespace(), Name: name}
	err := k.live.Get(ctx, nn, s)
	if err == nil && s.Labels[labelOwner] == string(cr.GetUID()) {
		err = k.kube.Delete(ctx, s, client.Preconditions{UID: &s.UID, ResourceVersion: &s.ResourceVersion})
	}
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot delete former Secret %q: %w", nn, err)
	}
	return nil
}

// save a changed Secret and record, and note them in the view.
func (k *keyring) save(ctx context.Context, v *view, s *corev1.Secret, r record) error {
	r.write(s)
	if err := k.kube.Update(ctx, s, fieldManager); err != nil {
		return fmt.Errorf("cannot update Secret %q: %w", client.ObjectKeyFromObject(s), concealed(err, s, v.secret))
	}
	v.secret, v.record = s, r
	return nil
}
