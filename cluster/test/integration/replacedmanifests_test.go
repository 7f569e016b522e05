// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestAProjectIDThatIsWrittenLaterMovesNothing(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	p, err := tn.openai.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: tn.namespace + "-elsewhere"})
	tn.must(err)
	elsewhere := p.ID
	change(tn, &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}, func(pc *v1alpha1.ClusterProviderConfig) {
		pc.Spec.DefaultProjectID = &tn.project
	})
	sa := tn.accountObject("stays", func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.ProjectID = nil })
	tn.create(sa)
	tn.awaitReady(sa)
	id := meta.GetExternalName(sa)

	change(tn, sa, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.ProjectID = &elsewhere })
	if got := tn.awaitProblem(sa); !strings.Contains(got, tn.project) || !strings.Contains(got, "cannot move") {
		t.Errorf("the problem is %q, want it to name the project that the account belongs to", got)
	}
	if got := tn.accountsNamed("stays"); len(got) != 1 || got[0] != id {
		t.Errorf("accounts in the project: want %q alone, got %q", id, got)
	}
	tn.delete(sa)
	tn.awaitGone(sa)
	if got := tn.accountsNamed("stays"); len(got) != 0 {
		t.Errorf("accounts %q outlive their object", got)
	}
}

func TestAnObjectThatIsReplacedByAPausedManifestIsNotForgotten(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("paused-later")
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("paused-later")

	// kubectl replace drops annotations and finalizers.
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Annotations, cr.Finalizers = map[string]string{meta.AnnotationKeyReconciliationPaused: "true"}, nil
	})
	tn.await("the finalizer", func() (bool, string) {
		tn.get(key)
		return len(key.GetFinalizers()) == 1 && key.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcilePaused, asJSON(t, key.ObjectMeta)
	})
	tn.delete(key)
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { meta.RemoveAnnotations(cr, meta.AnnotationKeyReconciliationPaused) })
	tn.awaitGone(key)
	if sim.Works(value) {
		t.Error("the key outlives its object")
	}
}

func TestAServiceAccountThatWasReplacedByItsManifestIsStillRecreated(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	sa := tn.accountObject("anew")
	tn.create(sa)
	tn.awaitReady(sa)
	first := meta.GetExternalName(sa)
	change(tn, sa, func(cr *v1alpha1.ProjectServiceAccount) { cr.Annotations, cr.Finalizers = nil, nil })
	tn.await("the external name", func() (bool, string) {
		tn.get(sa)
		return meta.GetExternalName(sa) == first, asJSON(t, sa.ObjectMeta)
	})
	_, err := tn.openai.ServiceAccounts.Delete(t.Context(), tn.project, first)
	tn.must(err)
	tn.await("another account", func() (bool, string) {
		tn.get(sa)
		return meta.GetExternalName(sa) != first && len(tn.accountsNamed("anew")) == 1, asJSON(t, sa.Status)
	})
}
