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

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// revoke a key. It is no error if OpenAI does not find the key, confirmed by a lookup and a list.
func (c *keyClient) revoke(ctx context.Context, r revocation) error {
	res, err := c.conn.Organization.Projects.APIKeys.Delete(ctx, c.conn.Project, r.id)
	switch {
	case err == nil:
		err = adminapi.ConfirmDeleted(r.id, res.ID, res.Deleted)
	case !apierror.IsNotFound(err):
		err = c.conn.ToProjectError(ctx, err)
	}
	c.learn(r.id, nil, err)
	if apierror.IsProjectArchived(err) {
		c.emitStillListed(r.id)
		return nil
	}
	if adminapi.IsResourceNotFound(err) {
		unconfirmed := c.confirmNotFound(ctx, r.id)
		if unconfirmed == nil {
			return nil
		}
		if apierror.IsProjectArchived(c.conn.ToProjectError(ctx, err)) {
			c.emitStillListed(r.id)
			return nil
		}
		return fmt.Errorf("cannot revoke key %q: %w", r.id, unconfirmed)
	}
	if err != nil {
		return fmt.Errorf("cannot revoke key %q: %w", r.id, err)
	}
	reason := "Revoked"
	if r.reason == messageUnclaimed {
		reason = "UnclaimedKeyRevoked"
	}
	c.emit(event{reason: reason, message: fmt.Sprintf("Revoked key %s, because %s", r.id, r.reason)})
	return nil
}

func (c *keyClient) emitStillListed(id string) {
	c.emit(event{warning: true, reason: "StillListed", message: fmt.Sprintf("OpenAI still shows key %s of project %s, which is archived, and refuses to delete it: nobody can use the key any more", id, c.conn.Project)})
}

// revokeDue revokes keys that nobody should use, and removes them from the key state.
func (e *external) revokeDue(ctx context.Context, _ *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	if len(d.revoke) == 0 {
		return nil
	}
	s, state := o.secret.DeepCopy(), o.state
	if state.pending != 0 && s != nil {
		// The key of an interrupted issuance may be among them, and a delayed write must not store it
		// once it is revoked: changing the Secret makes such a write fail.
		state.serial, state.pending = max(state.serial, state.pending), 0
		if err := e.saveSecret(ctx, o, s, state); err != nil {
			return err
		}
	}
	var failed []error
	for _, due := range d.revoke {
		inUse, err := e.revokeUnused(ctx, o, due)
		if err != nil {
			// If one fails, the others are revoked all the same.
			if failed = append(failed, err); apierror.ClassOf(err) == apierror.ClassThrottled {
				break
			}
			continue
		}
		if !inUse {
			*o = o.withoutKey(due.id)
		}
	}
	if s != nil && len(o.state.retiring) != len(state.retiring) {
		failed = append(failed, e.saveSecret(ctx, o, s, o.state))
	}
	return errors.Join(failed...)
}

// revokeUnused revokes a key, unless it is an unclaimed key that was used since it was listed: then
// somebody has its value, and it retires like others.
func (c *keyClient) revokeUnused(ctx context.Context, o *observed, due revocation) (inUse bool, err error) {
	if due.forgetOnly {
		return false, nil
	}
	if due.reason == messageUnclaimed {
		key, err := c.get(ctx, due.id)
		if err != nil && !adminapi.IsResourceNotFound(err) {
			return false, err
		}
		if err == nil && o.mayBeInUse(key) {
			*o = o.withKey(*key)
			return true, nil
		}
	}
	return false, c.revoke(ctx, due)
}

// confirmNotFound fails unless a key is neither found by its ID nor listed.
func (c *keyClient) confirmNotFound(ctx context.Context, id string) error {
	if _, err := c.get(ctx, id); !adminapi.IsResourceNotFound(err) {
		return cmp.Or(err, adminapi.ConfirmDeleted(id, "", false))
	}
	return adminapi.ProjectAPIKeys.ConfirmUnlisted(ctx, c.conn, c.conn.Project, id)
}

func (o observed) withoutKey(id string) observed {
	o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(k openai.ProjectAPIKey) bool { return k.ID == id })
	o.state.retiring = maps.Clone(o.state.retiring)
	delete(o.state.retiring, id)
	return o
}
