// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// moveSecret writes the key to the Secret that the spec names now. The next update deletes the
// previous one.
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

// updateDue updates the current key at OpenAI and the Secret in place.
func (e *external) updateDue(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	if d.updateReason == "" || d.current == nil {
		return nil
	}
	state, params, changes := o.changesDue(cr)
	if params.Scopes != nil || params.ExpiresInSeconds != 0 {
		key, err := e.updateAtOpenAI(ctx, d.current.ID, params)
		if err != nil {
			return fmt.Errorf("cannot update key %q: %w", d.current.ID, e.conn.ToProjectError(ctx, err))
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
	if err := e.deletePreviousSecret(ctx, cr, state.previousSecret); err != nil {
		return err
	}
	state.previousSecret = ""
	// If this write fails, the update above is repeated, which changes nothing.
	s := o.secret.DeepCopy()
	if err := markOwned(cr, s, o.ownsSecret); err != nil {
		return err
	}
	fillSecret(s, state, "", o.details)
	o.rebuilt, o.retiringChanged = false, false
	return e.saveSecret(ctx, o, s, state)
}

// changesDue is the key state after an update at OpenAI, the update, and its changes for an event.
func (o observed) changesDue(cr *v1alpha1.ProjectAPIKey) (state keyState, params openai.AdminOrganizationProjectAPIKeyUpdateParams, changes []reconciler.Change) {
	state = o.state
	if !o.scopesApplied() {
		changes = append(changes, reconciler.Change{Field: "scopes", From: appliedScopes(cr, state), To: scopesText(o.scopes)})
	}
	if !o.scopesApplied() || o.scopesReapplyDue() {
		state.scopes, state.scopesAppliedAt = fingerprint(o.scopes), o.now
		// An empty list gives full permissions; none leaves them as they are.
		params.Scopes = append([]string{}, o.scopes...)
	}
	if o.expiresIn != state.expiresIn {
		changes = append(changes, reconciler.Change{Field: "expiresIn", From: expiryText(state.expiresIn), To: expiryText(o.expiresIn)})
		state.expiresIn = o.expiresIn
		params.ExpiresInSeconds = int64(o.expiresIn.Seconds())
	}
	return state, params, changes
}

func (c *keyClient) updateAtOpenAI(ctx context.Context, id string, params openai.AdminOrganizationProjectAPIKeyUpdateParams) (*openai.ProjectAPIKey, error) {
	key, err := c.conn.Organization.Projects.APIKeys.Update(ctx, c.conn.Project, id, params)
	err = validateReply(id, key, err)
	c.learn(id, key, err)
	return key, err
}

// appliedScopes are those of a key as far as is known: OpenAI does not return them.
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
	err := c.apiReader.Get(ctx, nn, s)
	if err == nil && s.Labels[labelOwner] == string(cr.GetUID()) {
		err = c.kube.Delete(ctx, s, client.Preconditions{UID: &s.UID, ResourceVersion: &s.ResourceVersion})
	}
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot delete previous Secret %q: %w", nn, err)
	}
	return nil
}

// saveSecret writes a changed Secret with a key state, which are then the observed ones.
func (c *keyClient) saveSecret(ctx context.Context, o *observed, s *corev1.Secret, state keyState) error {
	state.write(s)
	if err := c.kube.Update(ctx, s, fieldManager); err != nil {
		return fmt.Errorf("cannot update Secret %q: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s, o.secret))
	}
	o.secret, o.state = s, state
	return nil
}

// withKey has a key as it is after an update.
func (o observed) withKey(key openai.ProjectAPIKey) observed {
	o.keys = slices.Clone(o.keys)
	for i := range o.keys {
		if o.keys[i].ID == key.ID && !isIncomplete(&key) {
			o.keys[i] = key
		}
	}
	return o
}
