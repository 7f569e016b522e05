// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestProjectServiceAccountAndKeyByReferencesBecomeAWorkingSecret(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)

	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "checkout"}}
	p.Spec.ProviderConfigReference = tn.configRef()
	sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "backend"}}
	sa.Spec.ProviderConfigReference = tn.configRef()
	sa.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: p.Name}
	key := tn.key("checkout", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = nil, nil
		cr.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: p.Name}
		cr.Spec.ForProvider.ServiceAccountIDRef = &xpv2.NamespacedReference{Name: sa.Name}
	})
	// kubectl apply may create objects before those that they refer to.
	tn.create(key)
	tn.create(sa)
	tn.create(p)

	tn.awaitReady(p, sa, key)
	value := tn.workingKey("checkout")

	if sa.Status.AtProvider.Role != "member" {
		t.Errorf("service account has role %q, want member", sa.Status.AtProvider.Role)
	}
	got := key.Status.AtProvider
	if got.ID != meta.GetExternalName(key) || got.ProjectID != meta.GetExternalName(p) || got.ServiceAccountID != meta.GetExternalName(sa) || got.CreatedAt == nil || got.OwnerProjectAccess != "active" {
		t.Errorf("status does not show the key: %+v", got)
	}
	if got.RedactedValue == "" || got.RedactedValue == value || !strings.HasSuffix(value, got.RedactedValue[len(got.RedactedValue)-4:]) {
		t.Errorf("redacted value %q is not that of the key", got.RedactedValue)
	}
	s := tn.secret("checkout")
	if diff := cmp.Diff(map[string]string{"OPENAI_PROJECT_ID": got.ProjectID, "OPENAI_BASE_URL": strings.TrimSuffix(sim.BaseURL(), "/")}, map[string]string{"OPENAI_PROJECT_ID": string(s.Data["OPENAI_PROJECT_ID"]), "OPENAI_BASE_URL": string(s.Data["OPENAI_BASE_URL"])}); diff != "" {
		t.Errorf("Secret details: -want, +got:\n%s", diff)
	}
	if !metav1.IsControlledBy(s, key) {
		t.Error("the Secret does not go with its ProjectAPIKey")
	}
	if live := sim.LiveKeys(got.ProjectID); len(live) != 1 {
		t.Errorf("%d live keys in the project, want 1: %+v", len(live), live)
	}

	// kubectl delete -f deletes all at once.
	tn.delete(p)
	tn.delete(sa)
	tn.delete(key)
	tn.awaitGone(key, sa, p, s)
	if sim.Works(value) {
		t.Error("the key still works after its deletion")
	}
}

func TestAKeyIsCreatedWithTheNameAndPermissionsAskedFor(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	cases := map[string]struct {
		mod  func(p *v1alpha1.ProjectAPIKeyParameters)
		want []string
	}{
		"full":      {mod: func(*v1alpha1.ProjectAPIKeyParameters) {}},
		"read-only": {mod: func(p *v1alpha1.ProjectAPIKeyParameters) { p.ReadOnly = new(true) }, want: []string{"api.all.read"}},
		"all-groups": {
			mod: func(p *v1alpha1.ProjectAPIKeyParameters) {
				p.Permissions = &v1alpha1.ProjectAPIKeyPermissions{
					Models: "read", ModelCapabilities: "write", Assistants: "read", Threads: "write", FineTuning: "read", Files: "write",
				}
			},
			want: []string{
				"api.assistants.read", "api.files.write", "api.fine_tuning.jobs.read", "api.model.read", "api.model.request",
				"api.threads.write", "model.read", "model.request",
			},
		},
		"scopes": {mod: func(p *v1alpha1.ProjectAPIKeyParameters) { p.Scopes = []string{"api.responses.write"} }, want: []string{"api.responses.write"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := tn.key(name, func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Name = new("named-" + name)
				tc.mod(&cr.Spec.ForProvider)
			})
			before := sim.Now().Add(-time.Second)
			tn.create(key)
			tn.awaitReady(key)
			k, _ := sim.KeyByValue(string(tn.secret(name).Data["OPENAI_API_KEY"]))
			if diff := cmp.Diff(tc.want, k.Scopes, equateEmpty) + cmp.Diff(tc.want, key.Status.AtProvider.Scopes, equateEmpty); diff != "" {
				t.Errorf("scopes: -want, +got:\n%s", diff)
			}
			if !strings.HasSuffix(k.Name, "-1-named-"+name) || key.Status.AtProvider.Name != k.Name {
				t.Errorf("the key is called %q at OpenAI and %q in the status", k.Name, key.Status.AtProvider.Name)
			}
			if at := key.Status.AtProvider.CreatedAt; at == nil || at.Time.Before(before.Truncate(time.Second)) || at.After(sim.Now()) {
				t.Errorf("the status shows that the key was created at %v", at)
			}
		})
	}
}

func TestTheProjectAndServiceAccountAreFoundBySelectors(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	labels := map[string]string{"team": "checkout"}
	org := simulator.DefaultOrganizationID
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "selected", Labels: labels}}
	p.Spec.ProviderConfigReference, p.Spec.ForProvider.OrganizationID = tn.configRef(), &org
	sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "selected", Labels: labels}}
	sa.Spec.ProviderConfigReference, sa.Spec.ForProvider.OrganizationID = tn.configRef(), &org
	sa.Spec.ForProvider.ProjectIDSelector = &v1alpha1.NamespacedSelector{MatchLabels: labels}
	key := tn.key("selected", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = nil, nil
		cr.Spec.ForProvider.ProjectIDSelector = &v1alpha1.NamespacedSelector{MatchLabels: labels}
		cr.Spec.ForProvider.ServiceAccountIDSelector = &v1alpha1.NamespacedSelector{MatchLabels: labels}
	})
	tn.create(p)
	tn.create(sa)
	tn.create(key)
	tn.awaitReady(p, sa, key)
	tn.workingKey("selected")
	if got := key.Status.AtProvider; got.ProjectID != p.Status.AtProvider.ID || got.ServiceAccountID != sa.Status.AtProvider.ID {
		t.Errorf("the key is in project %q of service account %q", got.ProjectID, got.ServiceAccountID)
	}
}

func TestAKeyIsUpdatedInPlace(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("narrow")
	tn.create(key)
	tn.awaitReady(key)
	id, value := meta.GetExternalName(key), tn.workingKey("narrow")

	steps := []struct {
		name   string
		change func(p *v1alpha1.ProjectAPIKeyParameters)
		want   []string
	}{
		{"permissions", func(p *v1alpha1.ProjectAPIKeyParameters) {
			p.Permissions = &v1alpha1.ProjectAPIKeyPermissions{Models: "read", ModelCapabilities: "write"}
		}, []string{"api.model.read", "api.model.request", "model.read", "model.request"}},
		{"readOnly", func(p *v1alpha1.ProjectAPIKeyParameters) {
			yes := true
			p.Permissions, p.ReadOnly = nil, &yes
		}, []string{"api.all.read"}},
		{"scopes", func(p *v1alpha1.ProjectAPIKeyParameters) {
			p.ReadOnly, p.Scopes = nil, []string{"model.read", "api.files.read"}
		}, []string{"api.files.read", "model.read"}},
		{"full permissions again", func(p *v1alpha1.ProjectAPIKeyParameters) { p.Scopes = nil }, nil},
	}
	for _, s := range steps {
		change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { s.change(&cr.Spec.ForProvider) })
		tn.await(s.name, func() (bool, string) {
			tn.get(key)
			k, _ := sim.KeyByValue(value)
			diff := cmp.Diff(s.want, k.Scopes, equateEmpty) + cmp.Diff(s.want, key.Status.AtProvider.Scopes, equateEmpty)
			return diff == "", diff
		})
	}
	if got := meta.GetExternalName(key); got != id {
		t.Errorf("the key was replaced by %q, want %q still", got, id)
	}

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ExpiresIn = &metav1.Duration{Duration: 48 * time.Hour}
	})
	tn.await("an expiry", func() (bool, string) {
		tn.get(key)
		at := key.Status.AtProvider.ExpiresAt
		return at != nil && at.After(sim.Now().Add(47*time.Hour)), key.Status.AtProvider.ID
	})
	if tn.workingKey("narrow") != value {
		t.Error("the value in the Secret changed although the key was updated in place")
	}
}

func TestAnExpiryThatIsRemovedIsReplacedByAKeyWithoutOne(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("unlimited", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ExpiresIn = &metav1.Duration{Duration: 720 * time.Hour}
	})
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("unlimited")

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ExpiresIn = nil })
	tn.await("a key without expiry", func() (bool, string) {
		tn.get(key)
		return key.Status.AtProvider.ID != "" && key.Status.AtProvider.ExpiresAt == nil, key.Status.AtProvider.ID
	})
	if tn.workingKey("unlimited") == first {
		t.Error("the Secret still holds the key that expires")
	}
	if !sim.Works(first) {
		t.Error("the previous key was refused at once, while consumers still use it")
	}
	if got := len(key.Status.AtProvider.Retiring); got != 1 {
		t.Errorf("%d retiring keys in the status, want 1", got)
	}
}

func TestADeletedSecretIsReplacedByANewKeyWhileTheOldOneRetires(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("lost")
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("lost")

	tn.delete(tn.secret("lost"))
	tn.await("a new Secret", func() (bool, string) {
		s := tn.secret("lost")
		return s != nil && sim.Works(string(s.Data["OPENAI_API_KEY"])), "no working Secret"
	})
	if !sim.Works(first) {
		t.Error("the previous key was refused at once, while consumers still use it")
	}
	tn.await("the new key in the status", func() (bool, string) {
		tn.get(key)
		return len(key.Status.AtProvider.Retiring) == 1, asJSON(t, key.Status) + asJSON(t, tn.secret("lost").Annotations)
	})

	tn.delete(key)
	tn.awaitGone(key)
	if live := tn.liveIDs(); len(live) != 0 {
		t.Errorf("keys live on after their object: %v", live)
	}
}

func TestAKeyWhoseReplyWasLostIsRevoked(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]simulator.FaultKind{
		"TheConnectionIsResetAfterTheKeyWasMade": simulator.FaultResetAfter,
		"TheReplyIsReplacedByAnError":            simulator.FaultReplaceReply,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			f := simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: kind, Count: 2}
			if kind == simulator.FaultReplaceReply {
				f.Status = 500
			}
			_, err := sim.AddFault(f)
			tn.must(err)

			key := tn.key("lost-reply")
			tn.create(key)
			tn.awaitReady(key)
			tn.workingKey("lost-reply")
			if diff := cmp.Diff([]string{meta.GetExternalName(key)}, tn.liveIDs()); diff != "" {
				t.Errorf("live keys: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestAServiceAccountIsFoundByName(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("by-name", func(cr *v1alpha1.ProjectAPIKey) {
		name := "backend"
		cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountName = nil, &name
	})
	tn.create(key)
	tn.awaitReady(key)
	tn.workingKey("by-name")
	if got := key.Status.AtProvider.ServiceAccountID; got != tn.account {
		t.Errorf("the key belongs to %q, want %q", got, tn.account)
	}
}

func TestTheConfigurationsDefaultProjectIsUsedAndKept(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}
	org := simulator.DefaultOrganizationID
	change(tn, pc, func(pc *v1alpha1.ClusterProviderConfig) {
		pc.Spec.DefaultProjectID, pc.Spec.OrganizationID = &tn.project, &org
	})

	key := tn.key("default", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ProjectID = nil })
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("default")
	if got := string(tn.secret("default").Data["OPENAI_ORG_ID"]); got != org {
		t.Errorf("OPENAI_ORG_ID is %q, want %q", got, org)
	}

	other, err := tn.openai.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "other"})
	tn.must(err)
	change(tn, pc, func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.DefaultProjectID = &other.ID })
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Scopes = []string{"model.read"} })
	tn.await("the narrower scope", func() (bool, string) {
		k, _ := sim.KeyByValue(value)
		return len(k.Scopes) == 1, strings.Join(k.Scopes, " ")
	})
	tn.awaitReady(key)
	if got := key.Status.AtProvider.ProjectID; got != tn.project || tn.workingKey("default") != value {
		t.Errorf("the key moved to project %q with the default", got)
	}
}

func TestAConfigurationInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("user")
	tn.create(key)
	tn.awaitReady(key)
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}
	tn.await("a user", func() (bool, string) {
		tn.get(pc)
		return pc.Status.Users == 1, "no users"
	})

	tn.delete(pc)
	tn.await("a blocked deletion", func() (bool, string) {
		tn.get(pc)
		c := pc.Status.GetCondition("Terminating")
		return c.Status == corev1.ConditionTrue, string(c.Status)
	})
	tn.delete(key)
	tn.awaitGone(key, pc)
}

func TestNoKeyIsFoundOutsideSecrets(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("canary", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Scopes = []string{"model.read"} })
	_, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultResetAfter, Count: 1})
	tn.must(err)
	tn.create(key)
	tn.awaitReady(key)
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Scopes = []string{"model.read", "api.files.read"}
	})
	tn.awaitReady(key)
	value := tn.workingKey("canary")

	places := map[string]string{"the provider's log": logs.String()}
	secrets := 0
	tn.must(cp.Stored(context.Background(), func(key, stored []byte) {
		if strings.HasPrefix(string(key), "/registry/secrets/") {
			secrets++
			return
		}
		places[string(key)] = string(stored)
	}))
	if secrets == 0 || len(places) < 2 {
		t.Fatalf("nothing was read of etcd: %d Secrets, %d others", secrets, len(places)-1)
	}
	for place, text := range places {
		for _, secret := range []string{value, simulator.DefaultAdminKey} {
			if strings.Contains(text, secret) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(secret))) {
				t.Errorf("%s holds a key", place)
			}
		}
		if m := canary.KeyLike.FindString(text); m != "" {
			t.Errorf("%s holds what looks like a key, %.14s…", place, m)
		}
	}
}
