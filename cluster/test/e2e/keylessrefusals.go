// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// Reasons of the simulator.
const (
	noRuleMatches = "no enabled federation rule for the service account matches"
	wrongAudience = "the subject token has the aud"
)

// refuses tests tokens that OpenAI must not exchange.
func (k *keylessPods) refuses(ctx context.Context, s *suite) error {
	if err := k.create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: keylessTenant, Name: "another"}}); err != nil {
		return err
	}
	for _, c := range []struct {
		whose, reason      string
		namespace, account string
		audiences          []string
	}{
		{"of another namespace's ServiceAccount of the same name", noRuleMatches, otherTenant, keylessName, []string{keylessAudience}},
		{"of another ServiceAccount of the namespace", noRuleMatches, keylessTenant, "another", []string{keylessAudience}},
		{"for another audience", wrongAudience, keylessTenant, keylessName, []string{"another"}},
		{"that opens the API server", wrongAudience, keylessTenant, keylessName, nil},
	} {
		if err := s.ok(ctx, "OpenAI refuses a token "+c.whose, func(ctx context.Context) error {
			token, err := k.tokenOf(ctx, c.namespace, c.account, c.audiences...)
			if err != nil {
				return err
			}
			return k.refused(ctx, token, c.reason)
		}); err != nil {
			return err
		}
	}
	return s.ok(ctx, "OpenAI refuses a token that it accepted, once it has expired", func(ctx context.Context) error {
		token, err := k.accepted(ctx)
		if err != nil {
			return err
		}
		const life = 10 * time.Minute
		k.sim.Advance(life)
		defer k.sim.Advance(-life)
		return k.refused(ctx, token, "the subject token expired")
	})
}

// accepted exchanges a token of the tenant, and returns it.
func (k *keylessPods) accepted(ctx context.Context) (string, error) {
	token, err := k.tokenOf(ctx, keylessTenant, keylessName, keylessAudience)
	if err != nil {
		return "", err
	}
	return token, k.exchanger().listModels(ctx, token)
}

// refused returns an error unless the simulator refuses to exchange a token, for a reason.
func (k *keylessPods) refused(ctx context.Context, token, reason string) error {
	from := len(k.sim.Exchanges())
	if k.exchanger().listModels(ctx, token) == nil {
		return errors.New("the token was exchanged")
	}
	log := k.sim.Exchanges()[from:]
	if !slices.ContainsFunc(log, func(e simulator.Exchange) bool {
		return e.Result != simulator.ExchangeOK && strings.Contains(e.Reason, reason)
	}) {
		return fmt.Errorf("the simulator refused nothing because %q: %+v", reason, log)
	}
	return nil
}

// disables tests the switches of both kinds.
func (k *keylessPods) disables(ctx context.Context, s *suite) error {
	for _, c := range []struct {
		kind, reason string
		object       client.Object
		enabled      func() *bool
	}{
		{"FederationRule", noRuleMatches, k.rule, func() *bool { return k.rule.Status.AtProvider.Enabled }},
		{"WorkloadIdentityProvider", "is disabled", k.provider, func() *bool { return k.provider.Status.AtProvider.Enabled }},
	} {
		if err := s.ok(ctx, "OpenAI refuses all tokens while the "+c.kind+" is disabled, and no longer", func(ctx context.Context) error {
			token, err := k.accepted(ctx)
			if err != nil {
				return err
			}
			if err := k.enable(ctx, c.object, c.enabled, false); err != nil {
				return err
			}
			if err := k.refused(ctx, token, c.reason); err != nil {
				return err
			}
			if err := k.enable(ctx, c.object, c.enabled, true); err != nil {
				return err
			}
			return k.exchanger().listModels(ctx, token)
		}); err != nil {
			return err
		}
	}
	return nil
}

// enable or disable an object of either kind.
func (k *keylessPods) enable(ctx context.Context, o client.Object, enabled func() *bool, want bool) error {
	if err := k.patch(ctx, o, fmt.Sprintf(`{"spec":{"forProvider":{"enabled":%t}}}`, want)); err != nil {
		return err
	}
	return await(ctx, all(k.is(o, "Ready", "Synced"), func(context.Context) (string, error) {
		if got := enabled(); got == nil || *got != want {
			return fmt.Sprintf("%q is not enabled as it should be, %t", o.GetName(), want), nil
		}
		return "", nil
	}))
}

// unbinds tests the deletion of a rule.
func (k *keylessPods) unbinds(ctx context.Context, s *suite) error {
	rule := keylessRule(otherTenant, keylessName)
	rule.Spec.ForProvider.Subject = &v1alpha1.FederationRuleSubject{KubernetesNamespace: new(true)}
	variables := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: otherTenant, Name: keylessVariables}}
	return s.ok(ctx, "deleting a FederationRule ends its exchanges, and its ConfigMap is collected", func(ctx context.Context) error {
		if err := k.create(ctx, rule); err != nil {
			return err
		}
		if err := await(ctx, k.is(rule, "Ready", "Synced")); err != nil {
			return err
		}
		token, err := k.tokenOf(ctx, otherTenant, keylessName, keylessAudience)
		if err != nil {
			return err
		}
		e := k.exchanger()
		e.serviceAccountID = rule.Status.AtProvider.ServiceAccountID
		if err := e.listModels(ctx, token); err != nil {
			return err
		}
		if err := k.kube.Get(ctx, client.ObjectKeyFromObject(variables), variables); err != nil {
			return fmt.Errorf("cannot read the ConfigMap of a rule: %w", err)
		}
		if err := k.remove(ctx, rule); err != nil {
			return err
		}
		if e.listModels(ctx, token) == nil {
			return errors.New("a token was exchanged by a rule that was deleted")
		}
		return await(ctx, k.gone(variables))
	})
}

// ends tests the deletion of the rest.
func (k *keylessPods) ends(ctx context.Context, s *suite) error {
	if err := s.ok(ctx, "a WorkloadIdentityProvider is deleted after its rules, which go with their namespace", func(ctx context.Context) error {
		if err := k.delete(ctx, k.provider); err != nil {
			return err
		}
		if err := await(ctx, k.says(k.provider, "only after its federation rules")); err != nil {
			return err
		}
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: keylessTenant}}
		if err := k.remove(ctx, namespace); err != nil {
			return err
		}
		return await(ctx, k.gone(k.provider))
	}); err != nil {
		return err
	}
	var rest []client.Object
	for _, namespace := range []string{platformNamespace, otherTenant, stranger} {
		rest = append(rest, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
	}
	return k.remove(ctx, rest...)
}
