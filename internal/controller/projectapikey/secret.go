// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/inuse"
	"github.com/crossplane-contrib/provider-openai/internal/paged"
)

// A SecretOfAnotherError is returned if the Secret for a key belongs to somebody else. Nothing is
// written to it, and no key is issued for it.
type SecretOfAnotherError struct {
	// Secret by namespace and name.
	Secret types.NamespacedName
	// Owner of the Secret, for messages.
	Owner string
	// Owned reports whether the owner is an object, with which the Secret may be about to be
	// deleted.
	Owned bool
}

// Error names the Secret and the remedy.
func (e *SecretOfAnotherError) Error() string {
	if e.Owned {
		return fmt.Sprintf("Secret %q belongs to %s and is left alone, so that no key can be issued: name another one in writeConnectionSecretToRef", e.Secret, e.Owner)
	}
	return fmt.Sprintf("Secret %q belongs to %s and is left alone, so that no key can be issued: name another one in writeConnectionSecretToRef, or delete that Secret if nobody needs it", e.Secret, e.Owner)
}

// Terminal reports whether only the user can end this.
func (e *SecretOfAnotherError) Terminal() bool { return !e.Owned }

// TerminalIfLasting reports whether only the user can end this unless the owner is being deleted,
// as when an object is renamed.
func (e *SecretOfAnotherError) TerminalIfLasting() bool { return true }

// secretName is the name of a key's Secret; false if the object names none.
func secretName(cr *v1alpha1.ProjectAPIKey) (types.NamespacedName, bool) {
	ref := cr.Spec.WriteConnectionSecretToReference
	if ref == nil {
		return types.NamespacedName{}, false
	}
	return types.NamespacedName{Namespace: cr.GetNamespace(), Name: ref.Name}, true
}

// readSecret reads a key's Secret from the API server; nil if there is none. apiReader must not be a
// cache: a key is issued if there is no Secret.
func readSecret(ctx context.Context, apiReader client.Reader, cr *v1alpha1.ProjectAPIKey) (*corev1.Secret, error) {
	nn, ok := secretName(cr)
	if !ok {
		return nil, nil
	}
	s := &corev1.Secret{}
	if err := apiReader.Get(ctx, nn, s); err != nil {
		if kerrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("cannot read Secret %q: %w", nn, err)
	}
	return s, mayWrite(ctx, apiReader, cr, s)
}

// readPreviousSecret reads the Secret that held the key before the spec named another; nil if there
// is none.
func readPreviousSecret(ctx context.Context, apiReader client.Reader, cr *v1alpha1.ProjectAPIKey) (*corev1.Secret, error) {
	// Either may have been lost or changed by somebody.
	ids := []string{meta.GetExternalName(cr), cr.Status.AtProvider.ID}
	if ids[0] == "" && ids[1] == "" {
		return nil, nil
	}
	var found *metav1.PartialObjectMetadata
	err := eachLabeled(ctx, apiReader, cr, func(s *metav1.PartialObjectMetadata) error {
		if !mayBePrevious(cr, s, ids) {
			return nil
		}
		// A Secret that the object controls, or else the oldest, is no copy that somebody made.
		owned := metav1.IsControlledBy(s, cr)
		if found == nil || (owned && !metav1.IsControlledBy(found, cr)) ||
			(owned == metav1.IsControlledBy(found, cr) && s.CreationTimestamp.Before(&found.CreationTimestamp)) {
			found = s.DeepCopy()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot look for a previous Secret of %q: %w", cr.GetName(), err)
	}
	if found == nil {
		return nil, nil
	}
	s := &corev1.Secret{}
	if err := apiReader.Get(ctx, client.ObjectKeyFromObject(found), s); err != nil {
		return nil, fmt.Errorf("cannot read the previous Secret %q: %w", client.ObjectKeyFromObject(found), err)
	}
	if !mayBePrevious(cr, s, ids) {
		return nil, fmt.Errorf("the previous Secret %q has just changed", client.ObjectKeyFromObject(found))
	}
	return s, nil
}

// eachLabeled calls a function with the metadata of each Secret that has the object's label,
// whoever labeled it.
func eachLabeled(ctx context.Context, apiReader client.Reader, cr *v1alpha1.ProjectAPIKey, do func(s *metav1.PartialObjectMetadata) error) error {
	return paged.EachMetadata(ctx, apiReader, paged.KindSecret, do, client.InNamespace(cr.GetNamespace()), client.MatchingLabels{labelOwner: string(cr.GetUID())})
}

// mayBePrevious reports whether a Secret can be the one that held the key before.
func mayBePrevious(cr *v1alpha1.ProjectAPIKey, s client.Object, ids []string) bool {
	if c := metav1.GetControllerOf(s); c != nil && c.UID != cr.GetUID() {
		return false
	}
	id := s.GetAnnotations()[annotationKeyID]
	return id != "" && slices.Contains(ids, id) && s.GetDeletionTimestamp() == nil && !isCopy(s)
}

// isCopy reports whether somebody copied a Secret from another. A copy is theirs: the key is not
// moved out of it, and it is not deleted.
func isCopy(s client.Object) bool {
	of := s.GetAnnotations()[annotationSecret]
	return of != "" && of != client.ObjectKeyFromObject(s).String()
}

// mayWrite fails with a *SecretOfAnotherError if a Secret is not the object's. One that another
// object of this kind left behind may be reused, but no other provider's.
func mayWrite(ctx context.Context, apiReader client.Reader, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret) error {
	c := metav1.GetControllerOf(s)
	nn := client.ObjectKeyFromObject(s)
	switch owner := s.Labels[labelOwner]; {
	case c != nil && c.UID == cr.GetUID():
		return nil
	case c != nil:
		return &SecretOfAnotherError{Secret: nn, Owner: fmt.Sprintf("%s %q", c.Kind, c.Name), Owned: true}
	case s.Type != resource.SecretTypeConnection, owner == "" && !isKeySecret(s):
		return &SecretOfAnotherError{Secret: nn, Owner: "somebody else"}
	case owner == "" || owner == string(cr.GetUID()):
		return nil
	default:
		// Objects that may not delete do not own their Secrets, but still use them.
		name, err := nameOfOwner(ctx, apiReader, cr.GetNamespace(), types.UID(owner))
		if err != nil || name == "" {
			return err
		}
		return &SecretOfAnotherError{Secret: nn, Owner: fmt.Sprintf("ProjectAPIKey %q", name), Owned: true}
	}
}

// isKeySecret reports whether a Secret is empty, or holds what those of this provider hold.
// Connection details of other providers have the same type.
func isKeySecret(s *corev1.Secret) bool {
	for k := range s.Annotations {
		if strings.HasPrefix(k, annotationPrefix) {
			return true
		}
	}
	_, holdsKey := s.Data[dataAPIKey]
	return holdsKey || len(s.Data) == 0
}

// nameOfOwner is the name of the ProjectAPIKey with a UID; empty if it does not exist any more.
func nameOfOwner(ctx context.Context, apiReader client.Reader, namespace string, uid types.UID) (string, error) {
	name := ""
	err := paged.EachMetadata(ctx, apiReader, v1alpha1.SchemeGroupVersion.WithKind(kindName), func(m *metav1.PartialObjectMetadata) error {
		if m.GetUID() == uid {
			name = m.GetName()
		}
		return nil
	}, client.InNamespace(namespace))
	if err != nil {
		return "", fmt.Errorf("cannot determine which ProjectAPIKey a Secret belongs to: %w", err)
	}
	return name, nil
}

// newSecret is a key's Secret before it holds a value.
func newSecret(cr *v1alpha1.ProjectAPIKey) *corev1.Secret {
	nn, _ := secretName(cr)
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: nn.Namespace, Name: nn.Name},
		Type:       resource.SecretTypeConnection,
	}
}

// secretToWrite is a copy of the key's Secret, or a new one, and a function that writes it.
func (c *keyClient) secretToWrite(cr *v1alpha1.ProjectAPIKey, o observed) (s *corev1.Secret, write func(context.Context) error) {
	if o.secret != nil {
		s = o.secret.DeepCopy()
		return s, func(ctx context.Context) error { return c.kube.Update(ctx, s, fieldManager) }
	}
	s = newSecret(cr)
	return s, func(ctx context.Context) error { return c.kube.Create(ctx, s, fieldManager) }
}

// markOwned gives a Secret the object's label and the metadata of its template. If it is owned it
// is deleted with the object; else it stays, as the only copy of a value.
func markOwned(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, owned bool) error {
	readTemplate(cr).apply(s)
	meta.AddLabels(s, map[string]string{labelOwner: string(cr.GetUID())})
	meta.AddAnnotations(s, map[string]string{annotationSecret: client.ObjectKeyFromObject(s).String()})
	if !owned {
		removeOwner(cr, s)
		return nil
	}
	gvk := v1alpha1.SchemeGroupVersion.WithKind(kindName)
	if err := meta.AddControllerReference(s, inuse.ControllerReference(cr, gvk)); err != nil {
		return fmt.Errorf("cannot own Secret %q: %w", client.ObjectKeyFromObject(s), err)
	}
	return nil
}

// removeOwner makes a Secret outlive the object.
func removeOwner(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret) {
	s.SetOwnerReferences(slices.DeleteFunc(s.GetOwnerReferences(), func(r metav1.OwnerReference) bool { return r.UID == cr.GetUID() }))
}

// deleteSecrets deletes the Secrets of an object that is deleted with its keys. Garbage collection
// would do that, except after a deletion that orphans dependents. Copies stay.
func deleteSecrets(ctx context.Context, kube client.Client, apiReader client.Reader, cr *v1alpha1.ProjectAPIKey) error {
	nn, ok := secretName(cr)
	for seen := map[string]bool{}; ok && !seen[nn.Name]; {
		seen[nn.Name] = true
		s := &corev1.Secret{}
		err := apiReader.Get(ctx, nn, s)
		if kerrors.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot read Secret %q: %w", nn, err)
		}
		if !isOwnSecret(cr, s) {
			return nil
		}
		err = kube.Delete(ctx, s, client.Preconditions{UID: &s.UID, ResourceVersion: &s.ResourceVersion})
		if client.IgnoreNotFound(err) != nil {
			return fmt.Errorf("cannot delete Secret %q: %w", nn, err)
		}
		// The previous Secret, if that is not deleted yet.
		previous := previousSecretName(s.Annotations[annotationPreviousSecret])
		ok = previous != "" && previous != nn.Name
		nn.Name = previous
	}
	return nil
}

// previousSecretName reads the annotation of a Secret; empty if it is no name of a Secret.
func previousSecretName(name string) string {
	if len(validation.IsDNS1123Subdomain(name)) > 0 {
		return ""
	}
	return name
}

// isOwnSecret reports whether a Secret is the object's: it has its label, or lost that and holds
// its key.
func isOwnSecret(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret) bool {
	if c := metav1.GetControllerOf(s); c != nil {
		return c.UID == cr.GetUID()
	}
	if owner := s.Labels[labelOwner]; owner != "" {
		return owner == string(cr.GetUID())
	}
	id := s.Annotations[annotationKeyID]
	return s.Type == resource.SecretTypeConnection && id != "" && (id == meta.GetExternalName(cr) || id == cr.Status.AtProvider.ID)
}

// releaseSecrets makes the Secrets of an object outlive it. There can be two, while one replaces
// another.
func releaseSecrets(ctx context.Context, kube client.Client, apiReader client.Reader, cr *v1alpha1.ProjectAPIKey) error {
	err := eachLabeled(ctx, apiReader, cr, func(m *metav1.PartialObjectMetadata) error {
		if !metav1.IsControlledBy(m, cr) {
			return nil
		}
		s := &corev1.Secret{}
		if err := apiReader.Get(ctx, client.ObjectKeyFromObject(m), s); err != nil || !metav1.IsControlledBy(s, cr) {
			return client.IgnoreNotFound(err)
		}
		removeOwner(cr, s)
		if err := kube.Update(ctx, s, fieldManager); err != nil {
			return fmt.Errorf("cannot release Secret %q, which holds the only copy of a key that stays valid: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot release the Secrets of %q: %w", cr.GetName(), err)
	}
	return nil
}

// fillSecret writes a key state and the details to a Secret in memory, and a value unless it is
// empty.
func fillSecret(s *corev1.Secret, state keyState, value string, details map[string][]byte) {
	state.write(s)
	if s.Data == nil {
		s.Data = map[string][]byte{}
	}
	// An outdated detail would mislead a consumer's SDK.
	for _, key := range detailKeys {
		delete(s.Data, key)
	}
	maps.Copy(s.Data, details)
	if value != "" {
		s.Data[dataAPIKey] = []byte(value)
	}
}
