// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A platform is a tenant that manages a project with an account, and lets teams in other namespaces
// refer to them.
type platform struct {
	*tenant

	project *v1alpha1.Project
	account *v1alpha1.ProjectServiceAccount
}

// newPlatform is a platform with two teams, which share its ClusterProviderConfig.
func newPlatform(t *testing.T) (p *platform, teams [2]*tenant) {
	t.Helper()
	first, home := neighbors(t)
	p = &platform{tenant: home}
	p.project = home.newProject("shared", "everybody")
	p.account = home.newServiceAccount("robot", "everybody", meta.GetExternalName(p.project))
	return p, [2]*tenant{first, home.neighbor()}
}

// allowFrom allows references from namespaces, or from all of them.
func (p *platform) allowFrom(namespaces ...string) {
	p.Helper()
	p.allow(p.project, namespaces...)
	p.allow(p.account, namespaces...)
}

// platformUses are the objects that a team creates in the platform's project, by how they refer to
// it.
var platformUses = map[string]func(team *tenant, p *platform) []resource.Managed{
	"ByReference": func(team *tenant, p *platform) []resource.Managed {
		return []resource.Managed{
			team.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDRef = referenceInto(p.namespace, "shared") }),
			team.keyWith(func(k *parameters) {
				k.ProjectIDRef, k.ServiceAccountIDRef = referenceInto(p.namespace, "shared"), referenceInto(p.namespace, "robot")
			}),
		}
	},
	"BySelector": func(team *tenant, p *platform) []resource.Managed {
		everybodys := selectorInto(p.namespace, map[string]string{"team": "everybody"})
		return []resource.Managed{
			team.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectIDSelector = everybodys }),
			team.keyWith(func(k *parameters) { k.ProjectIDSelector, k.ServiceAccountIDSelector = everybodys, everybodys }),
		}
	},
	"ByID": func(team *tenant, p *platform) []resource.Managed {
		project, account := meta.GetExternalName(p.project), meta.GetExternalName(p.account)
		return []resource.Managed{
			team.accountWith(func(m *v1alpha1.ProjectScoped) { m.ProjectID = &project }),
			team.keyWith(func(k *parameters) { k.ProjectID, k.ServiceAccountID = &project, &account }),
		}
	},
	"ByName": func(team *tenant, p *platform) []resource.Managed {
		project := meta.GetExternalName(p.project)
		return []resource.Managed{
			team.keyWith(func(k *parameters) { k.ProjectID, k.ServiceAccountName = &project, new("robot") }),
		}
	},
}

func TestTeamsUseThePlatformsProjectThatIsOpenToThem(t *testing.T) {
	t.Parallel()
	consents := map[string]struct {
		reason     string
		namespaces func(teams [2]*tenant) []string
	}{
		"ToAList":     {"Each namespace is named.", func(teams [2]*tenant) []string { return []string{teams[0].namespace, teams[1].namespace} }},
		"ToEverybody": {"A star stands for all.", func([2]*tenant) []string { return []string{"*"} }},
	}
	for by, use := range platformUses {
		for to, c := range consents {
			t.Run(by+to, func(t *testing.T) {
				t.Parallel()
				p, teams := newPlatform(t)
				p.allowFrom(c.namespaces(teams)...)
				var made []resource.Managed
				for _, team := range teams {
					these := use(team, p)
					for _, o := range these {
						team.create(o)
					}
					made = append(made, these...)
				}
				p.awaitReady(made...)
				for _, team := range teams {
					team.workingKey("crossing")
				}
				for _, o := range made {
					p.deleteAndAwait(o)
				}
				id := meta.GetExternalName(p.project)
				if diff := cmp.Diff([]string{meta.GetExternalName(p.account)}, p.accountsIn(id)); diff != "" || len(liveKeys(id)) > 0 {
					t.Errorf("%s\naccounts after the teams' objects: -want, +got:\n%s and keys %v", c.reason, diff, liveKeys(id))
				}
			})
		}
	}
}

func TestAListOfNamespacesIsOpenToThoseAlone(t *testing.T) {
	t.Parallel()
	p, teams := newPlatform(t)
	// Prefixes and suffixes of a namespace's name must not match it.
	p.allowFrom(teams[0].namespace, teams[1].namespace+"-other", "*-"+teams[1].namespace)
	use := platformUses["ByReference"]
	welcome, strangers := use(teams[0], p), use(teams[1], p)
	for i := range welcome {
		p.create(welcome[i])
		p.create(strangers[i])
	}
	p.awaitReady(welcome...)
	for _, o := range strangers {
		teams[1].assertDenied("The list does not have its namespace.", waits, o)
	}
}

func TestConsentThatIsGivenLaterLetsAWaitingObjectGoOn(t *testing.T) {
	t.Parallel()
	for by, use := range platformUses {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			p, teams := newPlatform(t)
			made := use(teams[0], p)
			for _, o := range made {
				teams[0].create(o)
				teams[0].assertDenied("Nobody consented yet.", hindered, o)
			}
			p.allowFrom(teams[0].namespace)
			teams[0].awaitReady(made...)
			teams[0].workingKey("crossing")
		})
	}
}

func TestConsentThatIsTakenBackStopsChangesButNoDeletion(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"ByReference", "BySelector", "ByID"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			p, teams := newPlatform(t)
			team := teams[0]
			p.allowFrom(team.namespace)
			made := platformUses[by](team, p)
			for _, o := range made {
				team.create(o)
			}
			team.awaitReady(made...)
			project := meta.GetExternalName(p.project)
			before, value := liveKeys(project), team.workingKey("crossing")
			account := meta.GetExternalName(made[0])

			none := annotations{allowReferencesFrom: nil}
			p.annotate(p.project, none)
			p.annotate(p.account, none)
			// The provider has to see the withdrawn permission before the changes.
			p.reconcileAgain(1, p.project, p.account)
			change(team, made[0].(*v1alpha1.ProjectServiceAccount), func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Name = new("renamed") })
			team.annotate(made[1], annotations{rotateRequestedAt: "now"})
			team.reconcileAgain(2, made...)
			for _, o := range made {
				if isReady(o) {
					t.Errorf("%T says nothing of the change that is not made: %s", o, team.conditionMessages(o))
				}
			}

			in := *team
			in.project = project
			if got := in.nameAndRole(account)[0]; got == "renamed" {
				t.Error("the account was renamed after the consent was taken back")
			}
			if diff := cmp.Diff(before, liveKeys(project)); diff != "" || team.workingKey("crossing") != value {
				t.Errorf("keys after the consent was taken back: -before, +after:\n%s", diff)
			}
			for _, o := range made {
				team.deleteAndAwait(o)
			}
			if in.accountExists(account) || len(liveKeys(project)) > 0 {
				t.Errorf("the account (%t) and the keys %v outlive their objects", in.accountExists(account), liveKeys(project))
			}
		})
	}
}

// loseCluster removes an object as if its cluster was lost: its Secret and its external resource
// stay.
func loseCluster(tn *tenant, key *v1alpha1.ProjectAPIKey) {
	tn.Helper()
	change(tn, key, orphansKey)
	tn.reconcileAgain(1, key)
	tn.deleteAndAwait(key)
}

func TestAKeyIsRestoredWithItsSecretUnderANewUID(t *testing.T) {
	t.Parallel()
	for name, retires := range map[string]bool{"Alone": false, "WithARetiringKey": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key, retiring := tn.key("restored", rotation()), ""
			if retires {
				key, retiring, _ = tn.rotated("restored")
			} else {
				tn.create(key)
				tn.awaitReady(key)
			}
			id, value, secret := meta.GetExternalName(key), tn.workingKey("restored"), tn.secret("restored")
			backup := backupOf(key)
			loseCluster(tn, key)
			if tn.secret("restored") == nil {
				tn.mirror(secret)
			}

			tn.create(backup)
			tn.awaitReady(backup)
			tn.reconcileAgain(2, backup)
			tn.awaitReady(backup)
			if got := meta.GetExternalName(backup); got != id || tn.workingKey("restored") != value {
				t.Errorf("the restored object goes on with %q, want %q", got, id)
			}
			tn.deleteAndAwait(backup)
			if tn.keyExists(id) {
				t.Errorf("key %q outlives the restored object", id)
			}
			if retires && tn.keyExists(retiring) {
				// Without proof of ownership the key is not revoked, but an event must name it.
				tn.awaitOrphaned(backup, corev1.EventTypeWarning, retiring)
			}
		})
	}
}

func TestAnObserverStandsBesideTheManagerInItsNamespace(t *testing.T) {
	t.Parallel()
	for kind, k := range targetsOfNames {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			_, victim := neighbors(t)
			h := k.holds(victim)
			was, o := h.externalState(), k.object(h.tenant, h)
			meta.SetExternalName(o, meta.GetExternalName(k.of(h)))
			o.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
			if key, ok := o.(*v1alpha1.ProjectAPIKey); ok {
				key.Spec.WriteConnectionSecretToReference = nil
			}
			h.create(o)
			h.awaitReady(o)
			const reason = "Whoever only observes takes nothing."
			h.assertUntouched(reason, was)
			h.deleteAndAwait(o)
			h.assertUntouched(reason, was)
		})
	}
}

func TestTheKeysOfASecondClusterAreLeftAloneAndCanBeObserved(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	// The other cluster's object has the same name and another UID.
	there, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
		Name: openai.String("0a1b2c3d4e-1-key"),
	})
	tn.must(err)
	h := managesKey(tn)
	observer := tn.key("observer", func(cr *v1alpha1.ProjectAPIKey) {
		meta.SetExternalName(cr, there.ID)
		cr.Spec.WriteConnectionSecretToReference = nil
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	})
	tn.create(observer)
	tn.awaitReady(observer)
	if got := observer.Status.AtProvider.Name; got != "0a1b2c3d4e-1-key" {
		t.Errorf("the observer shows %q", got)
	}
	value := tn.workingKey("key")
	tn.annotate(h.key, annotations{rotateRequestedAt: "now"})
	tn.awaitSuccessor("key", value)
	tn.reconcileAgain(2, h.key, observer)
	tn.awaitReady(h.key, observer)
	tn.deleteAndAwait(h.key)
	tn.deleteAndAwait(observer)
	if diff := cmp.Diff([]string{there.ID}, tn.liveIDs()); diff != "" {
		t.Errorf("keys that live: -want, +got:\n%s", diff)
	}
}

func TestAKeyThatNobodyManagesIsAdoptedUnderASharedConfiguration(t *testing.T) {
	t.Parallel()
	tn, _ := neighbors(t)
	existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String("by-hand")})
	tn.must(err)
	key := tn.importer("adopted", existing.Value, nil)
	tn.create(key)
	tn.awaitReady(key)
	// After a rotation the adopted key retires, and is still managed by the object.
	tn.annotate(key, annotations{rotateRequestedAt: "now"})
	tn.awaitSuccessor("adopted", existing.Value)
	tn.reconcileAgain(2, key)
	tn.awaitReady(key)
	if !sim.Works(existing.Value) {
		t.Error("the adopted key ended before its overlap")
	}
	tn.deleteAndAwait(key)
	if live := tn.liveIDs(); len(live) > 0 {
		t.Errorf("keys %v outlive their object", live)
	}
}

func TestWhatItsManagerLeftCanBeTakenOnByAnotherObject(t *testing.T) {
	t.Parallel()
	for kind, k := range externallyNamed {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			i := k.object(tn)
			manifest := copyOf(i.object)
			i.object.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate})
			tn.create(i.object)
			tn.awaitReady(i.object)
			id := meta.GetExternalName(i.object)

			heir := manifest
			heir.SetName(heir.GetName() + "-heir")
			meta.SetExternalName(heir, id)
			tn.create(heir)
			if said := tn.awaitProblem(heir); !strings.Contains(said, "managed by another object") {
				t.Errorf("the heir is refused as %q", said)
			}
			tn.deleteAndAwait(i.object)
			tn.awaitReady(heir)
			if diff := cmp.Diff(id, meta.GetExternalName(heir)); diff != "" {
				t.Errorf("what the heir has: -want, +got:\n%s", diff)
			}
			tn.deleteAndAwait(heir)
		})
	}
}
