// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/jwks"
)

// identityProviderCases are about the keys that verify tokens.
var identityProviderCases = []Case{
	{Name: "this_cluster", Run: trustsThisCluster},
	{Name: "this_cluster/key_of_somebody_else", Run: removesUnknownKey},
	{Name: "this_cluster/copied_from_another", Each: func(Row) []Case {
		return []Case{
			{Name: "with_its_issuer", Run: func(e *Env, r Row) { copiedFromAnotherCluster(e, r, "https://another.example.com") }},
			{Name: "with_the_same_issuer", Run: func(e *Env, r Row) { copiedFromAnotherCluster(e, r, cluster.Issuer) }},
		}
	}},
	{Name: "keys_in_config_map", Run: keysInConfigMap},
	{Name: "private_key", Run: privateKey},
	{Name: "quota", Run: func(e *Env, r Row) {
		for i := range 50 {
			e.newProvider(fmt.Sprint("another-", i))
		}
		o := e.create(r, "an-object")
		e.awaitMessage(o, "has 50 workload identity providers")
		e.assertNotCreated(r)
		e.delete(o)
		e.awaitGone(o)
	}},
	{Name: "deleted_before_its_rules", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		rule := e.newRule(id, "a-rule")
		e.delete(o)
		e.awaitMessage(o, "only after its federation rules")
		e.did(e.OpenAI.WorkloadIdentityProviders.FederationRules.Delete(e.Context(), id, rule))
		e.awaitGone(o)
		e.assertAlive(r, "after its deletion")
	}},
}

// assertNotCreated asserts that OpenAI was not even asked for a create.
func (e *Env) assertNotCreated(r Row) {
	e.Helper()
	if n := e.count(r.Routes.Create); n != 0 {
		e.Errorf("OpenAI was asked %d times for a create that it refuses, want never", n)
	}
}

// verifiedBy makes a provider verify tokens in another way than the row's.
func (e *Env) verifiedBy(v v1alpha1.Verification) func(resource.ModernManaged) {
	return func(o resource.ModernManaged) {
		p := &identityProviderOf(o).Spec.ForProvider
		p.Verification = &v
		if v.ThisCluster != nil {
			p.Issuer = nil
		}
	}
}

func identityProviderOf(o resource.Managed) *v1alpha1.WorkloadIdentityProvider {
	p, _ := o.(*v1alpha1.WorkloadIdentityProvider)
	return p
}

func keyIDs(keys []jwks.Key) (ids []string) {
	for _, k := range keys {
		ids = append(ids, k.ID)
	}
	return ids
}

// keysAt are the IDs of the keys that OpenAI has.
func (e *Env) keysAt(id string) []string {
	e.Helper()
	data, err := json.Marshal(providerAt(e, id).Verification.Jwks)
	e.must(err)
	return keyIDs(jwks.ParseReply(data))
}

func trustsThisCluster(e *Env, r Row) {
	o, id := e.ready(r, e.verifiedBy(v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}))
	if got := providerAt(e, id).Issuer; got != cluster.Issuer {
		e.Errorf("the issuer is %q, want the API server's %q", got, cluster.Issuer)
	}
	if diff := cmp.Diff(keyIDs(cluster.Keys), e.keysAt(id)); diff != "" {
		e.Errorf("keys: -want, +got:\n%s", diff)
	}
	var derived []string
	for _, t := range providerAt(e, id).AttributeTransformations {
		derived = append(derived, t.Attribute+" = "+t.Expression)
	}
	want := []string{"kubernetes_namespace = assertion['kubernetes.io'].namespace", "repository = assertion.before"}
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(derived))); diff != "" {
		e.Errorf("derived attributes: -want, +got:\n%s", diff)
	}
	status := identityProviderOf(o).Status.AtProvider
	if !status.ThisCluster || len(status.Keys) != len(cluster.Keys) || len(status.MissingKeys)+len(status.UnknownKeys) != 0 {
		e.Errorf("the status is %+v, want the keys of this cluster and no others", status)
	}
	before := len(e.mutations())
	await.Reconciled(e, kube, o)
	if m := e.mutations()[before:]; len(m) != 0 {
		e.Errorf("changes though the keys are the same: %+v", m)
	}
}

// anotherKey is a public key of nobody here.
const anotherKey = `{"kty":"EC","kid":"another","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}`

func anotherSet() map[string]any {
	return jwks.Set([]jwks.Key{{JSON: json.RawMessage(anotherKey)}})
}

func removesUnknownKey(e *Env, r Row) {
	o, id := e.ready(r, e.verifiedBy(v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}))
	e.did(e.OpenAI.WorkloadIdentityProviders.Update(e.Context(), id, openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{
		Verification: openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsVerificationUnion{
			OfAdminOrganizationWorkloadIdentityProviderUpdatesVerificationUploadedJwksVerificationParam: &openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsVerificationUploadedJwksVerificationParam{Jwks: anotherSet()},
		},
	}))
	await.Condition(e, "the keys of this cluster and no other", func() (bool, string) {
		got := e.keysAt(id)
		return cmp.Equal(keyIDs(cluster.Keys), got), fmt.Sprint(got)
	})
	e.healed(o)
}

// copiedFromAnotherCluster is an object with the external name of a provider that trusts another cluster, as a GitOps
// controller or a backup makes it. It must not cut that cluster off.
func copiedFromAnotherCluster(e *Env, r Row, issuer string) {
	id := got(e.OpenAI.WorkloadIdentityProviders.New(e.Context(), openai.AdminOrganizationWorkloadIdentityProviderNewParams{
		Name: "an-object", Issuer: issuer, Audience: "before",
		Verification: openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationUnion{
			OfUploadedJwks: &openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationUploadedJwks{Jwks: anotherSet()},
		},
	}))(e).ID
	o := e.create(r, "an-object", e.verifiedBy(v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}), func(o resource.ModernManaged) { meta.SetExternalName(o, id) })
	e.awaitMessage(o, "replaceOtherCluster")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "replaceOtherCluster")
	if n := e.count(r.Routes.Update); n != 0 {
		e.Errorf("%d updates of another cluster's provider, want none", n)
	}
	await.Change(e, kube, o, func(o resource.ModernManaged) {
		identityProviderOf(o).Spec.ForProvider.Verification.ThisCluster.ReplaceOtherCluster = new(true)
	})
	e.awaitReady(o)
	await.Condition(e, "the keys of this cluster", func() (bool, string) {
		got := e.keysAt(id)
		return slices.Contains(got, cluster.Keys[0].ID) && providerAt(e, id).Issuer == cluster.Issuer, fmt.Sprint(got)
	})
}

func keysInConfigMap(e *Env, r Row) {
	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: e.namespace, Name: "keys"}}
	o := e.create(r, "an-object", e.verifiedBy(v1alpha1.Verification{UploadedJWKS: &v1alpha1.UploadedJWKS{ConfigMapKeyRef: &v1alpha1.LocalConfigMapKeyReference{Name: "keys"}}}))
	e.awaitMessage(o, `"keys" not found`)
	cm.Data = map[string]string{"jwks.json": `{"keys":[` + strings.Replace(anotherKey, `"kty"`, `"d":"c2VjcmV0","kty"`, 1) + `]}`}
	e.must(kube.Create(e.Context(), cm))
	e.awaitMessage(o, "it has a private key")
	await.Change(e, kube, cm, func(cm *corev1.ConfigMap) { cm.Data["jwks.json"] = `{"keys":[` + anotherKey + `]}` })
	e.awaitReady(o)
	id := meta.GetExternalName(o)
	if diff := cmp.Diff([]string{"another"}, e.keysAt(id)); diff != "" {
		e.Errorf("keys: -want, +got:\n%s", diff)
	}
	await.Change(e, kube, cm, func(cm *corev1.ConfigMap) {
		cm.Data["jwks.json"] = `{"keys":[` + strings.Replace(anotherKey, `"another"`, `"next"`, 1) + `]}`
	})
	await.Condition(e, "the keys of the ConfigMap", func() (bool, string) {
		got := e.keysAt(id)
		return cmp.Equal([]string{"next"}, got), fmt.Sprint(got)
	})
}

// privateKey is refused before it is stored.
func privateKey(e *Env, r Row) {
	for _, inline := range []string{`{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}`, `{"keys":[{"kty":"EC", "d" : "c2VjcmV0"}]}`} {
		o := e.object(r, "an-object", e.verifiedBy(v1alpha1.Verification{UploadedJWKS: &v1alpha1.UploadedJWKS{Inline: &inline}}))
		if err := kube.Create(e.Context(), o); err == nil || !strings.Contains(err.Error(), "has a private key") {
			e.Errorf("%s: got %v, want a refusal of the API server", inline, err)
		}
	}
}
