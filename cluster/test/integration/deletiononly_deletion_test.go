// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestADeletionEndsAlthoughWhatItsRefusedObjectHadIsGone shows that an object without an external
// resource can be deleted whatever the configuration allows.
func TestADeletionEndsAlthoughWhatItsRefusedObjectHadIsGone(t *testing.T) {
	t.Parallel()
	for name, off := range withdrawals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			sa := tn.accountObject("gone")
			tn.create(sa)
			tn.awaitManaged(sa)
			change(tn, tn.clusterConfig(), off.change)
			tn.awaitRefused(off.says, sa)
			tn.deleteAccount(meta.GetExternalName(sa))
			tn.await("the observation that it is gone", func() (bool, string) {
				tn.reconcileAgain(1, sa)
				tn.get(sa)
				return strings.Contains(sa.GetCondition(xpv2.TypeReady).Message, "does not exist"), asJSON(tn.T, sa.Status)
			})
			tn.reconcileAgain(2, sa)
			tn.delete(sa)
			tn.awaitGone(sa)
		})
	}
}

// TestADeletionEndsAlthoughItsRefusedObjectBeganToManage shows the same for an object that had only
// an external name when it was refused.
func TestADeletionEndsAlthoughItsRefusedObjectBeganToManage(t *testing.T) {
	t.Parallel()
	for name, off := range withdrawals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			sa := tn.accountObject("observer")
			meta.SetExternalName(sa, tn.account)
			sa.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
			tn.create(sa)
			tn.awaitReady(sa)
			change(tn, tn.clusterConfig(), off.change)
			tn.awaitRefused(off.says, sa)
			change(tn, sa, func(cr *v1alpha1.ProjectServiceAccount) {
				cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionAll}
			})
			tn.reconcileAgain(1, sa)
			tn.delete(sa)
			tn.awaitGone(sa)
			if !tn.accountExists(tn.account) {
				t.Error("an account was ended that the object did not manage")
			}
		})
	}
}
