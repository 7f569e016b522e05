// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package connect makes the client of the Administration API for a managed resource: from its provider
// configuration it reads the credentials, checks what the resource may use, and makes sure that the admin
// key is still of the same organization.
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

// ErrNoProject is returned for a managed resource that names no project, while its provider configuration
// has no default one.
var ErrNoProject = terminal.IfLastingErrorf("no project: set forProvider.projectID, projectIDRef or projectIDSelector, or defaultProjectID in the provider configuration")

// A Connector connects managed resources to OpenAI with the provider configurations that they reference,
// and enforces what these allow.
type Connector struct {
	kube      client.Client
	apiReader *cachingReader
	baseURL   string
	usages    inuse.Usages
	pool      pool
	check     ProjectCheck
	checks    organizationChecks
}

// NewConnector returns a Connector. It reads Secrets and namespaces with apiReader, which must not be a cache: no
// process should hold every Secret of a cluster in memory. baseURL is for provider configurations without
// one; it must be https, or http to a loopback address.
func NewConnector(kube client.Client, apiReader client.Reader, baseURL string, opts ...ConnectorOption) (*Connector, error) {
	baseURL = strings.TrimRight(baseURL, "/")
	if err := baseurl.Check(baseURL); err != nil {
		return nil, err
	}
	c := &Connector{
		kube:      kube,
		apiReader: newCachingReader(apiReader, cacheTTL),
		baseURL:   baseURL,
		usages:    inuse.Usages{Client: kube},
	}
	for _, opt := range opts {
		opt(c)
	}
	return c, nil
}

// Connect returns the access of a managed resource, and records that it uses its provider configuration. An
// organization ID, if given, replaces the configuration's. It fails if the resource may not use the
// configuration, or names a project that it may not use. Errors name what is wrong with the configuration or
// its credentials, and contain no value of them.
func (c *Connector) Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*Access, error) {
	ref := mg.GetProviderConfigReference()
	if ref == nil {
		return nil, terminal.Errorf("no provider configuration: set providerConfigRef, for example to {kind: ClusterProviderConfig, name: default}")
	}
	connect := c.connectCluster
	switch ref.Kind {
	case v1alpha1.ProviderConfigKind:
		connect = c.connectNamespaced
	case v1alpha1.ClusterProviderConfigKind:
	default:
		return nil, terminal.Errorf("providerConfigRef.kind %q must be %s or %s", ref.Kind, v1alpha1.ProviderConfigKind, v1alpha1.ClusterProviderConfigKind)
	}
	// Before the configuration is used, so that it cannot be deleted meanwhile.
	if err := c.usages.Track(ctx, mg, *ref); err != nil {
		return nil, err
	}
	a := &Access{mg: mg, check: c.check}
	if err := connect(ctx, a, ref.Name, organizationID); err != nil {
		return nil, err
	}
	// Every project in the spec is checked, whatever the kind does with it.
	named, err := namedProjects(mg)
	if err != nil {
		return nil, err
	}
	for _, id := range named {
		if notAllowed := a.allowsProject(ctx, id); notAllowed != nil {
			if err := a.disallow(notAllowed); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

// connectNamespaced connects with a ProviderConfig, in the namespace of the managed resource.
func (c *Connector) connectNamespaced(ctx context.Context, a *Access, name string, organizationID *string) error {
	pc, nn := &v1alpha1.ProviderConfig{}, types.NamespacedName{Namespace: a.mg.GetNamespace(), Name: name}
	if err := c.kube.Get(ctx, nn, pc); err != nil {
		return configError(v1alpha1.ProviderConfigKind, nn, err)
	}
	a.config = fmt.Sprintf("%s %q", v1alpha1.ProviderConfigKind, nn)
	if err := inuse.Protect(ctx, c.kube, c.apiReader, types.NamespacedName{Namespace: nn.Namespace, Name: pc.Spec.Credentials.SecretRef.Name}); err != nil {
		return fmt.Errorf("%s: %w", a.config, err)
	}
	cred, err := secretCredential(ctx, c.apiReader, nn.Namespace, pc.Spec.Credentials.SecretRef)
	if err != nil {
		return fmt.Errorf("%s: %w", a.config, err)
	}
	k := poolKey{configKey: configKey{kind: v1alpha1.ProviderConfigKind, namespace: nn.Namespace, name: nn.Name}, uid: pc.GetUID()}
	c.open(a, pc, k, cred, pc.Spec.Scope, c.baseURL, organizationID)
	// Allowed, since whoever wrote the configuration has the admin key.
	a.organization = true
	return nil
}

// connectCluster connects with a ClusterProviderConfig.
func (c *Connector) connectCluster(ctx context.Context, a *Access, name string, organizationID *string) error {
	pc := &v1alpha1.ClusterProviderConfig{}
	if err := c.kube.Get(ctx, types.NamespacedName{Name: name}, pc); err != nil {
		return configError(v1alpha1.ClusterProviderConfigKind, types.NamespacedName{Name: name}, err)
	}
	a.config = fmt.Sprintf("%s %q", v1alpha1.ClusterProviderConfigKind, name)
	if err := c.allowsNamespace(ctx, pc, a.mg.GetNamespace()); err != nil {
		if err := a.disallow(fmt.Errorf("%s: %w", a.config, err)); err != nil {
			return err
		}
	}
	base := c.baseURL
	if pc.Spec.BaseURL != nil {
		base = strings.TrimRight(*pc.Spec.BaseURL, "/")
	}
	if err := baseurl.Check(base); err != nil {
		return fmt.Errorf("%s: %w", a.config, err)
	}
	cred, err := clusterCredential(ctx, c.apiReader, pc.Spec.Credentials)
	if err != nil {
		return fmt.Errorf("%s: %w", a.config, err)
	}
	k := poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: name}, uid: pc.GetUID()}
	c.open(a, pc, k, cred, pc.Spec.Scope, base, organizationID)
	perMinute := int32(0)
	if l := pc.Spec.RateLimit; l != nil && l.RequestsPerMinute != nil {
		perMinute = *l.RequestsPerMinute
	}
	a.client.Limiter().SetConfigured(k.String(), perMinute)
	a.allowedProjects = pc.Spec.AllowedProjectIDs
	a.organization = pc.Spec.OrganizationKinds == v1alpha1.OrganizationKindsAllowed
	a.uncheckedProject = a.defaultProject
	return nil
}

// open sets the client of an access, and the check of its organization.
func (c *Connector) open(a *Access, pc client.Object, k poolKey, cred credential, scope v1alpha1.Scope, baseURL string, organizationID *string) {
	s := adminapi.Settings{AdminKey: cred.adminKey, KeyOrigin: cred.origin, BaseURL: baseURL}
	if scope.OrganizationID != nil {
		s.OrganizationID = *scope.OrganizationID
	}
	k.own = s.OrganizationID
	k.organizationID = s.OrganizationID
	// The check is about the configuration's own organization, not one that the resource names.
	used := configuration{Object: pc, user: a.mg, pool: k, settings: s, displayName: a.config, fingerprint: fingerprint(pc.GetUID(), cred, s)}
	a.checkOrganization = func(ctx context.Context) error {
		used.userOfOrganization = a.ofOrganization
		return c.checkOrganization(ctx, used)
	}
	if organizationID != nil {
		s.OrganizationID = *organizationID
	}
	k.organizationID = s.OrganizationID
	a.client = c.pool.get(k, s)
	if scope.DefaultProjectID != nil {
		a.defaultProject = *scope.DefaultProjectID
	}
}

// allowsNamespace fails if the objects of a namespace may not use a ClusterProviderConfig, or if that cannot be
// determined.
func (c *Connector) allowsNamespace(ctx context.Context, pc *v1alpha1.ClusterProviderConfig, namespace string) error {
	if pc.Spec.AllowedNamespaces == nil {
		return nil
	}
	sel, err := metav1.LabelSelectorAsSelector(pc.Spec.AllowedNamespaces.LabelSelector())
	if err != nil {
		return terminal.Errorf("allowedNamespaces is not a label selector: %w", err)
	}
	set, err := c.apiReader.namespaceLabels(ctx, namespace)
	if err != nil {
		return fmt.Errorf("cannot compare the labels of namespace %q with allowedNamespaces: grant the provider's service account get on namespaces: %w", namespace, err)
	}
	if !sel.Matches(set) {
		return terminal.IfLastingErrorf("namespace %q may not use it: its labels do not match allowedNamespaces (%s)", namespace, sel)
	}
	return nil
}

// configError is the error for a provider configuration that cannot be read.
func configError(kind string, nn types.NamespacedName, err error) error {
	name := strings.TrimPrefix(nn.String(), "/")
	if kerrors.IsNotFound(err) {
		return fmt.Errorf("%s %q does not exist: create it, or correct providerConfigRef", kind, name)
	}
	return fmt.Errorf("cannot get %s %q: %w", kind, name, err)
}
