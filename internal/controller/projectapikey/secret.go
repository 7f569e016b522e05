// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A ForeignSecretError says that the Secret for a key belongs to somebody else.
// Nothing is written to it, and no key is issued for it.
type ForeignSecretError struct {
	// Secret by namespace and name.
	Secret types.NamespacedName
	// Owner as far as the Secret tells.
	Owner string
}

// Error names the Secret and the remedy.
func (e *ForeignSecretError) Error() string {
	return fmt.Sprintf("Secret %q belongs to %s and is left alone, so that no key can be issued: name another one in writeConnectionSecretToRef, or delete this one", e.Secret, e.Owner)
}

// secretName of a key's Secret; false if none is wanted.
func secretName(cr *v1alpha1.ProjectAPIKey) (types.NamespacedName, bool) {
	ref := cr.Spec.WriteConnectionSecretToReference
	if ref == nil {
		return types.NamespacedName{}, false
	}
	return types.NamespacedName{Namespace: cr.GetNamespace(), Name: ref.Name}, true
}

// readSecret reads a key's Secret from the API server; nil if there is none. live
// must not be a cache, for absence would be acted upon.
func readSecret(ctx context.Context, live client.Reader, cr *v1alpha1.ProjectAPIKey) (*corev1.Secret, error) {
	nn, ok := secretName(cr)
	if !ok {
		return nil, nil
	}
	s := &corev1.Secret{}
	if err := live.Get(ctx, nn, s); err != nil {
		if kerrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("cannot read Secret %q: %w", nn, err)
	}
	return s, mayWrite(cr, s)
}

// mayWrite fails with a *ForeignSecretError if a Secret is not the object's own.
// One that its former owner left behind, of the type that only connection
// details have, may be taken over.
func mayWrite(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret) error {
	c := metav1.GetControllerOf(s)
	switch {
	case c != nil && c.UID == cr.GetUID(), c == nil && s.Type == resource.SecretTypeConnection:
		return nil
	case c != nil:
		return &ForeignSecretError{Secret: client.ObjectKeyFromObject(s), Owner: fmt.Sprintf("%s %q", c.Kind, c.Name)}
	}
	return &ForeignSecretError{Secret: client.ObjectKeyFromObject(s), Owner: "somebody else"}
}

// newSecret is the shell of a key's Secret, without a value.
func newSecret(cr *v1alpha1.ProjectAPIKey) *corev1.Secret {
	nn, _ := secretName(cr)
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: nn.Namespace, Name: nn.Name},
		Type:       resource.SecretTypeConnection,
	}
}

// own makes the object the controller of its Secret, so that the Secret goes
// with it.
func own(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret) error {
	gvk := v1alpha1.SchemeGroupVersion.WithKind("ProjectAPIKey")
	return meta.AddControllerReference(s, meta.AsController(meta.TypedReferenceTo(cr, gvk)))
}
