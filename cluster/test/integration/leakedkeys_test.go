// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

const (
	revokeRetiring    = "openai.crossplane.io/revoke-retiring"
	rotateRequestedAt = "openai.crossplane.io/rotate-requested-at"
)

// rotated returns an object with a retiring key, whose overlap is long, and a current key.
func (tn *tenant) rotated(name string) (key *v1alpha1.ProjectAPIKey, retiring, inUse string) {
	tn.Helper()
	key = tn.key(name, rotation(overlap(time.Hour)))
	tn.create(key)
	tn.awaitReady(key)
	retiring, value := meta.GetExternalName(key), tn.workingKey(name)
	tn.annotate(key, annotations{rotateRequestedAt: "first"})
	tn.awaitSuccessor(name, value)
	tn.awaitReady(key)
	tn.await("the retiring key in the status", func() (bool, string) {
		tn.get(key)
		r := key.Status.AtProvider.Retiring
		return len(r) == 1 && r[0].ID == retiring, asJSON(tn.T, key.Status.AtProvider)
	})
	return key, retiring, meta.GetExternalName(key)
}

func (tn *tenant) awaitLive(why string, key *v1alpha1.ProjectAPIKey, want ...string) {
	tn.Helper()
	tn.await(why, func() (bool, string) {
		diff := cmp.Diff(want, tn.liveIDs(), equateEmpty)
		tn.get(key)
		return diff == "" && len(key.Status.AtProvider.Retiring) == len(want)-1, diff + asJSON(tn.T, key.Status.AtProvider.Retiring)
	})
}

func TestALeakedKeyThatRetiresIsRevokedAtOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		end    func(tn *tenant, key *v1alpha1.ProjectAPIKey, retiring string)
	}{
		"ByID": {"The annotation names it.", func(tn *tenant, key *v1alpha1.ProjectAPIKey, retiring string) {
			tn.annotate(key, annotations{revokeRetiring: retiring})
		}},
		"All": {"The annotation means all that retire.", func(tn *tenant, key *v1alpha1.ProjectAPIKey, _ string) {
			tn.annotate(key, annotations{revokeRetiring: "all"})
		}},
		"Overlap": {"A shorter overlap holds for what retires already.", func(tn *tenant, key *v1alpha1.ProjectAPIKey, _ string) {
			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { overlap(0)(cr.Spec.ForProvider.Rotation) })
		}},
		"ByHand": {"Somebody revoked it at OpenAI.", func(tn *tenant, _ *v1alpha1.ProjectAPIKey, retiring string) {
			_, err := tn.openai.APIKeys.Delete(tn.Context(), tn.project, retiring)
			tn.must(err)
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key, retiring, inUse := tn.rotated("leaked")
			tc.end(tn, key, retiring)
			tn.awaitLive("the end of the leaked key, also in the status", key, inUse)
			tn.awaitReady(key)
			tn.workingKey("leaked")
		})
	}
}

func TestALeakedKeyInUseIsRevokedAsSoonAsItsSuccessorIsIssued(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key, retiring, inUse := tn.rotated("leaked")
	value := tn.workingKey("leaked")
	tn.annotate(key, annotations{revokeRetiring: inUse})
	tn.await("an explanation", func() (bool, string) {
		tn.get(key)
		message := key.GetCondition("Ready").Message
		return strings.Contains(message, rotateRequestedAt), message
	})
	tn.annotate(key, annotations{rotateRequestedAt: "second"})
	tn.awaitSuccessor("leaked", value)
	tn.awaitReady(key)
	tn.awaitLive("the end of the leaked key alone", key, retiring, tn.secret("leaked").Annotations["openai.crossplane.io/key-id"])
	tn.workingKey("leaked")
}

func TestAnAnnotationThatStaysTakesNoOverlapFromLaterRotations(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key, _, _ := tn.rotated("leaked")
	tn.annotate(key, annotations{revokeRetiring: "all"})
	tn.awaitLive("the end of what retires", key, meta.GetExternalName(key))
	value, previous := tn.workingKey("leaked"), meta.GetExternalName(key)
	tn.annotate(key, annotations{rotateRequestedAt: "second"})
	tn.awaitSuccessor("leaked", value)
	tn.awaitReady(key)
	tn.reconcileAgain(3, key)
	tn.awaitLive("two keys", key, previous, tn.secret("leaked").Annotations["openai.crossplane.io/key-id"])
	if !sim.Works(value) {
		t.Error("the previous key was refused at once, while consumers still use it")
	}
}
