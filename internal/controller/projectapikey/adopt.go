// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// adopts tells that an existing key is to be taken over: the object names its
// value, and neither it nor its Secret ever had a key.
func adopts(cr *v1alpha1.ProjectAPIKey, v view) bool {
	return cr.Spec.ForProvider.ImportSecretRef != nil && v.record.keyID == "" && v.adopted == ""
}

// adopt commits the key whose value the user has to the Secret. It returns the
// ID of the key.
func (k *keyring) adopt(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view) (string, error) {
	value, from, err := k.importedValue(ctx, cr)
	if err != nil {
		return "", err
	}
	key, err := match(v.project.All(), value)
	if errors.Is(err, errNoMatch) {
		// It may have been made since the list was fetched.
		var now *inventory.Listing[openai.ProjectAPIKey]
		if now, err = adminapi.ProjectAPIKeys.List(ctx, k.conn, k.conn.Project, time.Now()); err == nil {
			key, err = match(now.All(), value)
		}
	}
	if err != nil {
		return "", fmt.Errorf("cannot adopt the key of %s in project %q: %w", from, k.conn.Project, err)
	}
	// The redacted form shows only a few characters, which somebody may have copied.
	accepted, err := k.conn.AcceptsKey(ctx, value)
	if err != nil {
		return "", err
	}
	if !accepted {
		return "", terminal.Errorf("cannot adopt the key of %s: OpenAI refuses the value: store the key's whole value there", from)
	}
	err = k.claims.Check(ctx, kindOf, cr, key.ID)
	var taken *reconciler.ManagedByOtherError
	if errors.As(err, &taken) {
		return "", terminal.IfLastingErrorf("cannot adopt the key of %s: it is managed by %s: delete that object first, without Delete in its managementPolicies if the key is to live on", from, taken.By)
	}
	if err != nil {
		return "", err
	}
	if !v.ownAccount(key) {
		return "", terminal.Errorf("cannot adopt key %q: it belongs to service account %q (%s): correct forProvider.serviceAccountID or serviceAccountName", key.ID, key.Owner.ServiceAccount.ID, key.Owner.ServiceAccount.Name)
	}
	if err := k.claims.Acquire(ctx, kindOf, cr, key.ID); err != nil {
		return "", err
	}

	r := v.record
	r.keyID, r.project, r.account, r.issued = key.ID, k.conn.Project, key.Owner.ServiceAccount.ID, v.born(key)
	// The scopes that the key has are not known: unless others are asked for they stay,
	// since giving it full permissions could be a surprise.
	r.scopes, r.trigger, r.requested = scopesAsFound, v.trigger, v.requested
	s := newSecret(cr)
	write := func(s *corev1.Secret) error { return k.kube.Create(ctx, s, fieldManager) }
	if v.secret != nil {
		s = v.secret.DeepCopy()
		write = func(s *corev1.Secret) error { return k.kube.Update(ctx, s, fieldManager) }
	}
	fill(s, r, value, v.details)
	if err := mark(cr, s, v.owned); err != nil {
		return "", err
	}
	if err := write(s); err != nil {
		return "", fmt.Errorf("cannot write Secret %q: %w", client.ObjectKeyFromObject(s), concealed(err, s, v.secret))
	}
	k.tell(event{reason: "Adopted", message: fmt.Sprintf("Adopted key %s (%s) from %s", key.ID, key.Name, from)})
	return key.ID, nil
}

func (k *keyring) importedValue(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (value, from string, err error) {
	ref := cr.Spec.ForProvider.ImportSecretRef
	nn := types.NamespacedName{Namespace: cr.GetNamespace(), Name: ref.Name}
	s := &corev1.Secret{}
	if err := k.live.Get(ctx, nn, s); err != nil {
		if kerrors.IsNotFound(err) {
			return "", "", fmt.Errorf("importSecretRef names Secret %q, which does not exist: create it, or remove importSecretRef to have a new key issued", nn)
		}
		return "", "", fmt.Errorf("cannot read Secret %q of importSecretRef: %w", nn, err)
	}
	value = strings.TrimSpace(string(s.Data[ref.Key]))
	from = fmt.Sprintf("Secret %q key %q", nn, ref.Key)
	if value == "" {
		return "", "", fmt.Errorf("importSecretRef names %s, which is empty or missing: store the key's value there", from)
	}
	if wrong := connect.KeyMistake(value); wrong != "" {
		return "", "", terminal.Errorf("importSecretRef names %s, which %s", from, wrong)
	}
	return value, from, nil
}

// errNoMatch says that a value is that of no key of the project.
var errNoMatch = terminal.Errorf("no key of the project looks like it: check that it was not revoked, and correct forProvider.projectID")

// match finds the one key that a value belongs to.
func match(listed iter.Seq[*openai.ProjectAPIKey], value string) (*openai.ProjectAPIKey, error) {
	var found []*openai.ProjectAPIKey
	for k := range listed {
		if ok, _ := fits(k.RedactedValue, value); ok {
			found = append(found, k)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, errNoMatch
	}
	return nil, terminal.Errorf("%d keys of the project look alike, so that it is not sure which one it is: adopt another key", len(found))
}
