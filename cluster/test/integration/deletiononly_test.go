// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"slices"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// withdrawals are permissions that are removed from a configuration, with the message of the
// objects that then lack them.
var withdrawals = map[string]struct {
	change func(pc *v1alpha1.ClusterProviderConfig)
	says   string
}{
	"Namespace": {
		change: func(pc *v1alpha1.ClusterProviderConfig) {
			pc.Spec.AllowedNamespaces = &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{"openai": "allowed"}}
		},
		says: "may not use it",
	},
	"Project": {
		change: func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.AllowedProjectIDs = []string{"proj_other"} },
		says:   "does not allow project",
	},
}

// awaitManaged awaits that the status shows which resource each object manages.
func (tn *tenant) awaitManaged(objects ...resource.Managed) {
	tn.Helper()
	tn.awaitReady(objects...)
	for _, o := range objects {
		tn.await("the proof of what is managed", func() (bool, string) {
			tn.get(o)
			has := o.(interface{ OwnershipStatus() *v1alpha1.Ownership }).OwnershipStatus().ManagedIDs
			return slices.Contains(has, meta.GetExternalName(o)), asJSON(tn.T, has)
		})
	}
}

// awaitRefused awaits that objects report the missing permission.
func (tn *tenant) awaitRefused(says string, objects ...resource.Managed) {
	tn.Helper()
	for _, o := range objects {
		tn.await("the refusal of "+o.GetName(), func() (bool, string) {
			problem := tn.awaitProblem(o)
			return strings.Contains(problem, says), problem
		})
	}
}

func TestWhatWasMadeIsEndedAlthoughItIsNoLongerAllowed(t *testing.T) {
	t.Parallel()
	for name, off := range withdrawals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			p := tn.projectObject(tn.namespace + "-denied")
			sa := tn.accountObject("denied")
			key := tn.key("denied")
			all := []resource.Managed{p, sa, key}
			for _, o := range all {
				tn.create(o)
			}
			tn.awaitManaged(all...)
			value, account := tn.workingKey("denied"), meta.GetExternalName(sa)

			change(tn, tn.clusterConfig(), off.change)
			tn.awaitRefused(off.says, all...)
			change(tn, p, func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new(cr.Name + "-renamed") })
			change(tn, sa, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Role = "owner" })
			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ReadOnly = new(true) })
			tn.awaitRefused(off.says, all...)
			live := tn.liveIDs()
			tn.annotate(key, annotations{rotateRequestedAt: "now"})
			tn.reconcileAgain(2, all...)
			tn.awaitRefused(off.says, all...)
			if renamed := tn.projectsNamed(p.Name + "-renamed"); len(renamed) != 0 {
				t.Errorf("project %v was renamed", renamed)
			}
			if got := sa.Status.AtProvider.Role; got != "member" {
				t.Errorf("the role of the service account is %q, want that it stays, and that the status shows it", got)
			}
			if diff := cmp.Diff(live, tn.liveIDs()); diff != "" {
				t.Errorf("keys, while none may be issued: -want, +got:\n%s", diff)
			}

			for _, o := range all {
				tn.delete(o)
			}
			for _, o := range all {
				tn.awaitGone(o)
			}
			if tn.projectExists(meta.GetExternalName(p)) {
				t.Error("the project was not archived")
			}
			if tn.accountExists(account) {
				t.Error("the service account lives on")
			}
			if sim.Works(value) {
				t.Error("the key works on")
			}
		})
	}
}

func TestARetiringKeyIsRevokedAlthoughItsObjectIsNoLongerAllowed(t *testing.T) {
	t.Parallel()
	for name, off := range withdrawals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key, retiring, inUse := tn.rotated("denied")
			tn.awaitManaged(key)
			change(tn, tn.clusterConfig(), off.change)
			tn.awaitRefused(off.says, key)
			if !tn.keyExists(retiring) {
				t.Error("the retiring key was revoked before its time")
			}
			tn.annotate(key, annotations{revokeRetiring: retiring})
			tn.awaitLive("the end of the retiring key", key, inUse)
			tn.awaitRefused(off.says, key)
		})
	}
}

// TestARefusedObjectEndsNothingThatItDoesNotManage shows that nobody can delete a resource of
// others by giving its external name to an object and deleting that.
func TestARefusedObjectEndsNothingThatItDoesNotManage(t *testing.T) {
	t.Parallel()
	for name, off := range withdrawals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			own := tn.accountObject("own")
			tn.create(own)
			tn.awaitManaged(own)
			account, project, existing := meta.GetExternalName(own), tn.newProjectID(tn.namespace+"-others"), tn.newKey()
			pointed := tn.newAccount("pointed-at")
			change(tn, tn.clusterConfig(), off.change)
			tn.awaitRefused(off.says, own)

			p, sa, key := tn.projectObject(tn.namespace+"-thief"), tn.accountObject("thief"), tn.key("thief")
			for o, id := range map[resource.Managed]string{p: project, sa: tn.account, key: existing} {
				meta.SetExternalName(o, id)
				tn.create(o)
				tn.awaitRefused(off.says, o)
				tn.delete(o)
			}
			tn.awaitGone(p, sa, key)

			tn.annotate(own, annotations{meta.AnnotationKeyExternalName: pointed})
			tn.reconcileAgain(1, own)
			tn.delete(own)
			tn.awaitGone(own)
			if !tn.projectExists(project) || !tn.accountExists(tn.account) || !tn.keyExists(existing) || !tn.accountExists(pointed) {
				t.Error("something was ended that no object manages")
			}
			if tn.accountExists(account) {
				t.Error("the service account of the object that was pointed elsewhere lives on")
			}
		})
	}
}
