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
func (c *keyClient) revoke(ctx context.Context, r revocation) error {
	res, err := c.conn.Organization.Projects.APIKeys.Delete(ctx, c.conn.Project, r.id)
	switch {
	case err == nil:
		err = adminapi.ConfirmDeleted(r.id, res.ID, res.Deleted)
	case !apierror.IsNotFound(err):
		err = c.conn.AttributeToProject(ctx, err)
	}
	c.learn(r.id, nil, err)
	if apierror.IsProjectArchived(err) {
		c.emitStillListed(r.id)
		return nil
	}
	if adminapi.IsGone(err) {
		gone := c.confirmGone(ctx, r.id)
		if gone == nil {
			return nil
		}
		if apierror.IsProjectArchived(c.conn.AttributeToProject(ctx, err)) {
			c.emitStillListed(r.id)
			return nil
		}
		return fmt.Errorf("cannot revoke key %q: %w", r.id, gone)
	}
	if err != nil {
		return fmt.Errorf("cannot revoke key %q: %w", r.id, err)
	}
	reason := "Revoked"
	if r.reason == reasonOrphaned {
		reason = "OrphanRevoked"
	}
	c.emit(event{reason: reason, message: fmt.Sprintf("Revoked key %s, because %s", r.id, r.reason)})
	return nil
}

func (c *keyClient) emitStillListed(id string) {
	c.emit(event{warning: true, reason: "StillListed", message: fmt.Sprintf("OpenAI still shows key %s of project %s, which is archived, and refuses to delete it: nobody can use the key any more", id, c.conn.Project)})
}

// revokeKeys revokes keys that nobody should use, and takes them off the record.
func (c *keyClient) revokeKeys(ctx context.Context, o *observed, revoke []revocation) error {
	s, state := o.secret.DeepCopy(), o.state
	if state.pending != 0 && s != nil {
		// The key of an interrupted mint may be among them, and must not be committed by a
		// delayed write once it is revoked: changing the Secret makes such a write fail.
		state.serial, state.pending = max(state.serial, state.pending), 0
		if err := c.saveSecret(ctx, o, s, state); err != nil {
			return err
		}
	}
	var failed []error
	for _, rv := range revoke {
		kept, err := c.revokeUnused(ctx, o, rv)
		if err != nil {
			// One that cannot be revoked must not keep the others alive.
			if failed = append(failed, err); apierror.ClassOf(err) == apierror.ClassThrottled {
				break
			}
			continue
		}
		if !kept {
			*o = o.withoutKey(rv.id)
		}
	}
	if s != nil && len(o.state.retiring) != len(state.retiring) {
		failed = append(failed, c.saveSecret(ctx, o, s, o.state))
	}
	return errors.Join(failed...)
}

// revokeUnused revokes a key, but keeps a leftover that was used since it was listed:
// then somebody has its value, and it retires like others.
func (c *keyClient) revokeUnused(ctx context.Context, o *observed, rv revocation) (kept bool, err error) {
	if rv.gone {
		return false, nil
	}
	if rv.reason == reasonOrphaned {
		key, err := c.get(ctx, rv.id)
		if err != nil && !adminapi.IsGone(err) {
			return false, err
		}
		if err == nil && o.mayBeInUse(key) {
			*o = o.withKey(*key)
			return true, nil
		}
	}
	return false, c.revoke(ctx, rv)
}

// recordRetiring records keys as retiring that another write of the Secret forgot.
func (c *keyClient) recordRetiring(ctx context.Context, o *observed, ids []string) error {
	state := o.state
	state.retiring = maps.Clone(state.retiring)
	for _, id := range ids {
		state.retiring[id] = o.asRetiring(o.find(id), originUnplanned)
	}
	return c.saveSecret(ctx, o, o.secret.DeepCopy(), state)
}

// setExpiries makes retiring keys expire at OpenAI when their overlap is over.
func (c *keyClient) setExpiries(ctx context.Context, o *observed, ids []string) error {
	var failed []error
	state := o.state
	state.retiring = maps.Clone(state.retiring)
	for _, id := range ids {
		retiree, noted := state.retiring[id]
		if !noted {
			retiree.RevokeAt = o.overlapEnds()
		}
		left := max(int64(retiree.RevokeAt.Sub(o.now).Round(time.Second).Seconds()), 1)
		_, err := c.updateAtOpenAI(ctx, id, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: left})
		if err != nil && !apierror.IsInvalid(err) && !apierror.IsRefused(err) && !apierror.IsNotFound(err) {
			failed = append(failed, fmt.Errorf("cannot let key %q expire: %w", id, err))
			continue
		}
		// A lasting refusal changes nothing: the key is revoked when its time comes.
		if retiree.Expires = true; noted {
			state.retiring[id] = retiree
		}
	}
	return errors.Join(append(failed, c.saveSecret(ctx, o, o.secret.DeepCopy(), state))...)
}

// moveSecret the key to the Secret that the spec names now. The former Secret is deleted
// by the next update.
func (c *keyClient) moveSecret(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) error {
	s, state := newSecret(cr), o.state
	state.previousSecret = o.previousSecret.GetName()
	fillSecret(s, state, string(o.previousSecret.Data[dataAPIKey]), o.details)
	if err := markOwned(cr, s, o.ownsSecret); err != nil {
		return err
	}
	if err := c.kube.Create(ctx, s, fieldManager); err != nil {
		return fmt.Errorf("cannot write Secret %q: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s, o.secret))
	}
	c.emit(event{reason: "Moved", message: fmt.Sprintf("Moved key %s from Secret %s to %s", state.keyID, state.previousSecret, s.GetName())})
	return nil
}

// updateKey the held key at OpenAI and the Secret in place.
func (c *keyClient) updateKey(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, id string) error {
	state := o.state
	params := openai.AdminOrganizationProjectAPIKeyUpdateParams{}
	var changes []reconciler.Change
	if !o.scopesApplied() {
		changes = append(changes, reconciler.Change{Field: "scopes", From: appliedScopes(cr, state), To: scopesText(o.scopes)})
	}
	if !o.scopesApplied() || o.scopesReapplyDue() {
		state.scopes, state.scopesAppliedAt = fingerprint(o.scopes), o.now
		// An empty list, other than none, gives full permissions.
		params.Scopes = append([]string{}, o.scopes...)
	}
	if o.expiresIn != state.expiresIn {
		changes = append(changes, reconciler.Change{Field: "expiresIn", From: expiryText(state.expiresIn), To: expiryText(o.expiresIn)})
		state.expiresIn = o.expiresIn
		params.ExpiresInSeconds = int64(o.expiresIn.Seconds())
	}
	if params.Scopes != nil || params.ExpiresInSeconds != 0 {
		key, err := c.updateAtOpenAI(ctx, id, params)
		if err != nil {
			return fmt.Errorf("cannot update key %q: %w", id, c.conn.AttributeToProject(ctx, err))
		}
		if params.ExpiresInSeconds != 0 {
			state.grantedLifetime = 0
			if key.ExpiresAt != 0 {
				state.grantedLifetime = max(o.expiresAt(key).Sub(o.now).Round(time.Second), 0)
			}
		}
		*o = o.withKey(*key)
		reconciler.RecordChanges(ctx, changes...)
	}
	if err := c.deletePreviousSecret(ctx, cr, state.previousSecret); err != nil {
		return err
	}
	state.previousSecret = ""
	// Should this write be lost, the update above is repeated, which changes nothing.
	s := o.secret.DeepCopy()
	if err := markOwned(cr, s, o.ownsSecret); err != nil {
		return err
	}
	fillSecret(s, state, "", o.details)
	o.rebuilt, o.retiringChanged = false, false
	return c.saveSecret(ctx, o, s, state)
}

// updateAtOpenAI a key at OpenAI.
func (c *keyClient) updateAtOpenAI(ctx context.Context, id string, params openai.AdminOrganizationProjectAPIKeyUpdateParams) (*openai.ProjectAPIKey, error) {
	key, err := c.conn.Organization.Projects.APIKeys.Update(ctx, c.conn.Project, id, params)
	err = validateReply(id, key, err)
	c.learn(id, key, err)
	return key, err
}

// confirmGone fails unless a key is neither found by its ID nor listed.
func (c *keyClient) confirmGone(ctx context.Context, id string) error {
	if _, err := c.get(ctx, id); !adminapi.IsGone(err) {
		return cmp.Or(err, adminapi.ConfirmDeleted(id, "", false))
	}
	return adminapi.ProjectAPIKeys.ConfirmUnlisted(ctx, c.conn, c.conn.Project, id)
}

// appliedScopes are those of a key as far as is known: OpenAI does not tell.
func appliedScopes(cr *v1alpha1.ProjectAPIKey, state keyState) string {
	if state.scopes == scopesAsFound {
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

// deletePreviousSecret deletes the Secret that another replaced, if it is the object's.
func (c *keyClient) deletePreviousSecret(ctx context.Context, cr *v1alpha1.ProjectAPIKey, name string) error {
	if ref := cr.Spec.WriteConnectionSecretToReference; name == "" || ref == nil || name == ref.Name {
		return nil
	}
	s := &corev1.Secret{}
	nn := types.NamespacedName{Namespace: cr.GetNamespace(), Name: name}
	err := c.live.Get(ctx, nn, s)
	if err == nil && s.Labels[labelOwner] == string(cr.GetUID()) {
		err = c.kube.Delete(ctx, s, client.Preconditions{UID: &s.UID, ResourceVersion: &s.ResourceVersion})
	}
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot delete former Secret %q: %w", nn, err)
	}
	return nil
}

// saveSecret a changed Secret and record, and note them in the view.
func (c *keyClient) saveSecret(ctx context.Context, o *observed, s *corev1.Secret, state keyState) error {
	state.write(s)
	if err := c.kube.Update(ctx, s, fieldManager); err != nil {
		return fmt.Errorf("cannot update Secret %q: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s, o.secret))
	}
	o.secret, o.state = s, state
	return nil
}
