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

// adminKeyOf creates an admin key of an organization that only the tenant uses.
func (tn *tenant) adminKeyOf(organization string) string {
	tn.Helper()
	value := "sk-admin-SIMULATED-fake-" + tn.namespace + "-of-" + organization
	sim.AddAdminKey(simulator.AdminKey{Value: value, OrganizationID: organization})
	return value
}

// callsWith returns the calls that were made with an admin key so far.
func callsWith(value string) (calls []string) {
	for _, c := range sim.Calls() {
		if c.KeyFingerprint == simulator.Fingerprint(value) {
			calls = append(calls, fmt.Sprintf("%s?%s", c.Route, c.Query))
		}
	}
	return calls
}

// A usedConfiguration is a ProviderConfig or ClusterProviderConfig with one object of each kind
// that uses it.
type usedConfiguration struct {
	*tenant
	config  client.Object
	ref     *xpv2.ProviderConfigReference
	project *v1alpha1.Project
	account *v1alpha1.ProjectServiceAccount
	key     *v1alpha1.ProjectAPIKey
	all     []resource.Managed
}

// useConfiguration creates objects that use a configuration, and awaits that its status shows the
// organization.
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
	u.awaitObserved(func(n v1alpha1.ObservedOrganization) bool { return n.CredentialFingerprint != "" })
	return u
}

// observed returns the organization in the status of the configuration.
func (u *usedConfiguration) observed() v1alpha1.ObservedOrganization {
	u.get(u.config)
	if pc, ok := u.config.(*v1alpha1.ProviderConfig); ok {
		return pc.Status.ObservedOrganization
	}
	return u.config.(*v1alpha1.ClusterProviderConfig).Status.ObservedOrganization
}

func (u *usedConfiguration) awaitObserved(is func(n v1alpha1.ObservedOrganization) bool) {
	u.Helper()
	u.await("the note of the organization", func() (bool, string) {
		n := u.observed()
		return is(n), fmt.Sprintf("%+v", n)
	})
}

// awaitAllStopped awaits that no object is reconciled any further and that each says why. Objects
// that are not being deleted must stay Ready.
func (u *usedConfiguration) awaitAllStopped(says ...string) {
	u.Helper()
	u.awaitStopped(says, u.all...)
	for _, o := range u.all {
		if c := o.GetCondition(xpv2.TypeReady); c.Status != corev1.ConditionTrue && !meta.WasDeleted(o) {
			u.Errorf("%T: want it to stay Ready, got %+v", o, c)
		}
	}
}

func (u *usedConfiguration) awaitStopped(says []string, objects ...resource.Managed) {
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

// forEachConfigurationKind runs a test with a ProviderConfig and with a ClusterProviderConfig.
func forEachConfigurationKind(t *testing.T, do func(u *usedConfiguration)) {
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
	forEachConfigurationKind(t, func(u *usedConfiguration) {
		value, id := u.workingKey("noted"), u.project.Status.AtProvider.ID
		other := "org-" + u.namespace
		admin := u.adminKeyOf(other)
		u.setAdminKey(admin)
		says := []string{fmt.Sprintf("is of organization %q, while what was made with it is in organization %q", other, simulator.DefaultOrganizationID), connect.AnnotationConfirmOrganization, fmt.Sprintf("%q", other)}
		u.awaitAllStopped(says...)

		late := u.projectObject(u.namespace+"-late", func(cr *v1alpha1.Project) { cr.Spec.ProviderConfigReference = u.ref })
		u.create(late)
		change(u.tenant, u.account, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Role = "owner" })
		change(u.tenant, u.key, func(cr *v1alpha1.ProjectAPIKey) {
			cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
		})
		u.reconcileAgain(2, u.all...)
		u.delete(u.key)
		u.delete(u.project)
		u.awaitAllStopped(says...)
		u.awaitStopped(says, late)
		u.reconcileAgain(1, late, u.account)
		if !sim.Works(value) || !u.projectExists(id) {
			u.Error("something was ended")
		}
		if got := callsWith(admin); len(got) != 1 {
			u.Errorf("calls with the admin key of another organization: want the one that reads the organization, got %q", got)
		}
		if got := u.observed().OrganizationID; got != simulator.DefaultOrganizationID {
			u.Errorf("noted organization: want that it stays %q, got %q", simulator.DefaultOrganizationID, got)
		}

		u.setAdminKey(simulator.DefaultAdminKey)
		u.awaitGone(u.key, u.project)
		if sim.Works(value) || u.projectExists(id) {
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
	forEachConfigurationKind(t, func(u *usedConfiguration) {
		other := "org-" + u.namespace
		admin := u.adminKeyOf(other)
		u.setAdminKey(admin)
		u.awaitAllStopped("is of organization")
		u.annotate(u.config, annotations{connect.AnnotationConfirmOrganization: "true"})
		u.reconcileAgain(2, u.all...)
		u.awaitAllStopped("is of organization")
		u.annotate(u.config, annotations{connect.AnnotationConfirmOrganization: other})
		late := u.projectObject(u.namespace+"-late", func(cr *v1alpha1.Project) { cr.Spec.ProviderConfigReference = u.ref })
		u.create(late)
		u.awaitReady(late)
		u.awaitObserved(func(n v1alpha1.ObservedOrganization) bool { return n.OrganizationID == other })
		there := openai.NewAdminOrganizationProjectService(option.WithBaseURL(sim.BaseURL()), option.WithAdminAPIKey(admin), option.WithMaxRetries(0))
		_, err := there.Get(u.Context(), late.Status.AtProvider.ID)
		u.must(err)
		u.awaitStopped([]string{"does not exist"}, u.all...)
	})
}

func TestOrganizationStaysWithAnotherAdminKeyOfIt(t *testing.T) {
	t.Parallel()
	forEachConfigurationKind(t, func(u *usedConfiguration) {
		before, value := u.observed(), u.workingKey("noted")
		admin := u.adminKeyOf(simulator.DefaultOrganizationID)
		u.setAdminKey(admin)
		u.awaitObserved(func(n v1alpha1.ObservedOrganization) bool {
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
		after := u.observed()
		after.CredentialFingerprint = before.CredentialFingerprint
		if diff := cmp.Diff(before, after); diff != "" {
			u.Errorf("noted: -before, +after, but for the fingerprint:\n%s", diff)
		}
		if got := u.config.GetResourceVersion(); got != written {
			u.Error("the configuration is written although nothing changes")
		}
		if got := u.workingKey("noted"); got != value {
			u.Error("the key was issued anew")
		}
	})
}

// withoutOrganization drops the header that names the organization, as some gateways do.
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
	if n := u.observed(); n.OrganizationID != "" || n.KnownProjectID == "" {
		t.Errorf("noted: want a project alone, got %+v", n)
	}
	value := u.workingKey("noted")
	admin := u.adminKeyOf("org-" + u.namespace)
	u.setAdminKey(admin)
	u.awaitAllStopped("is of another organization than what was made with it", connect.AnnotationConfirmOrganization)
	u.delete(u.key)
	u.reconcileAgain(2, u.project, u.account)
	if got := callsWith(admin); len(got) != 1 || !sim.Works(value) {
		t.Errorf("calls with the admin key of another organization: want the one that reads the organization, got %q", got)
	}
	u.setAdminKey(u.adminKeyOf(simulator.DefaultOrganizationID))
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
	value := u.workingKey("noted")
	admin := u.adminKeyOf(simulator.DefaultOrganizationID)
	g.intercept(interception{matches: func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("Authorization"), admin) }, reply: gatewayNotFounds["APage"]})
	u.setAdminKey(admin)
	u.awaitAllStopped("cannot determine whether the admin key", "something between here and OpenAI answers in its place")
	u.delete(u.key)
	u.reconcileAgain(2, u.project, u.account)
	u.awaitAllStopped("cannot determine whether the admin key")
	if n := g.answered("/api_keys") + g.answered("/service_accounts"); n != 0 || !sim.Works(value) {
		t.Errorf("%d calls were made besides the one that reads the organization", n)
	}
	g.intercept()
	u.awaitGone(u.key)
	u.awaitReady(u.project, u.account)
	if sim.Works(value) {
		t.Error("the deletion did not go on")
	}
}
