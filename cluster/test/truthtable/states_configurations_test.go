// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// configurations have no external resource, and so no Ready condition.
var configurations = []state{
	{
		name:            "a provider configuration that nobody uses",
		reason:          "It is complete as it is written; kubectl wait has nothing to wait for.",
		want:            answers{"not met", "Current", "Healthy", "Healthy"},
		ignoresRequests: true,
		cause:           func(tn *tenant) []client.Object { return tn.configurations(0) },
	},
	{
		name:            "a provider configuration in use",
		reason:          "The same, and its users are counted.",
		want:            answers{"not met", "Current", "Healthy", "Healthy"},
		ignoresRequests: true,
		cause:           func(tn *tenant) []client.Object { return tn.configurations(1) },
	},
	{
		name:            "a provider configuration in use, deleted",
		reason:          "It goes when its last user is gone.",
		want:            answers{"not met", "Terminating", "Progressing", "Progressing"},
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			objects := tn.configurations(1)
			tn.deleteAll(objects)
			for _, o := range objects {
				tn.await(fmt.Sprintf("word of %T that it is in use", o), func() (bool, string) {
					tn.get(o)
					c := o.(resource.Conditioned).GetCondition("Terminating")
					return c.Reason != "", asJSON(tn.T, o)
				})
			}
			return objects
		},
	},
}

// configurations of both kinds with this many users.
func (tn *tenant) configurations(users int64) []client.Object {
	tn.Helper()
	own := &v1alpha1.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "own"}}
	own.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "key"}
	tn.create(own)
	cluster := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}}
	if users > 0 {
		tn.newProject()
		tn.newAccount(func(cr *v1alpha1.ProjectServiceAccount) {
			cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ProviderConfigKind, Name: own.Name}
		})
	}
	objects := []client.Object{own, cluster}
	for _, o := range objects {
		tn.await(fmt.Sprintf("%d users of %T", users, o), func() (bool, string) {
			tn.get(o)
			counted := o.(resource.ProviderConfig)
			return counted.GetUsers() == users && len(o.GetFinalizers()) > 0, asJSON(tn.T, o)
		})
	}
	return objects
}
