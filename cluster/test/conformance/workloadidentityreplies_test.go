// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"regexp"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// leavingOut rewrites replies to leave out a field.
func leavingOut(field string) reply {
	re := regexp.MustCompile(`"` + field + `":\s*("[^"]*"|null|true|false|\{"type":"uploaded_jwks".*?\]\}\}|\{.*?"type":"uploaded_jwks"\})\s*,?`)
	return reply{rewrite: func(s string) string {
		if out := re.ReplaceAllString(s, ""); out != s || !strings.Contains(s, `"`+field+`"`) {
			return out
		}
		// No case may pass because the field is there.
		return "the field could not be left out"
	}}
}

var identityProviderRoutes = simulator.FamilyRoutes("workload_identity_providers")

// ruleReplyCases are about replies that leave out what decides, and about what must go through all the same.
var ruleReplyCases = []Case{
	{Name: "list_without/service_account_id", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		e.gateway.intercept(r.Routes.List, interception{reply: leavingOut("service_account_id")})
		e.forgetCaches()
		e.awaitIntercepted(r.Routes.List, 3, never)
		e.assertAlive(r, "though no list says whose it is", id)
		if n := e.count(r.Routes.Delete); n != 0 {
			e.Errorf("the rule was deleted %d times because a list says less: %s", n, await.State(o))
		}
	}},
	{Name: "list_without/project_id", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		e.gateway.intercept(r.Routes.List, interception{reply: leavingOut("project_id")})
		e.forgetCaches()
		e.awaitMessage(o, "leaves out")
		e.delete(o)
		e.awaitIntercepted(r.Routes.List, 2, never)
		e.assertAlive(r, "while nobody knows whose it is", id)
		e.gateway.stop()
		e.awaitGone(o)
		e.assertAlive(r, "after its deletion")
	}},
	{Name: "list_without/issuer", Run: func(e *Env, r Row) {
		e.provider = e.newProviderOf(cluster.Issuer)
		e.gateway.intercept(identityProviderRoutes.List, interception{reply: leavingOut("issuer")})
		e.gateway.intercept(identityProviderRoutes.Get, interception{reply: leavingOut("issuer")})
		o := e.create(r, "an-object", acceptingKubeSystem)
		e.awaitMessage(o, "leaves out")
		await.Reconciled(e, kube, o)
		e.assertNotCreated(r)
		e.gateway.stop()
		e.awaitMessage(o, `names namespace "kube-system"`)
		e.assertNotCreated(r)
	}},
	{Name: "issuer_becomes_this_clusters", Run: func(e *Env, r Row) {
		e.provider = e.newProviderOf("https://elsewhere.example.com")
		o, id := e.ready(r, acceptingKubeSystem)
		e.did(e.OpenAI.WorkloadIdentityProviders.Update(e.Context(), e.provider, openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{
			Issuer:                   openai.String(cluster.Issuer),
			AttributeTransformations: []openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsAttributeTransformation{{Attribute: "kubernetes_namespace", Expression: "assertion['kubernetes.io'].namespace"}},
		}))
		e.awaitMessage(o, `names namespace "kube-system"`)
		await.Condition(e, "an object that is not Ready", func() (bool, string) {
			e.get(o)
			return o.GetCondition(xpv2.TypeReady).Status == corev1.ConditionFalse, await.State(o)
		})
		await.Change(e, kube, o, func(o resource.ModernManaged) { ruleOf(o).Spec.ForProvider.Enabled = new(false) })
		await.Condition(e, "a rule that is disabled though it is not allowed", func() (bool, string) { return !e.ruleAt(id).Enabled, await.State(o) })
		e.delete(o)
		e.awaitGone(o)
		e.assertAlive(r, "after its deletion")
	}},
	{Name: "service_account_replaced/not_allowed_to_delete", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		await.Change(e, kube, o, func(o resource.ModernManaged) {
			o.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionUpdate})
		})
		other := e.newAccount("other")
		e.gateway.intercept(r.Routes.List, interception{reply: reply{rewrite: func(s string) string {
			return strings.ReplaceAll(s, ruleOf(o).Status.AtProvider.ServiceAccountID, other)
		}}})
		e.forgetCaches()
		e.awaitMessage(o, "managementPolicies do not allow")
		e.assertAlive(r, "as it may not be deleted", id)
	}},
	{Name: "service_account_replaced/in_a_list_only", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		other := e.newAccount("other")
		e.gateway.intercept(r.Routes.List, interception{reply: reply{rewrite: func(s string) string {
			return strings.ReplaceAll(s, ruleOf(o).Status.AtProvider.ServiceAccountID, other)
		}}})
		e.forgetCaches()
		e.awaitMessage(o, "leaves out")
		e.assertAlive(r, "as a GET shows that it is as it should be", id)
	}},
	{Name: "disabled_though_config_map_fails", Run: func(e *Env, r Row) {
		e.must(kube.Create(e.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: e.namespace, Name: "theirs"}}))
		o, id := e.ready(r, func(o resource.ModernManaged) {
			ruleOf(o).Spec.WriteConfigMapToReference = &v1alpha1.ConfigMapTarget{Name: "ours"}
		})
		await.Change(e, kube, o, func(o resource.ModernManaged) {
			ruleOf(o).Spec.WriteConfigMapToReference.Name = "theirs"
			ruleOf(o).Spec.ForProvider.Enabled = new(false)
		})
		await.Condition(e, "a disabled rule", func() (bool, string) { return !e.ruleAt(id).Enabled, await.State(o) })
		e.awaitMessage(o, "does not belong to this object")
		if e.configMap("ours").Data == nil {
			e.Error("the former ConfigMap is gone although the new one cannot be written")
		}
	}},
	{Name: "project_archived_before_its_deletion", Run: func(e *Env, r Row) {
		o, _ := e.ready(r)
		e.archive()
		e.delete(o)
		e.awaitGone(o)
		e.assertAlive(r, "after its deletion, as it would keep its provider")
	}},
	{Name: "scopes_of_the_default", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		e.gateway.intercept(r.Routes.List, interception{reply: reply{rewrite: func(s string) string {
			return strings.ReplaceAll(s, `{"type":"service_account_default"}`, `{"type":"service_account_default","scopes":["api.responses.write"]}`)
		}}})
		e.did(e.OpenAI.WorkloadIdentityProviders.FederationRules.Update(e.Context(), e.Provider(), id, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{
			Permissions: openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsPermissionsUnion{
				OfServiceAccountDefault: new(openai.NewAdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsPermissionsDefaultPermissionsParam()),
			},
		}))
		await.Condition(e, "a rule that is restricted again", func() (bool, string) {
			return e.ruleAt(id).Permissions.Type == "restricted", await.State(o)
		})
	}},
	{Name: "large_integer", Run: func(e *Env, r Row) {
		o := e.create(r, "an-object", func(o resource.ModernManaged) {
			ruleOf(o).Spec.ForProvider.Subject = new(matching(v1alpha1.AttributeMatcher{Attribute: "repository_id", Integer: new(int64(9007199254740993))})(""))
		})
		e.awaitReady(o)
		await.Reconciled(e, kube, o)
		if n := e.count(r.Routes.Update); n != 0 {
			e.Errorf("%d updates of a number that is as it should be", n)
		}
	}},
}

func acceptingKubeSystem(o resource.ModernManaged) {
	ruleOf(o).Spec.ForProvider.Subject = new(matching(v1alpha1.AttributeMatcher{Attribute: "sub", String: new("system:serviceaccount:kube-system:default")})(""))
}

// newProviderOf creates a workload identity provider of an issuer outside of the provider.
func (e *Env) newProviderOf(issuer string) string {
	e.Helper()
	in := openai.AdminOrganizationWorkloadIdentityProviderNewParams{Name: "somebody's", Issuer: issuer, Audience: "before"}
	if issuer == cluster.Issuer {
		in.AttributeTransformations = []openai.AdminOrganizationWorkloadIdentityProviderNewParamsAttributeTransformation{
			{Attribute: "kubernetes_namespace", Expression: "assertion['kubernetes.io'].namespace"}, {Attribute: "pod", Expression: "assertion.pod"},
		}
	}
	return got(e.OpenAI.WorkloadIdentityProviders.New(e.Context(), in))(e).ID
}

// providerReplyCases are the same of providers.
var providerReplyCases = []Case{
	{Name: "list_without/verification", Run: func(e *Env, r Row) {
		o, _ := e.ready(r, e.verifiedBy(v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}))
		before := e.count(r.Routes.Update)
		e.gateway.intercept(r.Routes.List, interception{reply: leavingOut("verification")})
		e.forgetCaches()
		e.awaitIntercepted(r.Routes.List, 3, never)
		e.get(o)
		status := identityProviderOf(o).Status.AtProvider
		if n := e.count(r.Routes.Update) - before; n != 0 || len(status.MissingKeys) > 0 || len(status.Keys) == 0 {
			e.Errorf("%d updates, and the status is %+v, because a list leaves out the keys", n, status)
		}
	}},
	{Name: "adopted/keeps_transformations", Run: func(e *Env, r Row) {
		id := e.newProviderOf(cluster.Issuer)
		o := e.create(r, "an-object", e.verifiedBy(v1alpha1.Verification{ThisCluster: &v1alpha1.ThisCluster{}}), func(o resource.ModernManaged) {
			meta.SetExternalName(o, id)
			identityProviderOf(o).Spec.ForProvider.AttributeTransformations = nil
			identityProviderOf(o).Spec.ForProvider.Verification.ThisCluster.ReplaceOtherCluster = new(true)
		})
		e.healed(o)
		if n := len(providerAt(e, id).AttributeTransformations); n != 2 {
			e.Errorf("%d attributes are derived, want the 2 that were there, as the object leaves them out", n)
		}
	}},
	{Name: "disabled_though_keys_are_unknown", Run: func(e *Env, r Row) {
		cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: e.namespace, Name: "keys"}, Data: map[string]string{"jwks.json": `{"keys":[` + anotherKey + `]}`}}
		e.must(kube.Create(e.Context(), cm))
		o, id := e.ready(r, e.verifiedBy(v1alpha1.Verification{UploadedJWKS: &v1alpha1.UploadedJWKS{ConfigMapKeyRef: &v1alpha1.LocalConfigMapKeyReference{Name: "keys"}}}))
		e.must(kube.Delete(e.Context(), cm))
		await.Change(e, kube, o, func(o resource.ModernManaged) { identityProviderOf(o).Spec.ForProvider.Enabled = new(false) })
		await.Condition(e, "a disabled provider", func() (bool, string) { return !providerAt(e, id).Enabled, await.State(o) })
		e.awaitMessage(o, "not found")
		e.get(o)
		if len(identityProviderOf(o).Status.AtProvider.Keys) != 1 {
			e.Error("the status does not show the key that OpenAI has")
		}
	}},
}
