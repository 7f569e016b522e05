// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/baseurl"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Entries of the ConfigMap, as LiteLLM reads them. OpenAI's SDKs read none by themselves.
const (
	dataIdentityProvider = "OPENAI_IDENTITY_PROVIDER_ID"
	dataServiceAccount   = "OPENAI_SERVICE_ACCOUNT_ID"
	dataTokenFile        = "OPENAI_IDENTITY_TOKEN_FILE"
	dataBaseURL          = "OPENAI_BASE_URL"
)

// defaultTokenFile is the default of spec.writeConfigMapToRef.tokenFile.
const defaultTokenFile = "/var/run/secrets/openai/token"

// publishConfigMap writes the ConfigMap of a rule that exists, and then deletes the one that it had before under another
// name: pods may not start without one.
func publishConfigMap(ctx context.Context, cl cluster, baseURL string, cr *v1alpha1.FederationRule) error {
	o, target := &cr.Status.AtProvider, cr.Spec.WriteConfigMapToReference
	name := ""
	if target != nil {
		name = target.Name
		data := map[string]string{
			dataIdentityProvider: o.WorkloadIdentityProviderID,
			dataServiceAccount:   o.ServiceAccountID,
			dataTokenFile:        crud.ValueOr(target.TokenFile, defaultTokenFile),
		}
		if baseURL != baseurl.Default {
			data[dataBaseURL] = baseURL
		}
		if err := writeConfigMap(ctx, cl, cr, name, data); err != nil {
			return fmt.Errorf("cannot write ConfigMap %q of spec.writeConfigMapToRef: %w", name, err)
		}
	}
	if former := o.ConfigMap; former != "" && former != name {
		if err := deleteConfigMap(ctx, cl, cr, former); err != nil {
			return fmt.Errorf("cannot delete the former ConfigMap %q: %w", former, err)
		}
	}
	o.ConfigMap = name
	return nil
}

func writeConfigMap(ctx context.Context, cl cluster, cr *v1alpha1.FederationRule, name string, data map[string]string) error {
	cm := &corev1.ConfigMap{}
	owner := *metav1.NewControllerRef(cr, v1alpha1.SchemeGroupVersion.WithKind("FederationRule"))
	// Deleting the object must not wait for the ConfigMap.
	owner.BlockOwnerDeletion = nil
	err := cl.reader.Get(ctx, types.NamespacedName{Namespace: cr.GetNamespace(), Name: name}, cm)
	if kerrors.IsNotFound(err) {
		return cl.writer.Create(ctx, &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: cr.GetNamespace(), Name: name, OwnerReferences: []metav1.OwnerReference{owner}},
			Data:       data,
		})
	}
	if err != nil {
		return err
	}
	same := maps.Equal(cm.Data, data) && len(cm.BinaryData) == 0
	if same && metav1.GetControllerOf(cm) == nil {
		// A backup restored it without its owner.
		cm.OwnerReferences = append(cm.OwnerReferences, owner)
		return cl.writer.Update(ctx, cm)
	}
	if !metav1.IsControlledBy(cm, cr) {
		return terminal.IfLastingErrorf("it exists and does not belong to this object: choose another name")
	}
	if same {
		return nil
	}
	if cm.Immutable != nil && *cm.Immutable {
		return terminal.IfLastingErrorf("it is immutable and does not have the values of the rule: delete it, and it is written anew")
	}
	cm.Data, cm.BinaryData = data, nil
	return cl.writer.Update(ctx, cm)
}

func deleteConfigMap(ctx context.Context, cl cluster, cr *v1alpha1.FederationRule, name string) error {
	cm := &corev1.ConfigMap{}
	if err := cl.reader.Get(ctx, types.NamespacedName{Namespace: cr.GetNamespace(), Name: name}, cm); err != nil {
		return client.IgnoreNotFound(err)
	}
	if !metav1.IsControlledBy(cm, cr) {
		return nil
	}
	return client.IgnoreNotFound(cl.writer.Delete(ctx, cm, client.Preconditions{UID: &cm.UID, ResourceVersion: &cm.ResourceVersion}))
}
