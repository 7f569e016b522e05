// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"slices"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// nameOf returns a name of this length.
func nameOf(length int) string { return strings.Repeat("a", length) }

func TestTheLongestNamesAreAcceptedAndLongerOnesRefusedWithARemedy(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	spec := tn.configSpec()
	account := func(mod func(cr *v1alpha1.ProjectServiceAccount, name string)) func(string) client.Object {
		return func(name string) client.Object {
			return tn.accountObject("longest", func(cr *v1alpha1.ProjectServiceAccount) { mod(cr, name) })
		}
	}
	key := func(mod func(cr *v1alpha1.ProjectAPIKey, name string)) func(string) client.Object {
		return func(name string) client.Object {
			return tn.key("longest", func(cr *v1alpha1.ProjectAPIKey) { mod(cr, name) })
		}
	}
	config := func(mod func(pc *v1alpha1.ClusterProviderConfig, name string)) func(string) client.Object {
		return func(name string) client.Object {
			pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: "longest"}, Spec: *spec.DeepCopy()}
			mod(pc, name)
			return pc
		}
	}
	requires := func(name string) *v1alpha1.NamespaceSelector {
		return &v1alpha1.NamespaceSelector{MatchExpressions: []v1alpha1.LabelRequirement{{Key: metav1.NamespaceDefault, Operator: metav1.LabelSelectorOpIn, Values: []string{name}}}}
	}
	cases := map[string]struct {
		reason  string
		longest int
		of      func(name string) client.Object
		// want is part of the refusal of a name that is one character longer.
		want string
	}{
		"ClusterProviderConfig": {
			reason:  "Usages carry the name as the value of a label: nothing could use it.",
			longest: 63, of: config(func(pc *v1alpha1.ClusterProviderConfig, name string) { pc.Name = name }),
			want: "choose a shorter name",
		},
		"ProviderConfig": {
			reason:  "As above.",
			longest: 63, of: func(name string) client.Object {
				pc := &v1alpha1.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
				pc.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "key"}
				return pc
			},
			want: "choose a shorter name",
		},
		"ReferenceToAConfiguration": {
			reason:  "There can be no such configuration.",
			longest: 63, of: account(func(cr *v1alpha1.ProjectServiceAccount, name string) { cr.Spec.ProviderConfigReference.Name = name }),
			want: "providerConfigRef.name has more than 63 characters",
		},
		"ReferenceToAProject": {
			reason:  "There can be no such Project.",
			longest: 253, of: account(func(cr *v1alpha1.ProjectServiceAccount, name string) {
				cr.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: name}
			}),
			want: "correct it to the name of a Project",
		},
		"ReferenceToAnotherNamespace": {
			reason:  "There can be no such namespace.",
			longest: 63, of: account(func(cr *v1alpha1.ProjectServiceAccount, name string) {
				cr.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: "x", Namespace: name}
			}),
			want: "correct it, or leave it out",
		},
		"ReferenceToAServiceAccount": {
			reason:  "There can be no such ProjectServiceAccount.",
			longest: 253, of: key(func(cr *v1alpha1.ProjectAPIKey, name string) {
				cr.Spec.ForProvider.ServiceAccountIDRef = &xpv2.NamespacedReference{Name: name}
			}),
			want: "correct it to the name of a ProjectServiceAccount",
		},
		"Secret": {
			reason:  "There can be no such Secret, and a key that was issued for it would be lost.",
			longest: 253, of: key(func(cr *v1alpha1.ProjectAPIKey, name string) { cr.Spec.WriteConnectionSecretToReference.Name = name }),
			want: "choose a shorter one",
		},
		"LabelOfASecret": {
			reason:  "Kubernetes would refuse the Secret after the key was issued.",
			longest: 253 + 1, of: key(func(cr *v1alpha1.ProjectAPIKey, name string) {
				cr.Spec.SecretTemplate = &v1alpha1.SecretTemplate{Metadata: v1alpha1.SecretMetadata{Labels: map[string]v1alpha1.LabelValue{name[1:] + "/x": "y"}}}
			}),
			want: "a prefix of at most 253",
		},
		"LabelOfASelector": {
			reason:  "No object can have such a label.",
			longest: 63, of: account(func(cr *v1alpha1.ProjectServiceAccount, name string) {
				cr.Spec.ForProvider.ProjectIDSelector = &v1alpha1.NamespacedSelector{MatchLabels: map[string]string{"team": name}}
			}),
			want: "which no label has: correct it",
		},
		"LabelOfANamespace": {
			reason:  "No namespace can have such a label.",
			longest: 63, of: config(func(pc *v1alpha1.ClusterProviderConfig, name string) { pc.Spec.AllowedNamespaces = requires(name) }),
			want: "may not be more than 63",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := kube.Create(t.Context(), tc.of(nameOf(tc.longest)), client.DryRunAll); err != nil {
				t.Errorf("%s\n%d characters are refused: %v", tc.reason, tc.longest, err)
			}
			err := kube.Create(t.Context(), tc.of(nameOf(tc.longest+1)), client.DryRunAll)
			if !kerrors.IsInvalid(err) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s\n%d characters: error is %v, want %q in it", tc.reason, tc.longest+1, err, tc.want)
			}
		})
	}
}

func TestObjectsWithTheLongestNamesWork(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	for _, mr := range tn.oneOfEachKind(nameOf(253), func(mg resource.ModernManaged) {
		if p, ok := mg.(*v1alpha1.Project); ok {
			p.Spec.ForProvider.Name = nil
		}
	}) {
		t.Run(mr.kind, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			tn.awaitResources(mr)
			tn.delete(mr.object)
			tn.awaitDeleted(mr)
		})
	}
}

// Not parallel: all tests share the CustomResourceDefinitions.
func TestObjectsThatAnEarlierReleaseAcceptedCanStillBeChangedAndDeleted(t *testing.T) {
	tn := newTenant(t)
	account := tn.accountObject("old", func(cr *v1alpha1.ProjectServiceAccount) {
		cr.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: nameOf(300), Namespace: nameOf(300)}
		cr.Spec.ForProvider.ProjectIDSelector = &v1alpha1.NamespacedSelector{MatchLabels: map[string]string{nameOf(400): nameOf(400)}}
		cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: nameOf(300)}
		cr.Spec.ManagementPolicies = slices.Repeat(xpv2.ManagementPolicies{xpv2.ManagementActionAll}, 7)
	})
	key := tn.key("old", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.WriteConnectionSecretToReference.Name = nameOf(300)
	})
	config := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace + nameOf(64)}, Spec: tn.configSpec()}
	objects := []client.Object{account, key, config}

	restore := tn.withoutBounds()
	for _, o := range objects {
		o.SetFinalizers([]string{finalizerOf(o)})
		tn.create(o)
	}
	restore()
	for _, o := range objects {
		tn.awaitBounds(o)
	}
	change(tn, account, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Name = new("changed") })
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Name = new("changed") })
	change(tn, config, func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.RateLimit = nil })
	for _, o := range objects {
		tn.delete(o)
	}
	tn.awaitGone(objects...)
}

// finalizerOf returns the finalizer that the provider adds to an object.
func finalizerOf(o client.Object) string {
	if _, ok := o.(resource.Managed); ok {
		return managed.FinalizerName
	}
	return "in-use.crossplane.io"
}

func (tn *tenant) configSpec() v1alpha1.ClusterProviderConfigSpec {
	tn.Helper()
	pc := tn.clusterConfig()
	tn.get(pc)
	return pc.Spec
}

// awaitBounds awaits that the API server refuses a copy of an unbounded object under another name.
func (tn *tenant) awaitBounds(o client.Object) {
	tn.Helper()
	another := o.DeepCopyObject().(client.Object)
	another.SetName("another-" + o.GetName())
	another.SetResourceVersion("")
	tn.await("a CustomResourceDefinition with bounds", func() (bool, string) {
		err := kube.Create(tn.Context(), another.DeepCopyObject().(client.Object), client.DryRunAll)
		return kerrors.IsInvalid(err), asJSON(tn.T, err)
	})
}

// withoutBounds removes the bounds from the CustomResourceDefinitions, as they were in an earlier
// release, until they are restored.
func (tn *tenant) withoutBounds() (restore func()) {
	tn.Helper()
	var undo []func()
	for _, crd := range packageCRDs(tn) {
		bounded := crd.Spec
		set := func(to extensionsv1.CustomResourceDefinitionSpec) {
			change(tn, &extensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: crd.Name}}, func(c *extensionsv1.CustomResourceDefinition) {
				c.Spec.Versions = to.Versions
			})
		}
		undo = append(undo, func() { set(bounded) })
		without := *bounded.DeepCopy()
		removeBounds(without.Versions[0].Schema.OpenAPIV3Schema)
		set(without)
	}
	restore = func() {
		for _, f := range undo {
			f()
		}
		undo = nil
	}
	tn.Cleanup(restore)
	return restore
}

// removeBounds removes the limits and validation rules of a schema.
func removeBounds(schema *extensionsv1.JSONSchemaProps) {
	schema.MaxLength, schema.MaxItems, schema.MaxProperties, schema.XValidations = nil, nil, nil, nil
	if schema.Items != nil && schema.Items.Schema != nil {
		removeBounds(schema.Items.Schema)
	}
	if schema.AdditionalProperties != nil && schema.AdditionalProperties.Schema != nil {
		removeBounds(schema.AdditionalProperties.Schema)
	}
	for name, p := range schema.Properties {
		removeBounds(&p)
		schema.Properties[name] = p
	}
}
