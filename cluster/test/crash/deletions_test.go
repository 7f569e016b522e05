// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

const ownerName = "owner"

// deletionScenarios are deletions that involve the garbage collector.
var deletionScenarios = []scenario{
	{
		name:    "delete a key in the foreground",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.deleteWith(ctx, p.newKey(), metav1.DeletePropagationForeground)
		},
		desired: desiredState{additional: nothingLeft},
	},
	{
		name:    "delete a key in the foreground that is just being created",
		trigger: createAndDelete(metav1.DeletePropagationForeground),
		desired: desiredState{additional: nothingLeft},
	},
	{
		// The owner stands for a composite resource.
		name: "delete the owner of all three in the foreground",
		prepare: func(ctx context.Context, p *environment) error {
			owner := p.newOwner()
			if err := p.create(ctx, owner); err != nil {
				return err
			}
			return prepareAll(ctx, p, metav1.NewControllerRef(owner, corev1.SchemeGroupVersion.WithKind("ConfigMap")))
		},
		trigger: func(ctx context.Context, p *environment) error {
			return p.deleteWith(ctx, p.newOwner(), metav1.DeletePropagationForeground)
		},
		desired: desiredState{additional: nothingLeft},
	},
	{
		name:    "delete a key, and orphan what it owns",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.deleteWith(ctx, p.newKey(), metav1.DeletePropagationOrphan)
		},
		desired: desiredState{additional: nothingLeft},
	},
}

func (p *environment) newOwner() *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: ownerName}}
}

// nothingLeft checks that the objects' owner, and the usages that protected their configuration,
// are deleted too.
func nothingLeft(ctx context.Context, p *environment) ([]finding, error) {
	var f []finding
	owner := p.newOwner()
	switch err := kube.Get(ctx, client.ObjectKeyFromObject(owner), owner); {
	case err == nil:
		f = append(f, finding{stuck, fmt.Sprintf("the owner is still there, with finalizers %v", owner.GetFinalizers())})
	case client.IgnoreNotFound(err) != nil:
		return nil, fmt.Errorf("cannot read the owner: %w", err)
	}
	usages := &v1alpha1.ProviderConfigUsageList{}
	if err := kube.List(ctx, usages, client.InNamespace(p.namespace)); err != nil {
		return nil, fmt.Errorf("cannot list usages: %w", err)
	}
	for i := range usages.Items {
		u := &usages.Items[i]
		f = append(f, finding{stuck, fmt.Sprintf("the usage of %s %q is still there, with finalizers %v", u.ResourceReference.Kind, u.ResourceReference.Name, u.GetFinalizers())})
	}
	return f, nil
}
