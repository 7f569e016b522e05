// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
)

// TestAmbientVariablesAreIgnored shows that variables that the SDK would read from
// the provider's pod do not reach OpenAI under another configuration's name.
func TestAmbientVariablesAreIgnored(t *testing.T) {
	trap := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", `{}`))
	for k, v := range map[string]string{
		"OPENAI_BASE_URL":       trap.URL,
		"OPENAI_ORG_ID":         "org-trap",
		"OPENAI_PROJECT_ID":     "proj-trap",
		"OPENAI_API_KEY":        "sk-proj-fake-trap",
		"OPENAI_ADMIN_KEY":      "sk-admin-fake-trap",
		"OPENAI_CUSTOM_HEADERS": "X-Trap: sprung",
	} {
		t.Setenv(k, v)
	}
	var got http.Header
	s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		apitest.Answer(http.StatusOK, "application/json", `{}`)(w, r)
	})

	if _, err := adminapi.New(adminapi.Settings{AdminKey: apitest.FakeKey, BaseURL: s.URL}, ratelimit.New("test", true)).Organization.Projects.Get(t.Context(), "proj_1"); err != nil {
		t.Fatalf("Get: %v", err)
	}

	want := map[string]string{"Authorization": "Bearer " + apitest.FakeKey, "OpenAI-Organization": "", "OpenAI-Project": "", "X-Trap": ""}
	for k, v := range want {
		if diff := cmp.Diff(v, got.Get(k)); diff != "" {
			t.Errorf("header %s: -want, +got:\n%s", k, diff)
		}
	}
	if n := trap.Requests.Load(); n != 0 {
		t.Errorf("OPENAI_BASE_URL received %d requests, want none", n)
	}
}

func TestOrganizationHeader(t *testing.T) {
	org := new("org-config")
	cases := map[string]struct {
		reason       string
		config       *string
		organization *string
		want         string
	}{
		"NoneWithoutAnOrganization": {
			reason: "The admin key's own organization is meant.",
		},
		"TheConfigurationsOwn": {
			reason: "A configuration can name the organization.",
			config: org,
			want:   "org-config",
		},
		"TheManagedResourcesReplacesIt": {
			reason:       "A managed resource's organization goes before its configuration's.",
			config:       org,
			organization: new("org-resource"),
			want:         "org-resource",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got string
			s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Get("OpenAI-Organization")
				apitest.Answer(http.StatusOK, "application/json", `{}`)(w, r)
			})
			kube := kubernetes(t, adminSecret("crossplane-system"), clusterConfig(func(s2 *v1alpha1.ClusterProviderConfigSpec) {
				s2.BaseURL = &s.URL
				s2.OrganizationID = tc.config
			})).Build()
			conn, err := connect(t.Context(), connector(t, kube, kube), ofCluster("p"), tc.organization)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			if _, err := conn.Organization.Projects.Get(t.Context(), "proj_1"); err != nil {
				t.Fatalf("Get: %v", err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\nOpenAI-Organization: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, conn.OrganizationID); diff != "" {
				t.Errorf("\n%s\nOrganizationID: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPool shows when two managed resources share a client.
func TestPool(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*v1alpha1.ClusterProviderConfig, *corev1.Secret)
		org    *string
		shared bool
	}{
		"SharedBetweenObjects": {
			reason: "One client per configuration keeps the connections to OpenAI few.",
			change: func(*v1alpha1.ClusterProviderConfig, *corev1.Secret) {},
			shared: true,
		},
		"SharedAlthoughTheSecretChangedElsewhere": {
			reason: "Only the referenced key matters.",
			change: func(_ *v1alpha1.ClusterProviderConfig, s *corev1.Secret) { s.Data["other"] = []byte("x") },
			shared: true,
		},
		"RebuiltWhenTheAdminKeyChanges": {
			reason: "A revoked admin key must not live on in a client.",
			change: func(_ *v1alpha1.ClusterProviderConfig, s *corev1.Secret) {
				s.Data["admin"] = []byte(apitest.FakeKey + "-2")
			},
		},
		"RebuiltWhenTheBaseURLChanges": {
			reason: "Calls must follow the configuration.",
			change: func(pc *v1alpha1.ClusterProviderConfig, _ *corev1.Secret) {
				pc.Spec.BaseURL = new("https://eu.api.openai.com/v1")
			},
		},
		"RebuiltWhenTheOrganizationChanges": {
			reason: "Calls must follow the configuration.",
			change: func(pc *v1alpha1.ClusterProviderConfig, _ *corev1.Secret) {
				pc.Spec.OrganizationID = new("org-2")
			},
		},
		"SeparatePerOrganization": {
			reason: "A managed resource that names another organization must not switch the others to it.",
			change: func(*v1alpha1.ClusterProviderConfig, *corev1.Secret) {},
			org:    new("org-2"),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			pc, s := clusterConfig(), adminSecret("crossplane-system")
			kube := kubernetes(t, pc, s).Build()
			c := connector(t, kube, kube)
			first, err := connect(t.Context(), c, ofCluster("one"), nil)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			tc.change(pc, s)
			if err := kube.Update(t.Context(), pc); err != nil {
				t.Fatalf("cannot update configuration: %v", err)
			}
			if err := kube.Update(t.Context(), s); err != nil {
				t.Fatalf("cannot update Secret: %v", err)
			}
			second, err := connect(t.Context(), c, ofCluster("two"), tc.org)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			if got := first.Client == second.Client; got != tc.shared {
				t.Errorf("\n%s\nshared: want %t, got %t", tc.reason, tc.shared, got)
			}
		})
	}
}

// TestPoolKeepsBothOrganizations shows that two organizations under one
// configuration do not take turns in evicting each other's client.
func TestPoolKeepsBothOrganizations(t *testing.T) {
	kube := kubernetes(t, clusterConfig(), adminSecret("crossplane-system")).Build()
	c := connector(t, kube, kube)
	connect := func(org *string) *adminapi.Client {
		conn, err := connect(t.Context(), c, ofCluster("p"), org)
		if err != nil {
			t.Fatalf("Connect: %v", err)
		}
		return conn.Client
	}
	own, other := connect(nil), connect(new("org-2"))
	if own != connect(nil) || other != connect(new("org-2")) {
		t.Error("a client was made again although nothing changed")
	}
}

// TestPoolSeparatesConfigurations shows that neither the kind nor the namespace of
// a configuration can be mistaken for another's.
func TestPoolSeparatesConfigurations(t *testing.T) {
	kube := kubernetes(t,
		clusterConfig(), adminSecret("crossplane-system"),
		config("team-a"), adminSecret("team-a"), config("team-b"), adminSecret("team-b"),
	).Build()
	c := connector(t, kube, kube)
	seen := map[*adminapi.Client]string{}
	for _, p := range []*v1alpha1.Project{
		ofCluster("a"),
		project("team-a", "b", v1alpha1.ProviderConfigKind, "team"),
		project("team-b", "c", v1alpha1.ProviderConfigKind, "team"),
	} {
		conn, err := connect(t.Context(), c, p, nil)
		if err != nil {
			t.Fatalf("Connect: %v", err)
		}
		if other, shared := seen[conn.Client]; shared {
			t.Errorf("%s shares a client with %s", conn.Config, other)
		}
		seen[conn.Client] = conn.Config
	}
}
