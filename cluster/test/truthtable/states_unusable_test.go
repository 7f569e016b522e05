// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// unusableObjects have an external resource that cannot be used.
var unusableObjects = []state{
	{
		name:   "what it adopted was deleted, and is not replaced",
		reason: "The object did not make it, so that it makes no other until somebody says so.",
		want:   stuck,
		cause: func(tn *tenant) []client.Object {
			project, err := tn.openai.New(tn.Context(), openai.AdminOrganizationProjectNewParams{Name: "taken-over"})
			tn.must(err)
			account := tn.accountElsewhere()
			key := tn.keyElsewhere(0)
			tn.create(&corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "made-elsewhere"},
				StringData: map[string]string{"value": key.Value},
			})
			objects := []client.Object{
				tn.newProject(func(cr *v1alpha1.Project) { named(project.ID)(cr) }),
				tn.newAccount(func(cr *v1alpha1.ProjectServiceAccount) { named(account)(cr) }),
				tn.newKey(func(cr *v1alpha1.ProjectAPIKey) {
					cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "made-elsewhere", Key: "value"}
				}),
			}
			tn.awaitReady(objects...)
			_, err = tn.openai.Archive(tn.Context(), project.ID)
			tn.must(err)
			_, err = tn.openai.ServiceAccounts.Delete(tn.Context(), tn.project, account)
			tn.must(err)
			_, err = tn.openai.APIKeys.Delete(tn.Context(), tn.project, key.ID)
			tn.must(err)
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionFalse, "")
			return objects
		},
	},
	{
		name:   "the key has expired, and is only observed",
		reason: "It is as it was asked for, and of no use: whoever made it may prolong it.",
		want:   onItsWay,
		cause: func(tn *tenant) []client.Object {
			const life = time.Hour
			key := tn.keyElsewhere(life)
			objects := []client.Object{tn.newKey(func(cr *v1alpha1.ProjectAPIKey) {
				observed(cr)
				named(key.ID)(cr)
				cr.Spec.WriteConnectionSecretToReference = nil
			})}
			tn.awaitReady(objects...)
			tn.sim.Advance(2 * life)
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionTrue, "the key has expired")
			return objects
		},
	},
	{
		name:   "the service account has no access",
		reason: "It is as it was asked for, and of no use until somebody gives the account a role.",
		want:   onItsWay,
		cause: func(tn *tenant) []client.Object {
			account := tn.accountWithoutRole()
			objects := []client.Object{
				tn.newAccount(func(cr *v1alpha1.ProjectServiceAccount) { named(account)(cr) }),
				tn.newKey(func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ServiceAccountID = &account }),
			}
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionTrue, "role")
			return objects
		},
	},
}

// keyElsewhere issues a key outside of the provider. A lifetime of 0 means no expiry.
func (tn *tenant) keyElsewhere(life time.Duration) *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse {
	tn.Helper()
	var params openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams
	if life > 0 {
		params.ExpiresInSeconds = openai.Int(int64(life.Seconds()))
	}
	key, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, tn.account, params)
	tn.must(err)
	return key
}
