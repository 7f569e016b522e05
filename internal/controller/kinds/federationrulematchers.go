// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// claimSubject is the claim that names the ServiceAccount of a token (Kubernetes, "Service account tokens").
const claimSubject = "sub"

const serviceAccountPrefix = "system:serviceaccount:"

// desiredMatchers of a rule; nil: the spec has no subject. On a provider of this cluster's issuer, they match
// only tokens of the object's own namespace.
func desiredMatchers(ctx context.Context, cl cluster, c *adminapi.Connection, cr *v1alpha1.FederationRule, since time.Time) ([]v1alpha1.ObservedMatcher, error) {
	subject := cr.Spec.ForProvider.Subject
	if subject == nil || reconciler.IsReadOnly(cr) {
		return nil, nil
	}
	identity, err := cl.identity.Identity(ctx)
	if err != nil {
		// Any provider could be that of this cluster.
		return nil, err
	}
	matchers, err := matchersOn(ctx, c, cr, identity, since)
	if terminal.MayBe(err) {
		// The provider may have what was missing by now.
		return matchersOn(ctx, c, cr, identity, time.Now().Add(-quotaListMaxAge))
	}
	return matchers, err
}

func matchersOn(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.FederationRule, identity clusteridentity.Identity, since time.Time) ([]v1alpha1.ObservedMatcher, error) {
	provider, err := findProvider(ctx, c, providerOf(cr), since)
	if err != nil {
		return nil, fmt.Errorf("cannot get the workload identity provider of the rule: %w", err)
	}
	return matchersFor(cr.Spec.ForProvider.Subject, cr.GetNamespace(), provider, identity.Issues(provider.Issuer))
}

// findProvider returns a workload identity provider of the organization, with its issuer.
func findProvider(ctx context.Context, c *adminapi.Connection, id string, since time.Time) (*identityProvider, error) {
	all, err := identityProviders.List(ctx, c, "", since)
	if err != nil {
		return nil, err
	}
	if o, ok := all.Get(id); ok && o.Issuer != "" {
		return o, nil
	}
	o, err := crud.ObservationOf("", observedIdentityProvider)(c.Organization.WorkloadIdentityProviders.Get(ctx, id))
	if err == nil {
		err = adminapi.ConfirmID(id, o.ID)
	}
	if err == nil && o.Issuer == "" {
		// It would pass for another cluster's.
		err = adminapi.IncompleteItem("workload identity provider", id)
	}
	if err != nil {
		return nil, err
	}
	identityProviders.Put(c, "", *o)
	return o, nil
}

// derivesNamespace reports whether a provider derives the attribute that keeps rules to their namespaces, and no other
// of its name.
func derivesNamespace(provider *identityProvider) bool {
	n, derives := 0, false
	for _, t := range provider.AttributeTransformations {
		if t.Attribute == namespaceAttribute.Attribute {
			n, derives = n+1, t == namespaceAttribute
		}
	}
	return n == 1 && derives
}

// matchersFor a subject of a namespace, on a provider that trusts this cluster or another issuer.
func matchersFor(subject *v1alpha1.FederationRuleSubject, namespace string, provider *identityProvider, thisCluster bool) ([]v1alpha1.ObservedMatcher, error) {
	ownNamespace := v1alpha1.ObservedMatcher{Attribute: namespaceAttribute.Attribute, String: &namespace}
	derives := derivesNamespace(provider)
	if slices.ContainsFunc(provider.AttributeTransformations, func(t v1alpha1.ObservedTransformation) bool { return t.Attribute == claimSubject }) {
		return nil, terminal.IfLastingErrorf("workload identity provider %q derives the attribute %q, which names the ServiceAccount of a token: ask its owner to remove that from its attributeTransformations", provider.ID, claimSubject)
	}
	if !derives && (subject.KubernetesNamespace != nil || thisCluster && subject.KubernetesServiceAccount == nil) {
		return nil, terminal.IfLastingErrorf("workload identity provider %q does not derive the attribute %q as %s, which keeps a rule to its namespace: name a ServiceAccount with subject.kubernetesServiceAccount, or ask its owner to add that to its attributeTransformations", provider.ID, namespaceAttribute.Attribute, namespaceAttribute.Expression)
	}
	var all []v1alpha1.ObservedMatcher
	if account := subject.KubernetesServiceAccount; account != nil {
		all = append(all, v1alpha1.ObservedMatcher{Attribute: claimSubject, String: new(serviceAccountPrefix + namespace + ":" + *account)})
	}
	for _, m := range subject.AttributeMatchers {
		all = append(all, v1alpha1.ObservedMatcher(m))
	}
	if derives {
		if err := checkOwnNamespace(all, namespace); err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(m v1alpha1.ObservedMatcher) bool { return m.Attribute == namespaceAttribute.Attribute })
		all = append(all, ownNamespace)
	}
	sortMatchers(all)
	return all, nil
}

// checkOwnNamespace fails for matchers that name another namespace, with which no token could match.
func checkOwnNamespace(all []v1alpha1.ObservedMatcher, namespace string) error {
	for _, m := range all {
		var named string
		switch m.Attribute {
		case namespaceAttribute.Attribute:
			if named = crud.Value(m.String); named == "" {
				return terminal.Errorf("subject.attributeMatchers compares %q with no text: remove it, the object's own namespace is added", m.Attribute)
			}
		case claimSubject:
			rest, _ := strings.CutPrefix(crud.Value(m.String), serviceAccountPrefix)
			named, _, _ = strings.Cut(rest, ":")
		default:
			continue
		}
		if named != namespace {
			return terminal.Errorf("subject.attributeMatchers names namespace %q, and a rule of namespace %q accepts only tokens of its own: correct %s, or create the rule in the other namespace", named, namespace, m.Attribute)
		}
	}
	return nil
}

func sortMatchers(all []v1alpha1.ObservedMatcher) {
	slices.SortFunc(all, func(a, b v1alpha1.ObservedMatcher) int { return strings.Compare(a.Attribute, b.Attribute) })
}

// observedMatcher reads a value of a reply. The SDK has no type for one that is a number.
func observedMatcher(attribute, value string) v1alpha1.ObservedMatcher {
	m := v1alpha1.ObservedMatcher{Attribute: attribute}
	var (
		text    string
		truth   bool
		integer int64
		number  float64
	)
	switch data := []byte(value); {
	case value == "null":
	case json.Unmarshal(data, &text) == nil:
		m.String = &text
	case json.Unmarshal(data, &truth) == nil:
		m.Boolean = &truth
	case json.Unmarshal(data, &integer) == nil:
		m.Integer = &integer
	case json.Unmarshal(data, &number) == nil && math.Abs(number) < 1<<53 && number == math.Trunc(number):
		m.Integer = new(int64(number))
	}
	return m
}

// describeMatchers in a form that differs whenever a value or its type does.
func describeMatchers(all []v1alpha1.ObservedMatcher) string {
	var texts []string
	for _, m := range all {
		value := "something else"
		switch {
		case m.String != nil:
			value = fmt.Sprintf("%q", *m.String)
		case m.Boolean != nil:
			value = fmt.Sprint(*m.Boolean)
		case m.Integer != nil:
			value = fmt.Sprint(*m.Integer)
		}
		texts = append(texts, m.Attribute+" == "+value)
	}
	return strings.Join(texts, ", ")
}
