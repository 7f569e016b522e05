// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// errObjectDeleted is returned if an object went although it has a finalizer.
var errObjectDeleted = errors.New("the object was deleted while its first key was issued, so that the key was revoked")

// confirmObjectExists makes sure that the object of its first key still exists, and revokes the key
// if it does not. The API server checks for finalizers when a deletion begins, and not again when
// it removes the object: a finalizer that is written in between keeps nothing, and Delete would not
// be called.
func (c *keyClient) confirmObjectExists(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) error {
	if !mayDelete(cr) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()

	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		now := &v1alpha1.ProjectAPIKey{}
		last = c.apiReader.Get(ctx, client.ObjectKeyFromObject(cr), now)
		if last == nil && now.GetUID() == cr.GetUID() {
			return true, nil
		}
		if client.IgnoreNotFound(last) != nil {
			return false, nil //nolint:nilerr // Only the deadline ends the attempts.
		}
		if last = c.revoke(ctx, revocation{id: id, reason: messageDeleted}); last != nil {
			return false, nil //nolint:nilerr // As above.
		}
		return false, errObjectDeleted
	})
	if wait.Interrupted(err) && last != nil {
		return fmt.Errorf("cannot determine whether the object of key %q is still there: %w", id, last)
	}
	return err
}

// cleanUpFailed cleans up after a POST that brought no key, and says why.
func (c *keyClient) cleanUpFailed(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, s *corev1.Secret, state keyState, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, err error) error {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	if apierror.HadNoEffect(err) || c.revokeWithoutValue(ctx, key, o, err) || c.revokeIfListed(ctx, o, state.pending, err) {
		c.clearPending(ctx, cr, s, state)
	}
	if apierror.IsNotFound(err) {
		// The service account may have been deleted since it was listed.
		serviceAccounts.MarkStale(c.conn, c.conn.Project, state.account)
	}
	return fmt.Errorf("cannot create a key: %w", c.conn.ToProjectError(ctx, err))
}

// isThrottled reports whether OpenAI itself, or the rate limiter, held a call back.
func isThrottled(err error) bool {
	var e *apierror.Error
	return errors.As(err, &e) && e.Class == apierror.ClassThrottled && !e.NotFromOpenAI
}

// revokeWithoutValue revokes a key if the reply has its ID but no value. It reports whether it did.
func (c *keyClient) revokeWithoutValue(ctx context.Context, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, o observed, cause error) bool {
	if !errors.Is(cause, errNoValue) || key == nil || !isKeyID(key.ID) || o.allKeys == nil {
		return false
	}
	if _, listed := o.allKeys.Get(key.ID); listed {
		return false
	}
	found, err := c.get(ctx, key.ID)
	if err != nil || found.LastUsedAt != 0 || (!o.sameAccount(found) && !isIncomplete(found)) {
		return false
	}
	return c.revoke(ctx, revocation{id: key.ID, reason: messageUnclaimed}) == nil
}

// commit writes a key's value and its key state to the Secret, until they are there or cannot be
// any more.
func (c *keyClient) commit(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, state keyState, value string, details map[string][]byte) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		fillSecret(s, state, value, details)
		if last = c.kube.Update(ctx, s, fieldManager); last == nil {
			return true, nil
		}
		if kerrors.IsInvalid(last) || kerrors.IsForbidden(last) || kerrors.IsBadRequest(last) || kerrors.IsRequestEntityTooLargeError(last) {
			return false, last
		}
		fresh, stored, err := c.reread(ctx, cr)
		switch {
		case cannotCommit(err):
			return false, err
		case err != nil:
			last = err
			return false, nil //nolint:nilerr // Only the deadline ends the attempts.
		case stored.keyID == state.keyID:
			// The write was carried out although its reply said otherwise.
			return true, nil
		case stored.pending != state.serial:
			return false, errSuperseded
		}
		s = fresh
		return false, nil
	})
	if wait.Interrupted(err) && last != nil {
		return last
	}
	return err
}

// errSecretDeleted is returned if the Secret was deleted while a key was issued for it.
var errSecretDeleted = errors.New("its Secret was deleted meanwhile")

func cannotCommit(err error) bool {
	var ofAnother *SecretOfAnotherError
	return errors.Is(err, errSecretDeleted) || errors.As(err, &ofAnother)
}

// reread reads the Secret again. If there is none the error is errSecretDeleted.
func (c *keyClient) reread(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (*corev1.Secret, keyState, error) {
	s, err := readSecret(ctx, c.apiReader, cr)
	if err != nil {
		return nil, keyState{}, err
	}
	if s == nil {
		return nil, keyState{}, errSecretDeleted
	}
	state, err := readKeyState(s)
	return s, state, err
}

// revokeUncommitted revokes a key that could not be stored, and reports whether it did. First it
// makes sure that no delayed write can store the key after all. If that fails the key stays, and is
// revoked as an unclaimed key later.
func (c *keyClient) revokeUncommitted(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string, serial int) bool {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()

	s, state, err := c.reread(ctx, cr)
	switch {
	case cannotCommit(err):
	case err != nil || state.keyID == id:
		return false
	case state.pending == serial:
		// Changing the Secret makes any delayed write fail with a conflict.
		state.pending = 0
		state.serial = serial
		state.write(s)
		if err := c.kube.Update(ctx, s, fieldManager); err != nil {
			return false
		}
	}
	return c.revoke(ctx, revocation{id: id, reason: messageUnclaimed}) == nil
}

// revokeIfListed revokes the key of a POST whose outcome is unknown, if OpenAI lists it, and
// reports whether it did. Its value is lost. If it is not listed, it is revoked as an unclaimed key
// later. A key that was listed before the POST is not the one, whatever its name.
func (c *keyClient) revokeIfListed(ctx context.Context, o observed, serial int, cause error) bool {
	if apierror.HadNoEffect(cause) || apierror.ClassOf(cause) == apierror.ClassThrottled {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	keys, err := adminapi.ProjectAPIKeys.List(ctx, c.conn, c.conn.Project, time.Now())
	if err != nil {
		return false
	}
	found, failed := false, false
	for key := range keys.All() {
		if n, _ := o.ownerHash.serial(key.Name); n == serial && key.LastUsedAt == 0 && o.find(key.ID) == nil {
			found = true
			failed = c.revoke(ctx, revocation{id: key.ID, reason: messageUnclaimed}) != nil || failed
		}
	}
	return found && !failed
}

// clearPending records that no key is in flight after all, which would otherwise be awaited.
func (c *keyClient) clearPending(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, state keyState) {
	_ = c.removeInFlight(ctx, cr, state.pending)
	state.serial, state.pending = state.pending, 0
	state.retiring = maps.Clone(state.retiring)
	delete(state.retiring, state.keyID)
	s = s.DeepCopy()
	state.write(s)
	_ = c.kube.Update(ctx, s, fieldManager)
}
