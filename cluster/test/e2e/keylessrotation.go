// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"k8s.io/client-go/kubernetes"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/jwks"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// rotates tests rotations that publish a key before it signs, under continuous exchange.
func (k *keylessPods) rotates(ctx context.Context, s *suite) error {
	// Keys are removed from OpenAI by polls.
	if err := k.patch(ctx, k.provider, annotate("crossplane.io/poll-interval", "1s")); err != nil {
		return err
	}
	var err error
	if k.retired, err = k.tokenOf(ctx, keylessTenant, keylessName, keylessAudience); err != nil {
		return err
	}
	log, err := k.consumerLog()
	if err != nil {
		return err
	}
	k.earlier = k.sim.CountMutating()
	return s.ok(ctx, fmt.Sprintf("%d rotations that publish before they sign fail no exchange", k.rotations), func(ctx context.Context) error {
		e := k.exchanger()
		e.start(ctx)
		err := await(ctx, e.exchanged(k.keys.Current()))
		for i := 0; i < k.rotations && err == nil; i++ {
			err = k.rotate(ctx, e)
		}
		made, failed := e.finish()
		k.exchanges, k.failed = made, len(failed)
		if err := errors.Join(append(failed, err)...); err != nil {
			return fmt.Errorf("%d of %d exchanges failed: %w", len(failed), made, err)
		}
		return settled(ctx, k.lists(len(log)))
	})
}

// rotate the signing key once.
func (k *keylessPods) rotate(ctx context.Context, e *exchanger) error {
	began, next := k.sim.Now(), ""
	if err := k.restart(func() (err error) {
		next, err = k.keys.Publish()
		return err
	}); err != nil {
		return err
	}
	if err := await(ctx, k.uploads(next)); err != nil {
		return err
	}
	for _, c := range k.sim.Calls() {
		if c.Mutating() {
			k.looked = c.Time
		}
	}
	k.uploaded = max(k.uploaded, k.looked.Sub(began))
	if err := k.restart(k.keys.Sign); err != nil {
		return err
	}
	if err := await(ctx, e.exchanged(next)); err != nil {
		return err
	}
	if err := k.kubelet.renewTokens(ctx); err != nil {
		return err
	}
	return k.restart(k.keys.Drop)
}

// uploads checks whether OpenAI has a signing key. The status shows that later: while the API server
// restarts, watches end, and programs wait up to a minute before they begin others.
func (k *keylessPods) uploads(keyID string) check {
	return func(ctx context.Context) (string, error) {
		keys, err := k.uploadedKeys(ctx)
		if err == nil && !slices.Contains(keys, keyID) {
			return fmt.Sprintf("OpenAI has the keys %q, without %q", keys, keyID), nil
		}
		return "", err
	}
}

// uploadedKeys are the IDs of the keys that OpenAI has.
func (k *keylessPods) uploadedKeys(ctx context.Context) ([]string, error) {
	providers := openai.NewAdminOrganizationWorkloadIdentityProviderService(
		option.WithBaseURL(k.sim.BaseURL()), option.WithAdminAPIKey(simulator.DefaultAdminKey), option.WithMaxRetries(0))
	o, err := providers.Get(ctx, k.provider.Status.AtProvider.ID)
	if err != nil {
		return nil, fmt.Errorf("cannot get the workload identity provider: %w", err)
	}
	data, err := json.Marshal(o.Verification.Jwks)
	if err != nil {
		return nil, fmt.Errorf("cannot read the keys of the workload identity provider: %w", err)
	}
	return sortedIDs(jwks.ParseReply(data)), nil
}

// signsAtOnce tests a rotation that does not publish the key before it signs, at the worst time.
func (k *keylessPods) signsAtOnce(ctx context.Context, s *suite) error {
	return s.ok(ctx, "a key that signs at once is refused until the provider's next look, and then works", func(ctx context.Context) error {
		from, next := len(k.sim.Exchanges()), ""
		e := k.exchanger()
		e.start(ctx)
		err := await(ctx, all(e.exchanged(k.keys.Current()), k.looksLate))
		if err == nil {
			err = k.restart(func() (err error) {
				next, err = k.keys.SignAtOnce()
				return err
			})
		}
		if err == nil {
			err = await(ctx, e.exchanged(next))
		}
		e.finish()
		if err != nil {
			return err
		}
		if k.outage, err = outage(k.sim.Exchanges()[from:], next); err != nil {
			return err
		}
		if err := k.kubelet.renewTokens(ctx); err != nil {
			return err
		}
		return k.restart(k.keys.Drop)
	})
}

// looksLate checks whether the provider has looked at the API server's keys a moment ago, and so will
// not for a while. It looked when it uploaded one, and does at each interval.
func (k *keylessPods) looksLate(context.Context) (string, error) {
	if since := k.sim.Now().Sub(k.looked) % signingKeysInterval; since > time.Second {
		return fmt.Sprintf("the provider looks again in %s", signingKeysInterval-since), nil
	}
	return "", nil
}

// outage is the time from the first exchange of a key that failed to the first one that did not. It
// fails if exchanges failed for another reason than that OpenAI does not have the key.
func outage(log []simulator.Exchange, keyID string) (time.Duration, error) {
	var from, to time.Time
	for _, e := range log {
		switch {
		case e.Result == simulator.ExchangeOK && e.KeyID == keyID && to.IsZero():
			to = e.Time
		case e.Result == simulator.ExchangeOK:
		case e.KeyID != keyID || !to.IsZero() || !strings.Contains(e.Reason, "has no key"):
			return 0, fmt.Errorf("an exchange failed, and not for the key %q, which OpenAI does not have yet: %+v", keyID, e)
		case from.IsZero():
			from = e.Time
		}
	}
	if from.IsZero() {
		return 0, nil
	}
	return to.Sub(from), nil
}

// retires tests what becomes of keys that are not published any more.
func (k *keylessPods) retires(ctx context.Context, s *suite) error {
	published, err := k.publishedKeys(ctx)
	if err != nil {
		return err
	}
	rotations := k.rotations + 1
	// Its change is what the provider sees once its watches are back, and then it polls again.
	if err := k.reconciled(ctx, k.provider); err != nil {
		return err
	}
	sentence := fmt.Sprintf("OpenAI has just the published keys in the end, after at most 2 changes for each of %d rotations", rotations)
	if err := s.ok(ctx, sentence, func(ctx context.Context) error {
		if err := await(ctx, func(ctx context.Context) (string, error) {
			keys, err := k.uploadedKeys(ctx)
			return cmp.Diff(published, keys), err
		}); err != nil {
			return err
		}
		for _, id := range published {
			if err := await(ctx, k.shows(id)); err != nil {
				return err
			}
		}
		if k.changes = k.sim.CountMutating() - k.earlier; k.changes > 2*rotations {
			return fmt.Errorf("%d rotations made %d changes at OpenAI", rotations, k.changes)
		}
		return nil
	}); err != nil {
		return err
	}
	return s.ok(ctx, "OpenAI refuses a token whose key was retired", func(ctx context.Context) error {
		return k.refused(ctx, k.retired, "has no key")
	})
}

// reconciled requests a reconcile of an object, and waits for it.
func (w *environment) reconciled(ctx context.Context, o *v1alpha1.WorkloadIdentityProvider) error {
	token := time.Now().Format(time.RFC3339Nano)
	if err := w.patch(ctx, o, annotate("crossplane.io/reconcile-requested-at", token)); err != nil {
		return err
	}
	return await(ctx, all(w.is(o, "Ready", "Synced"), func(context.Context) (string, error) {
		if got := o.Status.LastHandledReconcileAt; got != token {
			return fmt.Sprintf("%q was not reconciled", o.Name), nil
		}
		return "", nil
	}))
}

// publishedKeys are the IDs of the keys that the API server publishes.
func (k *keylessPods) publishedKeys(ctx context.Context) ([]string, error) {
	c, err := kubernetes.NewForConfig(k.plane.Config)
	if err != nil {
		return nil, fmt.Errorf("cannot make a client for the published keys: %w", err)
	}
	data, err := c.RESTClient().Get().AbsPath("/openid/v1/jwks").DoRaw(ctx)
	if err != nil {
		return nil, fmt.Errorf("cannot read the published keys: %w", err)
	}
	keys, err := jwks.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("cannot parse the published keys: %w", err)
	}
	return sortedIDs(keys), nil
}

func sortedIDs(keys []jwks.Key) (ids []string) {
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	slices.Sort(ids)
	return ids
}
