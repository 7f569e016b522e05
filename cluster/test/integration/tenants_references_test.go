// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

type parameters = v1alpha1.ProjectAPIKeyParameters

// keyWith is a ProjectAPIKey that gets its project and account by reference or selector.
func (tn *tenant) keyWith(mod func(p *parameters)) *v1alpha1.ProjectAPIKey {
	return tn.key("crossing", func(cr *v1alpha1.ProjectAPIKey) {
		p := &cr.Spec.ForProvider
		p.ProjectID, p.ServiceAccountID = nil, nil
		mod(p)
	})
}

// accountWith is a ProjectServiceAccount that gets its project by reference or selector.
func (tn *tenant) accountWith(mod func(m *v1alpha1.ProjectScoped)) *v1alpha1.ProjectServiceAccount {
	return tn.accountObject("crossing", func(cr *v1alpha1.ProjectServiceAccount) {
		cr.Spec.ForProvider.ProjectID = nil
		mod(&cr.Spec.ForProvider.ProjectScoped)
	})
}

// referenceInto and selectorInto refer to objects in another namespace.
func referenceInto(namespace, name string) *xpv2.NamespacedReference {
	return &xpv2.NamespacedReference{Namespace: namespace, Name: name}
}

func selectorInto(namespace string, labels map[string]string) *v1alpha1.NamespacedSelector {
	return &v1alpha1.NamespacedSelector{Namespace: namespace, MatchLabels: labels}
}

// These are the names of the objects of a chain.
const (
	chainProject = "checkout"
	chainAccount = "backend"
)

func TestNobodyReachesIntoAnotherNamespaceWithoutItsConsent(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		holds  func(victim *tenant) *keyFixture
		object func(a *tenant, h *keyFixture) resource.Managed
		want   denial
	}{
		"AccountByReference": {
			"An account in the other team's project, which it pays for.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDRef = referenceInto(h.namespace, chainProject) })
			}, waits,
		},
		"AccountByAnEmptySelector": {
			"Not even a name has to be known.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDSelector = selectorInto(h.namespace, nil) })
			}, waits,
		},
		"AccountByID": {
			"An ID is no secret: consumers have it in their environment.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectID = &h.project })
			}, refused,
		},
		"KeyByReferences": {
			"A working key of the other team's account.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) {
					p.ProjectIDRef, p.ServiceAccountIDRef = referenceInto(h.namespace, chainProject), referenceInto(h.namespace, chainAccount)
				})
			}, waits,
		},
		"KeyByEmptySelectors": {
			"As above.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) {
					p.ProjectIDSelector, p.ServiceAccountIDSelector = selectorInto(h.namespace, nil), selectorInto(h.namespace, nil)
				})
			}, waits,
		},
		"KeyByProjectIDAndAccountReference": {
			"Each of the two is refused.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) {
					p.ProjectID, p.ServiceAccountIDRef = &h.project, referenceInto(h.namespace, chainAccount)
				})
			}, hindered,
		},
		"KeyByAccountReference": {
			"The project is nobody's, so that the account alone decides.", managesAccount,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) {
					p.ProjectID, p.ServiceAccountIDRef = &h.project, referenceInto(h.namespace, "managed")
				})
			}, waits,
		},
		"KeyByAnEmptyAccountSelector": {
			"As above.", managesAccount,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) {
					p.ProjectID, p.ServiceAccountIDSelector = &h.project, selectorInto(h.namespace, nil)
				})
			}, waits,
		},
		"KeyInOnesOwnProjectByAccountReference": {
			"OpenAI refuses it, but the ID of the account would be disclosed.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) {
					p.ProjectID, p.ServiceAccountIDRef = &a.project, referenceInto(h.namespace, chainAccount)
				})
			}, waits,
		},
		"KeyByIDs": {
			"IDs are no secrets.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) { p.ProjectID, p.ServiceAccountID = &h.project, &h.account })
			}, refused,
		},
		"KeyByAccountID": {
			"The project is nobody's.", managesAccount,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) { p.ProjectID, p.ServiceAccountID = &h.project, &h.account })
			}, refused,
		},
		"KeyByAccountName": {
			"Names are no secrets either.", managesAll,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) { p.ProjectID, p.ServiceAccountName = &h.project, new(chainAccount) })
			}, refused,
		},
		"KeyByAccountNameInAProjectOfNobody": {
			"The name leads to an account that the other team manages.", managesAccount,
			func(a *tenant, h *keyFixture) resource.Managed {
				return a.keyWith(func(p *parameters) { p.ProjectID, p.ServiceAccountName = &h.project, new("managed") })
			}, refused,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, victim := neighbors(t)
			h := tc.holds(victim)
			was, accounts, keys := h.externalState(), h.accountsIn(h.project), h.liveIDs()
			o := tc.object(a, h)
			manifest := asJSON(t, o)

			a.create(o)
			a.assertDenied(tc.reason, tc.want, o)
			h.assertNotDisclosed(tc.reason, a, o, manifest)
			if s := a.secret("crossing"); s != nil && sim.Works(string(s.Data["OPENAI_API_KEY"])) {
				t.Errorf("%s\na Secret has a working key of another tenant's account", tc.reason)
			}
			if diff := cmp.Diff(accounts, h.accountsIn(h.project)) + cmp.Diff(keys, h.liveIDs()); diff != "" {
				t.Errorf("%s\naccounts and keys in another tenant's project: -before, +after:\n%s", tc.reason, diff)
			}
			a.deleteAndAwait(o)
			h.assertUntouched(tc.reason, was)
		})
	}
}

func TestARefusedReferenceReadsAsOneToWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t)
	h := managesAll(victim)
	victim.newProject("twin", "twins")
	victim.newProject("other-twin", "twins")
	byName := func(name string) resource.Managed {
		return a.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDRef = referenceInto(h.namespace, name) })
	}
	byTeam := func(team string) resource.Managed {
		return a.accountWith(func(m *v1alpha1.ProjectScoped) {
			m.ProjectIDSelector = selectorInto(h.namespace, map[string]string{"team": team})
		})
	}
	ofAccount := func(name string) resource.Managed {
		return a.keyWith(func(p *parameters) {
			p.ProjectID, p.ServiceAccountIDRef = &a.project, referenceInto(h.namespace, name)
		})
	}
	ofAccountsTeam := func(team string) resource.Managed {
		return a.keyWith(func(p *parameters) {
			p.ProjectID, p.ServiceAccountIDSelector = &a.project, selectorInto(h.namespace, map[string]string{"team": team})
		})
	}
	cases := map[string]struct {
		reason string
		object func(target string) resource.Managed
		exists string
	}{
		"Project":           {"Names of other namespaces could be guessed.", byName, chainProject},
		"SelectedProject":   {"Labels could be, too.", byTeam, "checkout"},
		"SeveralProjects":   {"What matches would be listed.", byTeam, "twins"},
		"Account":           {"As of a Project.", ofAccount, chainAccount},
		"SelectedAccount":   {"As above.", ofAccountsTeam, "checkout"},
		"AccountOfNobodies": {"The control: neither exists.", ofAccount, "nobodies"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := a.forSubtest(t)
			said := func(target, suffix string) string {
				o := tc.object(target)
				o.SetName(strings.ToLower(name) + suffix)
				a.create(o)
				a.assertDenied(tc.reason, waits, o)
				return strings.ReplaceAll(o.GetCondition(xpv2.TypeReady).Message, target, "TARGET")
			}
			if diff := cmp.Diff(said("nowhere", "-nowhere"), said(tc.exists, "-exists")); diff != "" {
				t.Errorf("%s\nwhat is said: -of what does not exist, +of what does:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestARefusalUnderALimitedConfigurationDisclosesNoProjectID(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		object func(a *tenant, h *keyFixture) resource.Managed
	}{
		"Account": {"Its project comes from a reference.", func(a *tenant, h *keyFixture) resource.Managed {
			return a.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDRef = referenceInto(h.namespace, chainProject) })
		}},
		"AccountBySelector": {"Or from a selector.", func(a *tenant, h *keyFixture) resource.Managed {
			return a.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDSelector = selectorInto(h.namespace, nil) })
		}},
		"Key": {"As does that of a key.", func(a *tenant, h *keyFixture) resource.Managed {
			return a.keyWith(func(p *parameters) {
				p.ProjectIDRef, p.ServiceAccountIDRef = referenceInto(h.namespace, chainProject), referenceInto(h.namespace, chainAccount)
			})
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, victim := neighbors(t)
			h := managesAll(victim)
			limited := a.clusterConfig()
			a.get(limited)
			limited.ObjectMeta = metav1.ObjectMeta{Name: a.namespace}
			limited.Spec.AllowedProjectIDs = []string{a.project}
			a.create(limited)
			a.config = limited.Name

			was, o := h.externalState(), tc.object(a, h)
			manifest := asJSON(t, o)
			a.create(o)
			a.assertDenied(tc.reason, hindered, o)
			h.assertNotDisclosed(tc.reason, a, o, manifest)
			a.deleteAndAwait(o)
			h.assertUntouched(tc.reason, was)
		})
	}
}
