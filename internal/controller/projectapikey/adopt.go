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

// adopts reports whether an existing key is to be adopted: the object refers to its value, and
// neither it nor its Secret ever had a key.
func adopts(cr *v1alpha1.ProjectAPIKey, o observed) bool {
	return cr.Spec.ForProvider.ImportSecretRef != nil && o.state.keyID == "" && o.adopted == ""
}

// adopt stores the key whose value the user has in the Secret, and returns its ID.
func (c *keyClient) adopt(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) (string, error) {
	value, from, err := c.importedValue(ctx, cr)
	if err != nil {
		return "", err
	}
	key, err := c.adoptable(ctx, cr, o, value, from)
	if err != nil {
		return "", err
	}
	if err := c.ownership.SetManager(ctx, kindName, cr, key.ID); err != nil {
		return "", err
	}
	state := o.state
	state.keyID, state.project, state.account, state.issued = key.ID, c.conn.Project, key.Owner.ServiceAccount.ID, o.issuedAt(key)
	// The scopes that the key has are not known: unless others are asked for they stay,
	// since giving it full permissions could be a surprise.
	state.scopes, state.trigger, state.rotateRequest = scopesAsFound, o.trigger, o.rotateRequest
	s, write := c.secretToWrite(cr, o)
	fillSecret(s, state, value, o.details)
	if err := markOwned(cr, s, o.ownsSecret); err != nil {
		return "", err
	}
	if err := write(ctx); err != nil {
		return "", fmt.Errorf("cannot write Secret %q: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s, o.secret))
	}
	c.emit(event{reason: "Adopted", message: fmt.Sprintf("Adopted key %s (%s) from %s", key.ID, key.Name, from)})
	return key.ID, nil
}

// adoptable is the key of the project with a value, if the object may adopt it.
func (c *keyClient) adoptable(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, value, from string) (*openai.ProjectAPIKey, error) {
	key, err := findByValue(o.allKeys.All(), value)
	if errors.Is(err, errNoMatch) {
		// It may have been made since the list was fetched.
		var now *inventory.Listing[openai.ProjectAPIKey]
		if now, err = adminapi.ProjectAPIKeys.List(ctx, c.conn, c.conn.Project, time.Now()); err == nil {
			key, err = findByValue(now.All(), value)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot adopt the key of %s in project %q: %w", from, c.conn.Project, err)
	}
	// The redacted form shows only a few characters, which somebody may have copied.
	accepted, err := c.conn.AcceptsKey(ctx, value)
	if err != nil {
		return nil, err
	}
	if !accepted {
		return nil, terminal.Errorf("cannot adopt the key of %s: OpenAI refuses the value: store the key's whole value there", from)
	}
	err = c.ownership.Check(ctx, kindName, cr, key.ID)
	var taken *reconciler.ManagedByOtherError
	if errors.As(err, &taken) {
		return nil, terminal.IfLastingErrorf("cannot adopt the key of %s: it is managed by %s: delete that object first, without Delete in its managementPolicies if the key is to live on", from, taken.By)
	}
	if err != nil {
		return nil, err
	}
	if !o.sameAccount(key) {
		return nil, terminal.Errorf("cannot adopt key %q: it belongs to service account %q (%s): correct forProvider.serviceAccountID or serviceAccountName", key.ID, key.Owner.ServiceAccount.ID, key.Owner.ServiceAccount.Name)
	}
	return key, nil
}

func (c *keyClient) importedValue(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (value, from string, err error) {
	ref := cr.Spec.ForProvider.ImportSecretRef
	nn := types.NamespacedName{Namespace: cr.GetNamespace(), Name: ref.Name}
	s := &corev1.Secret{}
	if err := c.apiReader.Get(ctx, nn, s); err != nil {
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

// errNoMatch is returned for a value of no key of the project.
var errNoMatch = terminal.Errorf("no key of the project looks like it: check that it was not revoked, and correct forProvider.projectID")

// findByValue finds the one key that has a value, by the redacted forms that OpenAI lists.
func findByValue(listed iter.Seq[*openai.ProjectAPIKey], value string) (*openai.ProjectAPIKey, error) {
	var found []*openai.ProjectAPIKey
	for k := range listed {
		if ok, _ := matchesRedacted(k.RedactedValue, value); ok {
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
