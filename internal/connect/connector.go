// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package connect leads from the provider configuration of a managed resource to a client of the
// Administration API: credentials, what the configuration allows, and the organization it is for.
package connect

import (
	"context"
	"fmt"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/baseurl"
	"github.com/crossplane-contrib/provider-openai/internal/inuse"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// ErrNoProject is returned for a managed resource that names no project while
// its provider configuration has no default.
var ErrNoProject = terminal.IfLastingErrorf("no project: set forProvider.projectID, projectIDRef or projectIDSelector, or defaultProjectID in the provider configuration")

// A Connector connects managed resources to OpenAI with the provider
// configuration that they name, and enforces what that configuration allows.
type Connector struct {
	kube    client.Client
	live    *liveReader
	baseURL string
	usages  inuse.Usages
	pool    pool
	check   ProjectCheck

	organizations organizations
}

// NewConnector returns a Connector. Secrets and namespaces are read with live,
// which must not be a cache: no process should hold every Secret of a cluster.
// baseURL is that of provider configurations that name none; it must be https, or
// http to a loopback address.
func NewConnector(kube client.Client, live client.Reader, baseURL string, opts ...ConnectorOption) (*Connector, error) {
	baseURL = strings.TrimRight(baseURL, "/")
	if err := baseurl.Check(baseURL); err != nil {
		return nil, err
	}
	c := &Connector{
		kube:    kube,
		live:    newLiveReader(live, cacheTTL),
		baseURL: baseURL,
		usages:  inuse.Usages{Client: kube},
	}
	for _, opt := range opts {
		opt(c)
	}
	return c, nil
}

// Connect returns the access of a managed resource, which has to say what it belongs to
// before a call can be made. The organization, if given, replaces the configuration's.
// Errors name what is wrong with the configuration or its credentials, never a value of
// them.
func (c *Connector) Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*Access, error) {
	if err := c.track(ctx, mg); err != nil {
		return nil, err
	}
	ref := mg.GetProviderConfigReference()
	a := &Access{mg: mg, check: c.check}
	connect := c.connectCluster
	if ref.Kind == v1alpha1.ProviderConfigKind {
		connect = c.connectNamespaced
	}
	if err := connect(ctx, a, ref.Name, organizationID); err != nil {
		return nil, err
	}
	if err := a.allowsSpec(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

// track records the usage before the configuration is used, so that a
// configuration in use cannot be deleted.
func (c *Connector) track(ctx context.Context, mg resource.ModernManaged) error {
	ref := mg.GetProviderConfigReference()
	if ref == nil {
		return terminal.Errorf("no provider configuration: set providerConfigRef, for example to {kind: ClusterProviderConfig, name: default}")
	}
	if ref.Kind != v1alpha1.ProviderConfigKind && ref.Kind != v1alpha1.ClusterProviderConfigKind {
		return terminal.Errorf("providerConfigRef.kind %q must be %s or %s", ref.Kind, v1alpha1.ProviderConfigKind, v1alpha1.ClusterProviderConfigKind)
	}
	return c.usages.Track(ctx, mg, *ref)
}

func (c *Connector) connectNamespaced(ctx context.Context, a *Access, name string, organizationID *string) error {
	pc, nn := &v1alpha1.ProviderConfig{}, types.NamespacedName{Namespace: a.mg.GetNamespace(), Name: name}
	if err := c.kube.Get(ctx, nn, pc); err != nil {
		return configError(v1alpha1.ProviderConfigKind, nn, err)
	}
	config := fmt.Sprintf("%s %q", v1alpha1.ProviderConfigKind, nn)
	if err := inuse.Protect(ctx, c.kube, c.live, types.NamespacedName{Namespace: nn.Namespace, Name: pc.Spec.Credentials.SecretRef.Name}); err != nil {
		return fmt.Errorf("%s: %w", config, err)
	}
	cred, err := secretCredential(ctx, c.live, nn.Namespace, pc.Spec.Credentials.SecretRef)
	if err != nil {
		return fmt.Errorf("%s: %w", config, err)
	}
	c.open(a, pc, poolKey{configKey: configKey{kind: v1alpha1.ProviderConfigKind, namespace: nn.Namespace, name: nn.Name}, uid: pc.GetUID()}, config, cred, pc.Spec.Scope, c.baseURL, organizationID)
	// Whoever wrote the configuration has the admin key.
	a.organization = true
	return nil
}

func (c *Connector) connectCluster(ctx context.Context, a *Access, name string, organizationID *string) error {
	pc := &v1alpha1.ClusterProviderConfig{}
	if err := c.kube.Get(ctx, types.NamespacedName{Name: name}, pc); err != nil {
		return configError(v1alpha1.ClusterProviderConfigKind, types.NamespacedName{Name: name}, err)
	}
	config := fmt.Sprintf("%s %q", v1alpha1.ClusterProviderConfigKind, name)
	if err := c.allowsNamespace(ctx, pc, a.mg.GetNamespace()); err != nil {
		if err := a.refuse(fmt.Errorf("%s: %w", config, err)); err != nil {
			return err
		}
	}
	base := c.baseURL
	if pc.Spec.BaseURL != nil {
		base = strings.TrimRight(*pc.Spec.BaseURL, "/")
	}
	if err := baseurl.Check(base); err != nil {
		return fmt.Errorf("%s: %w", config, err)
	}
	cred, err := clusterCredential(ctx, c.live, pc.Spec.Credentials)
	if err != nil {
		return fmt.Errorf("%s: %w", config, err)
	}
	k := poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: name}, uid: pc.GetUID()}
	c.open(a, pc, k, config, cred, pc.Spec.Scope, base, organizationID)
	perMinute := int32(0)
	if b := pc.Spec.RequestBudget; b != nil && b.RequestsPerMinute != nil {
		perMinute = *b.RequestsPerMinute
	}
	a.client.Budget().SetCap(k.String(), perMinute)
	a.allowedProjects = pc.Spec.AllowedProjectIDs
	a.organization = pc.Spec.OrganizationKinds == v1alpha1.OrganizationKindsAllowed
	a.agreedProject = a.defaultProject
	return nil
}

// open the client of an access.
func (c *Connector) open(a *Access, of client.Object, k poolKey, config string, cred credential, scope v1alpha1.Scope, baseURL string, organizationID *string) {
	s := adminapi.Settings{AdminKey: cred.adminKey, Credential: cred.origin, BaseURL: baseURL}
	if scope.OrganizationID != nil {
		s.OrganizationID = *scope.OrganizationID
	}
	k.own = s.OrganizationID
	k.organizationID = s.OrganizationID
	used := configuration{Object: of, user: a.mg, pool: k, settings: s, says: config, fingerprint: fingerprint(of.GetUID(), cred, s)}
	a.settle = func(ctx context.Context) error { return c.settle(ctx, used) }
	if organizationID != nil {
		s.OrganizationID = *organizationID
	}
	k.organizationID = s.OrganizationID
	a.client, a.config = c.pool.get(k, s), config
	if scope.DefaultProjectID != nil {
		a.defaultProject = *scope.DefaultProjectID
	}
}

func (c *Connector) allowsNamespace(ctx context.Context, pc *v1alpha1.ClusterProviderConfig, namespace string) error {
	if pc.Spec.AllowedNamespaces == nil {
		return nil
	}
	sel, err := metav1.LabelSelectorAsSelector(pc.Spec.AllowedNamespaces.LabelSelector())
	if err != nil {
		return terminal.Errorf("allowedNamespaces is not a label selector: %w", err)
	}
	has, err := c.live.namespaceLabels(ctx, namespace)
	if err != nil {
		return fmt.Errorf("cannot compare the labels of namespace %q with allowedNamespaces: grant the provider's service account get on namespaces: %w", namespace, err)
	}
	if !sel.Matches(has) {
		return terminal.IfLastingErrorf("namespace %q may not use it: its labels do not match allowedNamespaces (%s)", namespace, sel)
	}
	return nil
}

func configError(kind string, nn types.NamespacedName, err error) error {
	name := strings.TrimPrefix(nn.String(), "/")
	if kerrors.IsNotFound(err) {
		return fmt.Errorf("%s %q does not exist: create it, or correct providerConfigRef", kind, name)
	}
	return fmt.Errorf("cannot get %s %q: %w", kind, name, err)
}
