// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// adminKeyOf makes an admin key of an organization that only the tenant uses.
func (tn *tenant) adminKeyOf(organization string) string {
	tn.Helper()
	value := "sk-admin-SIMULATED-fake-" + tn.namespace + "-of-" + organization
	sim.AddAdminKey(simulator.AdminKey{Value: value, OrganizationID: organization})
	return value
}

// callsWith an admin key so far, one on each line.
func callsWith(value string) (calls []string) {
	for _, c := range sim.Calls() {
		if c.Credential == simulator.Fingerprint(value) {
			calls = append(calls, fmt.Sprintf("%s?%s", c.Route, c.Query))
		}
	}
	return calls
}

// A usedConfiguration is one of either kind, with one object of each kind that uses it.
type usedConfiguration struct {
	*tenant
	config  client.Object
	ref     *xpv2.ProviderConfigReference
	project *v1alpha1.Project
	account *v1alpha1.ProjectServiceAccount
	key     *v1alpha1.ProjectAPIKey
	all     []resource.Managed
}

// useConfiguration of a tenant, until its organization is noted.
func useConfiguration(tn *tenant, config client.Object) *usedConfiguration {
	tn.Helper()
	u := &usedConfiguration{tenant: tn, config: config}
	u.ref = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: config.GetName()}
	if config.GetNamespace() != "" {
		u.ref.Kind = v1alpha1.ProviderConfigKind
	}
	u.project = tn.projectObject(tn.namespace+"-noted", func(cr *v1alpha1.Project) { cr.Spec.ProviderConfigReference = u.ref })
	u.account = tn.accountObject("noted", func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ProviderConfigReference = u.ref })
	u.key = tn.key("noted", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ProviderConfigReference = u.ref })
	u.all = []resource.Managed{u.project, u.account, u.key}
	for _, o := range u.all {
		tn.create(o)
	}
	tn.awaitManaged(u.all...)
	u.awaitNoted(func(n v1alpha1.ObservedOrganization) bool { return n.CredentialFingerprint != "" })
	return u
}

// noted organization of the configuration.
func (u *usedConfiguration) noted() v1alpha1.ObservedOrganization {
	u.get(u.config)
	if pc, ok := u.config.(*v1alpha1.ProviderConfig); ok {
		return pc.Status.ObservedOrganization
	}
	return u.config.(*v1alpha1.ClusterProviderConfig).Status.ObservedOrganization
}

func (u *usedConfiguration) awaitNoted(is func(n v1alpha1.ObservedOrganization) bool) {
	u.Helper()
	u.await("the note of the organization", func() (bool, string) {
		n := u.noted()
		return is(n), fmt.Sprintf("%+v", n)
	})
}

// awaitHeld awaits that no object goes on, that each says why, and that nothing that it had is
// called into question.
func (u *usedConfiguration) awaitHeld(says ...string) {
	u.Helper()
	u.awaitHeldUp(says, u.all...)
	for _, o := range u.all {
		if c := o.GetCondition(xpv2.TypeReady); c.Status != corev1.ConditionTrue && !meta.WasDeleted(o) {
			u.Errorf("%T: want it to stay Ready, got %+v", o, c)
		}
	}
}

func (u *usedConfiguration) awaitHeldUp(says []string, objects ...resource.Managed) {
	u.Helper()
	for _, o := range objects {
		u.await(fmt.Sprintf("the refusal of %T %q", o, o.GetName()), func() (bool, string) {
			problem := u.awaitProblem(o)
			for _, s := range says {
				if !strings.Contains(problem, s) {
					return false, problem
				}
			}
			return true, ""
		})
	}
}

// ofEachKind runs a test with a configuration of each kind.
func ofEachKind(t *testing.T, do func(u *usedConfiguration)) {
	t.Run(v1alpha1.ClusterProviderConfigKind, func(t *testing.T) {
		t.Parallel()
		tn := newTenant(t)
		do(useConfiguration(tn, tn.clusterConfig()))
	})
	t.Run(v1alpha1.ProviderConfigKind, func(t *testing.T) {
		t.Parallel()
		tn := newTenant(t)
		pc := &v1alpha1.ProviderConfig{}
		pc.Namespace, pc.Name = tn.namespace, "own"
		pc.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "key"}
		tn.create(pc)
		do(useConfiguration(tn, pc))
	})
}

func TestOrganizationOfAnotherAdminKeyIsLeftAlone(t *testing.T) {
	t.Parallel()
	ofEachKind(t, func(u *usedConfiguration) {
		value, id := u.working("noted"), u.project.Status.AtProvider.ID
		other := "org-" + u.namespace
		admin := u.adminKeyOf(other)
		u.swap(admin)
		says := []string{fmt.Sprintf("is of organization %q, while what was made with it is in organization %q", other, simulator.DefaultOrganizationID), connect.AnnotationConfirmOrganization, fmt.Sprintf("%q", other)}
		u.awaitHeld(says...)

		late := u.projectObject(u.namespace+"-late", func(cr *v1alpha1.Project) { cr.Spec.ProviderConfigReference = u.ref })
		u.create(late)
		change(u.tenant, u.account, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Role = "owner" })
		change(u.tenant, u.key, func(cr *v1alpha1.ProjectAPIKey) {
			cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
		})
		u.reconcileAgain(2, u.all...)
		u.delete(u.key)
		u.delete(u.project)
		u.awaitHeld(says...)
		u.awaitHeldUp(says, late)
		u.reconcileAgain(1, late, u.account)
		if !sim.Works(value) || !u.projectLives(id) {
			u.Error("something was ended")
		}
		if got := callsWith(admin); len(got) != 1 {
			u.Errorf("calls with the admin key of another organization: want the one that tells, got %q", got)
		}
		if got := u.noted().OrganizationID; got != simulator.DefaultOrganizationID {
			u.Errorf("noted organization: want that it stays %q, got %q", simulator.DefaultOrganizationID, got)
		}

		u.swap(simulator.DefaultAdminKey)
		u.awaitGone(u.key, u.project)
		if sim.Works(value) || u.projectLives(id) {
			u.Error("the deletions did not go on")
		}
		u.awaitReady(u.account, late)
		if got := u.account.Status.AtProvider.Role; got != "owner" {
			u.Errorf("role of the service account: want that the change went on, got %q", got)
		}
	})
}

func TestOrganizationIsLeftOnceThatIsConfirmed(t *testing.T) {
	t.Parallel()
	ofEachKind(t, func(u *usedConfiguration) {
		other := "org-" + u.namespace
		admin := u.adminKeyOf(other)
		u.swap(admin)
		u.awaitHeld("is of organization")
		u.annotate(u.config, annotations{connect.AnnotationConfirmOrganization: "true"})
		u.reconcileAgain(2, u.all...)
		u.awaitHeld("is of organization")
		u.annotate(u.config, annotations{connect.AnnotationConfirmOrganization: other})
		late := u.projectObject(u.namespace+"-late", func(cr *v1alpha1.Project) { cr.Spec.ProviderConfigReference = u.ref })
		u.create(late)
		u.awaitReady(late)
		u.awaitNoted(func(n v1alpha1.ObservedOrganization) bool { return n.OrganizationID == other })
		there := openai.NewAdminOrganizationProjectService(option.WithBaseURL(sim.BaseURL()), option.WithAdminAPIKey(admin), option.WithMaxRetries(0))
		_, err := there.Get(u.Context(), late.Status.AtProvider.ID)
		u.must(err)
		u.awaitHeldUp([]string{"does not exist"}, u.all...)
	})
}

func TestOrganizationStaysWithAnotherAdminKeyOfIt(t *testing.T) {
	t.Parallel()
	ofEachKind(t, func(u *usedConfiguration) {
		before, value := u.noted(), u.working("noted")
		admin := u.adminKeyOf(simulator.DefaultOrganizationID)
		u.swap(admin)
		u.awaitNoted(func(n v1alpha1.ObservedOrganization) bool {
			return n.CredentialFingerprint != before.CredentialFingerprint
		})
		written := u.config.GetResourceVersion()
		u.reconcileAgain(2, u.all...)
		u.awaitReady(u.all...)
		verifications := 0
		for _, call := range callsWith(admin) {
			if call == string(simulator.RouteGetProject)+"?" || call == string(simulator.RouteListProjects)+"?limit=1" {
				verifications++
			}
		}
		if verifications != 1 {
			u.Errorf("verifications: want 1, got %q", callsWith(admin))
		}
		after := u.noted()
		after.CredentialFingerprint = before.CredentialFingerprint
		if diff := cmp.Diff(before, after); diff != "" {
			u.Errorf("noted: -before, +after, but for the fingerprint:\n%s", diff)
		}
		if got := u.config.GetResourceVersion(); got != written {
			u.Error("the configuration is written although nothing changes")
		}
		if got := u.working("noted"); got != value {
			u.Error("the key was issued anew")
		}
	})
}

// withoutOrganization drops the header that names the organization, as a gateway may.
func (g *gateway) withoutOrganization() {
	g.openai.(*httputil.ReverseProxy).ModifyResponse = func(res *http.Response) error {
		res.Header.Del("openai-organization")
		return nil
	}
}

func TestOrganizationIsKnownByAProjectWithoutTheHeader(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.withoutOrganization()
	tn := newTenant(t, g.serve)
	u := useConfiguration(tn, tn.clusterConfig())
	if n := u.noted(); n.OrganizationID != "" || n.KnownProjectID == "" {
		t.Errorf("noted: want a project alone, got %+v", n)
	}
	value := u.working("noted")
	admin := u.adminKeyOf("org-" + u.namespace)
	u.swap(admin)
	u.awaitHeld("is of another organization than what was made with it", connect.AnnotationConfirmOrganization)
	u.delete(u.key)
	u.reconcileAgain(2, u.project, u.account)
	if got := callsWith(admin); len(got) != 1 || !sim.Works(value) {
		t.Errorf("calls with the admin key of another organization: want the one that tells, got %q", got)
	}
	u.swap(u.adminKeyOf(simulator.DefaultOrganizationID))
	u.awaitGone(u.key)
	u.awaitReady(u.project, u.account)
	if sim.Works(value) {
		t.Error("the deletion did not go on")
	}
}

func TestOrganizationThatCannotBeAskedForStopsEverything(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tn := newTenant(t, g.serve)
	u := useConfiguration(tn, tn.clusterConfig())
	value := u.working("noted")
	admin := u.adminKeyOf(simulator.DefaultOrganizationID)
	g.begin(trouble{meets: func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("Authorization"), admin) }, reply: notFounds["APage"]})
	u.swap(admin)
	u.awaitHeld("cannot tell whether the admin key", "something between here and OpenAI answers in its place")
	u.delete(u.key)
	u.reconcileAgain(2, u.project, u.account)
	u.awaitHeld("cannot tell whether the admin key")
	if n := g.answered("/api_keys") + g.answered("/service_accounts"); n != 0 || !sim.Works(value) {
		t.Errorf("%d calls were made besides the one that tells", n)
	}
	g.begin()
	u.awaitGone(u.key)
	u.awaitReady(u.project, u.account)
	if sim.Works(value) {
		t.Error("the deletion did not go on")
	}
}
