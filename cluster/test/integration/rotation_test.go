// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func rotation(mods ...func(*v1alpha1.ProjectAPIKeyRotation)) func(*v1alpha1.ProjectAPIKey) {
	return func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{}
		for _, mod := range mods {
			mod(cr.Spec.ForProvider.Rotation)
		}
	}
}

func overlap(d time.Duration) func(*v1alpha1.ProjectAPIKeyRotation) {
	return func(r *v1alpha1.ProjectAPIKeyRotation) { r.Overlap = &metav1.Duration{Duration: d} }
}

// awaitSuccessor awaits that the Secret holds another key than before, and returns
// its value, which must work.
func (tn *tenant) awaitSuccessor(secret, before string) string {
	tn.Helper()
	tn.await("a successor in Secret "+secret, func() (bool, string) {
		s := tn.secret(secret)
		if s == nil {
			return false, "there is no Secret"
		}
		v := string(s.Data["OPENAI_API_KEY"])
		return v != "" && v != before, asJSON(tn.T, s.Annotations)
	})
	return tn.workingKey(secret)
}

// awaitEvent awaits an event about an object.
func (tn *tenant) awaitEvent(o client.Object, reason string) {
	tn.Helper()
	tn.await("event "+reason, func() (bool, string) {
		l := &corev1.EventList{}
		tn.must(kube.List(context.Background(), l, client.InNamespace(tn.namespace)))
		var seen []string
		for i := range l.Items {
			if l.Items[i].InvolvedObject.UID == o.GetUID() {
				seen = append(seen, l.Items[i].Reason)
				if l.Items[i].Reason == reason {
					return true, ""
				}
			}
		}
		return false, strings.Join(seen, " ")
	})
}

// rotatingChanges are changes of a spec that rotate the key.
var rotatingChanges = map[string]func(p *v1alpha1.ProjectAPIKeyParameters){
	"Trigger": func(p *v1alpha1.ProjectAPIKeyParameters) {
		p.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	},
	"Name": func(p *v1alpha1.ProjectAPIKeyParameters) { p.Name = new("other") },
}

func TestAKeyIsRotatedWithOverlapWhenItsTriggerOrNameChanges(t *testing.T) {
	t.Parallel()
	for name, trigger := range rotatingChanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key("rotated")
			tn.create(key)
			tn.awaitReady(key)
			tn.awaitEvent(key, "Issued")
			first, firstID := tn.workingKey("rotated"), meta.GetExternalName(key)

			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { trigger(&cr.Spec.ForProvider) })
			second := tn.awaitSuccessor("rotated", first)
			if !sim.Works(first) {
				t.Error("the previous key was refused at once, while consumers still use it")
			}
			tn.awaitEvent(key, "Rotated")
			tn.await("the previous key in the status", func() (bool, string) {
				tn.get(key)
				r := key.Status.AtProvider.Retiring
				return len(r) == 1 && r[0].ID == firstID && meta.GetExternalName(key) != firstID, asJSON(t, key.Status.AtProvider)
			})
			tn.await("an expiry of the previous key at OpenAI", func() (bool, string) {
				k, _ := sim.KeyByValue(first)
				return !k.ExpiresAt.IsZero(), "none"
			})
			tn.awaitReady(key)
			if got := tn.workingKey("rotated"); got != second {
				t.Error("the key was rotated twice")
			}
			if shown := key.Status.AtProvider.RedactedValue; !strings.HasSuffix(second, shown[max(len(shown)-4, 0):]) {
				t.Errorf("the status shows %q, which is not the end of the key in use", shown)
			}
			if got := len(tn.liveIDs()); got != 2 {
				t.Errorf("%d keys live, want 2", got)
			}
		})
	}
}

func TestAKeyIsRotatedByAgeAndThePreviousOneRevokedAfterTheOverlap(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("aging", rotation(overlap(3*time.Second), func(r *v1alpha1.ProjectAPIKeyRotation) {
		r.Interval = &metav1.Duration{Duration: 10 * time.Second}
	}))
	tn.create(key)
	tn.awaitReady(key)
	if key.Status.AtProvider.NextRotation == nil {
		t.Error("the status does not show the next rotation")
	}
	first := tn.workingKey("aging")
	second := tn.awaitSuccessor("aging", first)
	tn.await("the end of the previous key", func() (bool, string) { return !sim.Works(first), "it still works" })
	tn.awaitEvent(key, "Revoked")
	tn.awaitSuccessor("aging", second)
}

func TestAKeyThatExpiresIsReplacedInTime(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("expiring", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ExpiresIn = &metav1.Duration{Duration: 30 * time.Second}
	})
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("expiring")
	tn.awaitSuccessor("expiring", first)
	if !sim.Works(first) {
		t.Error("the previous key had expired before its successor was there")
	}
}

func TestADamagedKeyIsReplaced(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(tn *tenant, key *v1alpha1.ProjectAPIKey){
		"TheValueWasOverwritten": func(tn *tenant, _ *v1alpha1.ProjectAPIKey) {
			change(tn, tn.secret("damaged"), func(s *corev1.Secret) { s.Data["OPENAI_API_KEY"] = []byte("nonsense") })
		},
		"TheSecretWasEmptied": func(tn *tenant, _ *v1alpha1.ProjectAPIKey) {
			change(tn, tn.secret("damaged"), func(s *corev1.Secret) { s.Data = nil })
		},
		"TheKeyWasRevokedAtOpenAI": func(tn *tenant, key *v1alpha1.ProjectAPIKey) {
			_, err := tn.openai.APIKeys.Delete(tn.Context(), tn.project, meta.GetExternalName(key))
			tn.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key("damaged")
			tn.create(key)
			tn.awaitReady(key)
			first := tn.workingKey("damaged")
			damage(tn, key)
			tn.await("a working Secret", func() (bool, string) {
				v := string(tn.secret("damaged").Data["OPENAI_API_KEY"])
				return v != first && sim.Works(v), asJSON(t, tn.secret("damaged").Annotations)
			})
			tn.awaitReady(key)
		})
	}
}

func TestAServiceAccountThatWasRecreatedGetsANewKey(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "phoenix"}}
	sa.Spec.ProviderConfigReference = tn.configRef()
	sa.Spec.ForProvider.ProjectID = &tn.project
	tn.create(sa)
	tn.awaitReady(sa)
	key := tn.key("phoenix", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ServiceAccountID = nil
		cr.Spec.ForProvider.ServiceAccountIDRef = referenceTo(sa)
	})
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("phoenix")

	_, err := tn.openai.ServiceAccounts.Delete(t.Context(), tn.project, sa.Status.AtProvider.ID)
	tn.must(err)
	tn.awaitSuccessor("phoenix", first)
}

func TestAKeyWhoseStateAnnotationsWereRemovedIsKept(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("forgotten")
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("forgotten")
	change(tn, tn.secret("forgotten"), func(s *corev1.Secret) { s.Annotations = nil })
	tn.await("the state annotations", func() (bool, string) {
		a := tn.secret("forgotten").Annotations
		return a["openai.crossplane.io/key-id"] == meta.GetExternalName(key), asJSON(t, a)
	})
	if got := tn.workingKey("forgotten"); got != value {
		t.Error("the key was replaced")
	}
}

func TestAKeyIsNotMovedIntoASecretThatExists(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("staying")
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("staying")
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "vacant"},
		Type:       "connection.crossplane.io/v1alpha1",
	})
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.WriteConnectionSecretToReference.Name = "vacant" })
	if got := tn.awaitProblem(key); !strings.Contains(got, `/vacant" exists already`) {
		t.Errorf("the problem is %q", got)
	}
	if got := tn.workingKey("staying"); got != value {
		t.Error("the key was replaced")
	}
}

func TestARenamedSecretKeepsItsKey(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("moving")
	tn.create(key)
	tn.awaitReady(key)
	value, previous := tn.workingKey("moving"), tn.secret("moving")

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.WriteConnectionSecretToReference.Name = "moved" })
	tn.awaitGone(previous)
	if got := tn.workingKey("moved"); got != value {
		t.Error("the key was replaced although only its Secret was renamed")
	}
	tn.awaitReady(key)
	if got := len(tn.liveIDs()); got != 1 {
		t.Errorf("%d keys live, want 1", got)
	}
}
