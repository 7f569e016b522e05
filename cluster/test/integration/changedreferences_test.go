// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestAChangedReferenceIsRefusedOnceItsIDIsSet(t *testing.T) {
	t.Parallel()
	type fields = map[string]any
	links := map[string]struct {
		link    func(c *chain)
		suffix  string
		changes []fields
	}{
		"Reference": {byReference, "Ref", []fields{{"name": "other"}, {"namespace": "default"}, {"name": "other", "namespace": "default"}}},
		"Selector": {bySelector, "Selector", []fields{
			{"matchLabels": fields{"team": "other"}}, {"matchLabels": fields{"tier": "other"}}, {"namespace": "default"}, {"matchControllerRef": true},
		}},
	}
	for name, tc := range links {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTenant(t).newChain(tc.link)
			had := c.ids()
			// The object that the changed reference would refer to exists.
			c.newServiceAccount("other", "other", meta.GetExternalName(c.newProject("other", "other")))
			for _, target := range []struct {
				of resource.Managed
				id string
			}{{c.account, "projectID"}, {c.key, "projectID"}, {c.key, "serviceAccountID"}} {
				for _, to := range tc.changes {
					for _, patch := range []fields{{target.id + tc.suffix: to}, {target.id + tc.suffix: to, target.id: nil}} {
						err := c.patch(target.of, patch, client.DryRunAll)
						if !kerrors.IsInvalid(err) || !strings.Contains(err.Error(), target.id) || !strings.Contains(err.Error(), "cannot be changed") {
							t.Errorf("%T: the change %s gives %v", target.of, asJSON(t, patch), err)
						}
					}
				}
				// The resolve policy does not change what is referred to.
				policy := fields{target.id + tc.suffix: fields{"policy": fields{"resolve": "Always"}}}
				if err := c.patch(target.of, policy); err != nil {
					t.Errorf("%T: the change %s gives %v", target.of, asJSON(t, policy), err)
				}
			}
			c.awaitReady(c.account, c.key)
			c.assertHas(had)
		})
	}
}

func TestAReferenceThatNamedTheWrongObjectIsCorrectedWhileItWaits(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	right := tn.newProject("right", "right")
	sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "typo"}}
	sa.Spec.ProviderConfigReference = tn.configRef()
	sa.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: "wrong"}
	tn.create(sa)
	tn.awaitWaiting(sa)
	tn.must(tn.patch(sa, map[string]any{"projectIDRef": map[string]any{"name": "right"}}))
	tn.awaitReady(sa)
	if got := sa.Status.AtProvider.ProjectID; got != meta.GetExternalName(right) {
		t.Errorf("the account is in project %q, want %q", got, meta.GetExternalName(right))
	}
}

// The validation rules compare the new spec with the previous one only, so that two updates could
// bypass them.
func TestAReferenceThatWasChangedAfterItsIDWasClearedMovesNothing(t *testing.T) {
	t.Parallel()
	type step struct {
		reason string
		key    bool
		id     string
		change map[string]any
		pause  func(c *chain, o resource.Managed, paused bool)
	}
	other, selected := map[string]any{"name": "other"}, map[string]any{"matchLabels": map[string]any{"team": "other"}}
	links := map[string]struct {
		link  func(c *chain)
		steps []step
	}{
		"Reference": {byReference, []step{
			{"A second account would be made, and the first one forgotten.", false, "projectID", map[string]any{"projectIDRef": other}, pauseByAnnotation},
			{"The key would be searched in the wrong project.", true, "projectID", map[string]any{"projectIDRef": other}, pauseByPolicies},
			{"The key in use would be replaced by another account's.", true, "serviceAccountID", map[string]any{"serviceAccountIDRef": other}, pauseByAnnotation},
			{"The same, in another way.", true, "serviceAccountID", map[string]any{"serviceAccountIDRef": nil, "serviceAccountIDSelector": selected}, pauseByPolicies},
		}},
		// The provider may have stored the selected object as a reference, which the change
		// removes.
		"Selector": {bySelector, []step{
			{"A second account would be made, and the first one forgotten.", false, "projectID", map[string]any{"projectIDSelector": selected, "projectIDRef": nil}, pauseByPolicies},
			{"The key in use would be replaced by another account's.", true, "serviceAccountID", map[string]any{"serviceAccountIDSelector": selected, "serviceAccountIDRef": nil}, pauseByAnnotation},
		}},
	}
	for name, tc := range links {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTenant(t).newChain(tc.link)
			elsewhere := meta.GetExternalName(c.newProject("other", "other"))
			c.newServiceAccount("other", "other", meta.GetExternalName(c.project))
			had := c.ids()
			for _, s := range tc.steps {
				var o resource.Managed = c.account
				if s.key {
					o = c.key
				}
				back := c.undo(o, s.change)
				s.pause(c, o, true)
				c.await("a pause", func() (bool, string) {
					c.get(o)
					return o.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcilePaused, asJSON(t, o)
				})
				if err := c.patch(o, map[string]any{s.id: nil}); err != nil {
					t.Errorf("%s\ncannot clear %s: %v", s.reason, s.id, err)
				}
				c.must(c.patch(o, s.change))
				s.pause(c, o, false)
				c.await("a report", func() (bool, string) {
					c.get(o)
					synced := o.GetCondition(xpv2.TypeSynced)
					reported := synced.Reason == xpv2.ReasonReconcileError && synced.ObservedGeneration == o.GetGeneration()
					return reported && (strings.Contains(synced.Message, s.id) || strings.Contains(synced.Message, c.namespace+"/other")), s.reason + asJSON(t, synced)
				})
				assertStable(c.tenant, o)
				if len(liveKeys(elsewhere)) != 0 || len(c.accountsIn(elsewhere)) != 0 {
					t.Errorf("%s\nmade in the other project: keys %v, accounts %v", s.reason, liveKeys(elsewhere), c.accountsIn(elsewhere))
				}
				c.assertHas(had)

				// The change can be undone.
				c.must(c.patch(o, back))
				c.awaitReady(c.account, c.key)
				c.assertHas(had)
			}
		})
	}
}

// undo returns the patch that undoes a change of forProvider.
func (c *chain) undo(o resource.Managed, change map[string]any) map[string]any {
	c.Helper()
	c.get(o)
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	c.must(err)
	forProvider, _, err := unstructured.NestedMap(content, "spec", "forProvider")
	c.must(err)
	back := map[string]any{}
	for field := range change {
		back[field] = forProvider[field] // nil removes the field
	}
	return back
}

func pauseByAnnotation(c *chain, o resource.Managed, paused bool) {
	change(c.tenant, o, func(o resource.Managed) {
		meta.RemoveAnnotations(o, meta.AnnotationKeyReconciliationPaused)
		if paused {
			meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
		}
	})
}

func pauseByPolicies(c *chain, o resource.Managed, paused bool) {
	policies := []string{"*"}
	if paused {
		policies = []string{}
	}
	c.must(c.patchSpec(o, map[string]any{"managementPolicies": policies}))
}
