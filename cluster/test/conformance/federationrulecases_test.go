// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// federationRuleCases are about whose tokens a rule accepts, and about what pods are told.
var federationRuleCases = []Case{
	{Name: "matchers", Each: func(Row) []Case {
		var all []Case
		for name, c := range matcherCases {
			all = append(all, Case{Name: name, Run: func(e *Env, r Row) { rulesMatch(e, r, c) }})
		}
		return all
	}},
	{Name: "of_another_project", Run: ruleOfAnotherProject},
	{Name: "service_account_replaced", Run: serviceAccountReplaced},
	{Name: "config_map", Run: configMapOfRule},
	{Name: "config_map_of_somebody_else", Run: configMapOfSomebodyElse},
	{Name: "quota", Run: func(e *Env, r Row) {
		for i := range 50 {
			e.newRule(e.Provider(), fmt.Sprint("another-", i))
		}
		o := e.create(r, "an-object")
		e.awaitMessage(o, "has 50 federation rules")
		e.assertNotCreated(r)
	}},
	{Name: "account_has_a_rule", Run: func(e *Env, r Row) {
		account := e.newAccount("shared")
		e.newRuleIn(e.Provider(), e.Project(), account, "somebody's")
		o := e.create(r, "an-object", e.with(Fields{"serviceAccountID": account}))
		e.awaitMessage(o, "has a federation rule")
		e.assertNotCreated(r)
	}},
}

// A matcherCase is a subject, and what becomes of it on a provider.
type matcherCase struct {
	// elsewhere reports that the provider trusts another issuer, and lacks that it does not derive the namespace.
	elsewhere, lacks bool
	subject          func(namespace string) v1alpha1.FederationRuleSubject
	// refused is part of the message; empty: the rule is created with the matchers that want returns.
	refused string
	want    func(namespace string) map[string]string
}

func matching(m ...v1alpha1.AttributeMatcher) func(string) v1alpha1.FederationRuleSubject {
	return func(string) v1alpha1.FederationRuleSubject {
		return v1alpha1.FederationRuleSubject{AttributeMatchers: m}
	}
}

var matcherCases = map[string]matcherCase{
	"service_account": {
		subject: func(string) v1alpha1.FederationRuleSubject {
			return v1alpha1.FederationRuleSubject{KubernetesServiceAccount: new("app")}
		},
		want: func(namespace string) map[string]string {
			return map[string]string{"sub": `"system:serviceaccount:` + namespace + `:app"`, "kubernetes_namespace": `"` + namespace + `"`}
		},
	},
	"service_account_without_attribute": {
		lacks: true,
		subject: func(string) v1alpha1.FederationRuleSubject {
			return v1alpha1.FederationRuleSubject{KubernetesServiceAccount: new("app")}
		},
		want: func(namespace string) map[string]string {
			return map[string]string{"sub": `"system:serviceaccount:` + namespace + `:app"`}
		},
	},
	"namespace": {
		subject: func(string) v1alpha1.FederationRuleSubject {
			return v1alpha1.FederationRuleSubject{KubernetesNamespace: new(true)}
		},
		want: func(namespace string) map[string]string {
			return map[string]string{"kubernetes_namespace": `"` + namespace + `"`}
		},
	},
	"namespace_without_attribute": {
		lacks: true,
		subject: func(string) v1alpha1.FederationRuleSubject {
			return v1alpha1.FederationRuleSubject{KubernetesNamespace: new(true)}
		},
		refused: "keeps a rule to its namespace",
	},
	"raw": {
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "pod", String: new("a*")}, v1alpha1.AttributeMatcher{Attribute: "number", Integer: new(int64(7))}, v1alpha1.AttributeMatcher{Attribute: "truth", Boolean: new(true)}),
		want: func(namespace string) map[string]string {
			return map[string]string{"pod": `"a*"`, "number": "7", "truth": "true", "kubernetes_namespace": `"` + namespace + `"`}
		},
	},
	"raw_without_attribute": {
		lacks:   true,
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "pod", String: new("a")}),
		refused: "keeps a rule to its namespace",
	},
	"raw_subject_of_another_namespace": {
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "sub", String: new("system:serviceaccount:kube-system:default")}),
		refused: `names namespace "kube-system"`,
	},
	"raw_subject_of_any_namespace": {
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "sub", String: new("system:serviceaccount:*")}),
		refused: `names namespace "*"`,
	},
	"raw_another_namespace": {
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "kubernetes_namespace", String: new("kube-system")}),
		refused: `names namespace "kube-system"`,
	},
	"raw_namespace_of_another_type": {
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "kubernetes_namespace", Boolean: new(true)}),
		refused: "compares",
	},
	"raw_elsewhere": {
		elsewhere: true, lacks: true,
		subject: matching(v1alpha1.AttributeMatcher{Attribute: "sub", String: new("repo:acme/checkout")}),
		want:    func(string) map[string]string { return map[string]string{"sub": `"repo:acme/checkout"`} },
	},
}

// rulesMatch is one matcherCase. The issuer differs from the cluster's by what OpenAI ignores.
func rulesMatch(e *Env, r Row, c matcherCase) {
	in := openai.AdminOrganizationWorkloadIdentityProviderNewParams{Name: "somebody's", Issuer: cluster.Issuer + "/", Audience: "openai"}
	if c.elsewhere {
		in.Issuer = "https://elsewhere.example.com"
	}
	if !c.lacks {
		in.AttributeTransformations = []openai.AdminOrganizationWorkloadIdentityProviderNewParamsAttributeTransformation{{
			Attribute: "kubernetes_namespace", Expression: "assertion['kubernetes.io'].namespace",
		}}
	}
	e.provider = got(e.OpenAI.WorkloadIdentityProviders.New(e.Context(), in))(e).ID
	o := e.create(r, "an-object", func(o resource.ModernManaged) {
		ruleOf(o).Spec.ForProvider.Subject = new(c.subject(e.namespace))
	})
	if c.refused != "" {
		e.awaitMessage(o, c.refused)
		await.Reconciled(e, kube, o)
		e.awaitMessage(o, c.refused)
		e.assertNotCreated(r)
		e.delete(o)
		e.awaitGone(o)
		return
	}
	e.awaitReady(o)
	observed := map[string]string{}
	for attribute, v := range e.ruleAt(meta.GetExternalName(o)).AttributeMatchers {
		observed[attribute] = v.RawJSON()
	}
	if diff := cmp.Diff(c.want(e.namespace), observed); diff != "" {
		e.Errorf("matchers: -want, +got:\n%s", diff)
	}
	await.Reconciled(e, kube, o)
	if n := e.count(r.Routes.Update); n != 0 {
		e.Errorf("%d updates of a rule that is as it should be", n)
	}
}

func ruleOf(o resource.Managed) *v1alpha1.FederationRule {
	rule, _ := o.(*v1alpha1.FederationRule)
	return rule
}

// ruleOfAnotherProject is a rule that an external name leads to, and that belongs to another project.
func ruleOfAnotherProject(e *Env, r Row) {
	project := e.newProject("another")
	account := got(admin.NewAccount(e.Context(), e.OpenAI.Projects, project, "theirs"))(e)
	theirs := e.newRuleIn(e.Provider(), project, account, "theirs")
	o := e.create(r, "an-object", func(o resource.ModernManaged) { meta.SetExternalName(o, theirs) })
	e.awaitMessage(o, "does not belong to project")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "does not belong to project")
	e.delete(o)
	e.awaitGone(o)
	e.assertAlive(r, "as it is another project's", theirs)
	if n := e.count(r.Routes.Update) + e.count(r.Routes.Delete); n != 0 {
		e.Errorf("%d changes of another project's rule", n)
	}
}

// serviceAccountReplaced is a rule by reference whose service account was deleted at OpenAI and created anew.
func serviceAccountReplaced(e *Env, r Row) {
	account := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: e.namespace, Name: "account"}}
	account.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: e.namespace}
	account.Spec.ForProvider.ProjectID = new(e.Project())
	e.must(kube.Create(e.Context(), account))
	e.awaitReady(account)
	o, former := e.ready(r, func(o resource.ModernManaged) {
		p := &ruleOf(o).Spec.ForProvider
		p.ServiceAccountID, p.ServiceAccountIDRef = nil, &xpv2.NamespacedReference{Name: "account"}
		ruleOf(o).Spec.WriteConfigMapToReference = &v1alpha1.ConfigMapTarget{Name: "app"}
	})
	e.did(e.OpenAI.Projects.ServiceAccounts.Delete(e.Context(), e.Project(), meta.GetExternalName(account)))
	await.Condition(e, "a rule for the new service account", func() (bool, string) {
		e.get(o)
		e.get(account)
		return meta.GetExternalName(o) != former && ruleOf(o).Status.AtProvider.ServiceAccountID == meta.GetExternalName(account), await.State(o)
	})
	e.awaitReady(o)
	e.assertAlive(r, "after its service account was replaced", meta.GetExternalName(o))
	if got, want := e.configMap("app").Data["OPENAI_SERVICE_ACCOUNT_ID"], meta.GetExternalName(account); got != want {
		e.Errorf("the ConfigMap names service account %q, want %q", got, want)
	}
}

func (e *Env) configMap(name string) *corev1.ConfigMap {
	e.Helper()
	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: e.namespace, Name: name}}
	e.must(client.IgnoreNotFound(kube.Get(e.Context(), client.ObjectKeyFromObject(cm), cm)))
	return cm
}

// configMapOfRule is written, set right, renamed, and removed with the reference to it.
func configMapOfRule(e *Env, r Row) {
	writes := func(name string) func(resource.ModernManaged) {
		return func(o resource.ModernManaged) {
			ruleOf(o).Spec.WriteConfigMapToReference = &v1alpha1.ConfigMapTarget{Name: name}
		}
	}
	o, _ := e.ready(r, writes("app"))
	cm := e.configMap("app")
	want := map[string]string{
		"OPENAI_IDENTITY_PROVIDER_ID": e.Provider(), "OPENAI_SERVICE_ACCOUNT_ID": ruleOf(o).Status.AtProvider.ServiceAccountID,
		"OPENAI_IDENTITY_TOKEN_FILE": "/var/run/secrets/openai/token",
	}
	got := cm.DeepCopy().Data
	if got["OPENAI_BASE_URL"] == "" {
		e.Errorf("the ConfigMap has %v, want the base URL of the configuration, which is not OpenAI's", got)
	}
	delete(got, "OPENAI_BASE_URL")
	if diff := cmp.Diff(want, got); diff != "" {
		e.Errorf("data: -want, +got:\n%s", diff)
	}
	if !metav1.IsControlledBy(cm, o) {
		e.Errorf("the ConfigMap belongs to %v, so that nothing removes it with the object", cm.OwnerReferences)
	}
	cm.Data["OPENAI_SERVICE_ACCOUNT_ID"] = "somebody's"
	e.must(kube.Update(e.Context(), cm))
	await.Condition(e, "the ConfigMap as it was", func() (bool, string) {
		got := e.configMap("app").Data["OPENAI_SERVICE_ACCOUNT_ID"]
		return got == want["OPENAI_SERVICE_ACCOUNT_ID"], got
	})
	await.Change(e, kube, o, func(o resource.ModernManaged) { writes("renamed")(o) })
	await.Condition(e, "only the renamed ConfigMap", func() (bool, string) {
		return e.configMap("renamed").Data != nil && e.configMap("app").Data == nil, ""
	})
	await.Change(e, kube, o, func(o resource.ModernManaged) { ruleOf(o).Spec.WriteConfigMapToReference = nil })
	await.Condition(e, "no ConfigMap", func() (bool, string) { return e.configMap("renamed").Data == nil, "" })
	e.awaitReady(o)
}

// configMapOfSomebodyElse stays as it is, also under the name of one that the rule had.
func configMapOfSomebodyElse(e *Env, r Row) {
	theirs := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: e.namespace, Name: "app"}, Data: map[string]string{"theirs": "yes"}}
	e.must(kube.Create(e.Context(), theirs))
	o := e.create(r, "an-object", func(o resource.ModernManaged) {
		ruleOf(o).Spec.WriteConfigMapToReference = &v1alpha1.ConfigMapTarget{Name: "app"}
	})
	e.awaitMessage(o, "does not belong to this object")
	await.Reconciled(e, kube, o)
	if diff := cmp.Diff(theirs.Data, e.configMap("app").Data); diff != "" {
		e.Errorf("somebody else's ConfigMap: -want, +got:\n%s", diff)
	}
	e.must(kube.Delete(e.Context(), theirs))
	e.awaitReady(o)
	e.delete(o)
	e.awaitGone(o)
}
