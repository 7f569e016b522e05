// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/internal/controller/projectapikey"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// newTenantWithOwnOpenAI is a tenant with a simulator of its own, whose clock can be advanced
// without effect on others. The clock starts in the past, so that keys are older than the in-flight
// grace period by the provider's clock and by OpenAI's.
func newTenantWithOwnOpenAI(t *testing.T) (*tenant, *simulator.HTTP) {
	t.Helper()
	return newTenantWithClock(t, -2*projectapikey.InFlightGrace)
}

// newTenantWithClock is a tenant with a simulator of its own, whose clock is ahead of this
// machine's.
func newTenantWithClock(t *testing.T, ahead time.Duration) (*tenant, *simulator.HTTP) {
	t.Helper()
	own := simulator.NewHTTP(simulator.WithClock(func() time.Time { return time.Now().Add(ahead) }))
	t.Cleanup(own.Close)
	base := strings.TrimSuffix(own.BaseURL(), "/")
	tn := newTenant(t, func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.BaseURL = &base })
	tn.openai = admin.Projects(own.BaseURL())
	var err error
	tn.project, tn.account, err = admin.NewProject(t.Context(), tn.openai, tn.namespace, "backend")
	tn.must(err)
	return tn, own
}

// useKey calls the API with a key, as its consumer does.
func useKey(tn *tenant, own *simulator.HTTP, value string) {
	tn.Helper()
	c := openai.NewClient(option.WithBaseURL(own.BaseURL()), option.WithAPIKey(value), option.WithMaxRetries(0))
	_, err := c.Models.List(tn.Context())
	tn.must(err)
	if k, _ := own.KeyByValue(value); k.LastUsedAt.IsZero() {
		tn.Fatal("OpenAI does not show that the key was used")
	}
}

func TestAKeyOfWhichARestoredBackupKnowsNothing(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		unused bool

		// meanwhile is what happens between the rotation and the restore.
		meanwhile func(tn *tenant, previousID string)

		// restore the object. It is paused, and its Secret is restored already.
		restore func(tn *tenant, key, backup *v1alpha1.ProjectAPIKey)
	}{
		"IsUsed": {
			reason:  "Consumers have the key: they lose it with the overlap of any key that is replaced.",
			restore: restoreAll,
		},
		"IsUsedWhileTheFormerOneIsRevoked": {
			reason: "The backup is older than the overlap. The key in use must not go for the one that is issued now.",
			meanwhile: func(tn *tenant, previousID string) {
				_, err := tn.openai.APIKeys.Delete(tn.Context(), tn.project, previousID)
				tn.must(err)
			},
			restore: restoreAll,
		},
		"IsUsedAndGitAsksForTheRotationAgain": {
			reason: "Git is not restored: the rotation that the backup does not know of is due once more.",
			restore: func(tn *tenant, key, backup *v1alpha1.ProjectAPIKey) {
				again := backup.DeepCopy()
				again.Spec = key.Spec
				restoreAll(tn, key, again)
			},
		},
		"IsKnownToItsObject": {
			reason: "Only the Secret was restored: the status shows that consumers may have the key, used or not.",
			unused: true,
			restore: func(tn *tenant, key, _ *v1alpha1.ProjectAPIKey) {
				tn.annotate(key, annotations{meta.AnnotationKeyReconciliationPaused: nil})
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, own := newTenantWithOwnOpenAI(t)
			s := startRestore(tn, own)
			if !tc.unused {
				useKey(tn, own, s.used)
			}
			if tc.meanwhile != nil {
				tc.meanwhile(tn, meta.GetExternalName(s.backup))
			}
			own.Advance(2 * projectapikey.InFlightGrace)
			tc.restore(tn, s.key, s.backup)

			tn.await("a key that retires", func() (bool, string) {
				if !own.Works(s.used) {
					t.Fatalf("\n%s\nthe key that consumers use was revoked", tc.reason)
				}
				tn.get(s.key)
				for _, r := range s.key.Status.AtProvider.Retiring {
					if r.ID == s.usedID {
						return true, ""
					}
				}
				return false, asJSON(t, s.key.Status) + asJSON(t, tn.secret("restored").Annotations)
			})
			tn.await("an end of the key at OpenAI", func() (bool, string) {
				k, _ := own.KeyByValue(s.used)
				return k.ExpiresAt.After(own.Now().Add(23 * time.Hour)), asJSON(t, k)
			})
			// The next poll shows that somebody revoked the previous key.
			tn.await("a Secret that works", func() (bool, string) {
				if !own.Works(s.used) {
					t.Fatalf("\n%s\nthe key that consumers use was revoked", tc.reason)
				}
				return own.Works(string(tn.secret("restored").Data["OPENAI_API_KEY"])), asJSON(t, tn.secret("restored").Annotations)
			})
			tn.awaitReady(s.key)
			tn.delete(s.key)
			tn.awaitGone(s.key)
			if live := own.LiveKeys(tn.project); len(live) != 0 {
				t.Errorf("\n%s\nkeys live on after their object: %+v", tc.reason, live)
			}
		})
	}
}

func TestAKeyThatNobodyUsedRetiresIfARestoredBackupKnowsNothingOfIt(t *testing.T) {
	t.Parallel()
	tn, own := newTenantWithOwnOpenAI(t)
	s := startRestore(tn, own)
	own.Advance(2 * projectapikey.InFlightGrace)
	restoreAll(tn, s.key, s.backup)
	// The provider caches the IDs of the keys that it issued.
	tn.await("the key to retire", func() (bool, string) {
		tn.get(s.key)
		return slices.ContainsFunc(s.key.Status.AtProvider.Retiring, func(r v1alpha1.RetiringKey) bool { return r.ID == s.usedID }), asJSON(t, s.key.Status)
	})
	tn.awaitReady(s.key)
	if !own.Works(s.used) || !own.Works(string(tn.secret("restored").Data["OPENAI_API_KEY"])) {
		t.Error("want both keys to work during the overlap")
	}
	tn.delete(s.key)
	tn.awaitGone(s.key)
	if own.Works(s.used) {
		t.Error("the key outlives its object")
	}
}

// restored is an object whose key was rotated after its backup was made.
type restored struct {
	key, backup *v1alpha1.ProjectAPIKey

	// previous is the key's value in the backup, used the value of its successor.
	previous, used, usedID string
}

// startRestore rotates a key, pauses its object and restores its previous Secret.
func startRestore(tn *tenant, own *simulator.HTTP) restored {
	tn.Helper()
	key := tn.key("restored")
	tn.create(key)
	tn.awaitReady(key)
	s := restored{key: key, backup: key.DeepCopy()}
	secret := tn.secret("restored")
	s.previous = string(secret.Data["OPENAI_API_KEY"])

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	})
	tn.await("the rotation", func() (bool, string) {
		tn.get(key)
		s.used, s.usedID = string(tn.secret("restored").Data["OPENAI_API_KEY"]), meta.GetExternalName(key)
		noted := s.usedID != meta.GetExternalName(s.backup) && key.Status.AtProvider.ID == s.usedID
		return noted && s.used != s.previous && own.Works(s.used), asJSON(tn.T, key.Status)
	})
	tn.awaitReady(key)

	tn.pause(key)
	now := tn.secret("restored")
	now.Annotations, now.Labels, now.Data = secret.Annotations, secret.Labels, secret.Data
	tn.must(kube.Update(tn.Context(), now))
	return s
}

// restoreAll restores the status, annotations and spec of the object, which ends its pause.
func restoreAll(tn *tenant, key, backup *v1alpha1.ProjectAPIKey) {
	tn.Helper()
	tn.get(key)
	key.Status = backup.Status
	tn.must(kube.Status().Update(tn.Context(), key))
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Annotations, cr.Spec = backup.Annotations, backup.Spec
	})
}
