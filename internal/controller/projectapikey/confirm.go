// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// errObjectGone says that an object went although it has a finalizer.
var errObjectGone = errors.New("the object was deleted while its first key was issued, so that the key was revoked")

// confirmObjectExists that the object of its first key is still there, and revoke the key if it
// is not. The API server looks for finalizers when a deletion begins, and not again
// when it removes the object: a finalizer that is written in between keeps nothing,
// and nobody would be asked to revoke the key.
func (c *keyClient) confirmObjectExists(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) error {
	if !mayDelete(cr) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()

	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		now := &v1alpha1.ProjectAPIKey{}
		last = c.live.Get(ctx, client.ObjectKeyFromObject(cr), now)
		if last == nil && now.GetUID() == cr.GetUID() {
			return true, nil
		}
		if client.IgnoreNotFound(last) != nil {
			return false, nil //nolint:nilerr // Only the deadline ends the attempts.
		}
		if last = c.revoke(ctx, revocation{id: id, reason: reasonDeleted}); last != nil {
			return false, nil //nolint:nilerr // As above.
		}
		return false, errObjectGone
	})
	if wait.Interrupted(err) && last != nil {
		return fmt.Errorf("cannot tell whether the object of key %q is still there: %w", id, last)
	}
	return err
}
