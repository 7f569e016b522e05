// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	kmeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// evidence of resources that were created with a provider configuration, from the status of managed
// resources.
type evidence struct {
	// exists is whether anything was created.
	exists bool
	// project is the ID of one that was created, or in which something was; empty: none is known.
	project string
	// certain is whether it was created with this provider configuration, as its object is synced
	// with it.
	certain bool
}

// createdWith returns the best evidence of resources that were created with a provider configuration: if
// there are none, a change of organization loses nothing. Resources that are synced count most, since those
// that came from another configuration are not.
func (c *Connector) createdWith(ctx context.Context, pc configuration) (evidence, error) {
	users, err := c.usersOf(ctx, pc)
	if err != nil {
		return evidence{}, err
	}
	best, allowed := evidence{}, map[string]bool{}
	for _, mg := range users {
		has := createdBy(mg)
		if !has.moreReliableThan(best) {
			continue
		}
		may, known := allowed[mg.GetNamespace()]
		if !known {
			if may, err = c.mayUse(ctx, pc, mg.GetNamespace()); err != nil {
				return evidence{}, err
			}
			allowed[mg.GetNamespace()] = may
		}
		if may {
			best = has
		}
	}
	if best.exists && best.project == "" {
		// A resource without a project of its own was created in the default project.
		best.project = defaultProjectOf(pc.Object)
	}
	return best, nil
}

// moreReliableThan reports whether one managed resource is better evidence than the others so far.
func (e evidence) moreReliableThan(other evidence) bool {
	if !e.exists || other.certain {
		return false
	}
	return e.certain || !other.exists || (other.project == "" && e.project != "")
}

// usersOf returns the managed resources that use a provider configuration: the one being reconciled, and
// those with a ProviderConfigUsage.
func (c *Connector) usersOf(ctx context.Context, pc configuration) ([]resource.ModernManaged, error) {
	usages := &v1alpha1.ProviderConfigUsageList{}
	if err := c.kube.List(ctx, usages, client.InNamespace(pc.GetNamespace()), client.UnsafeDisableDeepCopy,
		client.MatchingLabels{xpv2.LabelKeyProviderName: pc.GetName(), xpv2.LabelKeyProviderKind: pc.pool.kind}); err != nil {
		return nil, fmt.Errorf("cannot list what uses %s: %w", pc.displayName, err)
	}
	// Its usage may not be in the cache yet.
	users := []resource.ModernManaged{pc.user}
	for i := range usages.Items {
		mg, err := c.userOf(ctx, pc, &usages.Items[i])
		if err != nil {
			return nil, err
		}
		if mg != nil {
			users = append(users, mg)
		}
	}
	return users, nil
}

// mayUse reports whether the managed resources of a namespace may use a provider configuration. If not,
// theirs were created with another one, whichever they refer to now.
func (c *Connector) mayUse(ctx context.Context, pc configuration, namespace string) (bool, error) {
	cluster, ok := pc.Object.(*v1alpha1.ClusterProviderConfig)
	if !ok {
		return namespace == pc.GetNamespace(), nil
	}
	err := c.allowsNamespace(ctx, cluster, namespace)
	if err != nil && !terminal.MayBe(err) {
		return false, err
	}
	return err == nil, nil
}

// userOf returns the managed resource that a usage names; nil if it does not use the configuration.
// Anybody who may edit usages can name any object.
func (c *Connector) userOf(ctx context.Context, pc configuration, u *v1alpha1.ProviderConfigUsage) (resource.ModernManaged, error) {
	gvk := schema.FromAPIVersionAndKind(u.ResourceReference.APIVersion, u.ResourceReference.Kind)
	if gvk.Group != v1alpha1.SchemeGroupVersion.Group {
		return nil, nil
	}
	o, err := c.kube.Scheme().New(gvk)
	if err != nil {
		return nil, nil //nolint:nilerr // There is no such kind.
	}
	mg, ok := o.(resource.ModernManaged)
	if !ok {
		return nil, nil
	}
	err = c.kube.Get(ctx, client.ObjectKey{Namespace: u.GetNamespace(), Name: u.ResourceReference.Name}, mg, client.UnsafeDisableDeepCopy)
	if kerrors.IsNotFound(err) || kmeta.IsNoMatchError(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot determine whether anything was created with %s: %w", pc.displayName, err)
	}
	if ref := mg.GetProviderConfigReference(); ref == nil || ref.Kind != pc.pool.kind || ref.Name != pc.GetName() {
		return nil, nil
	}
	return mg, nil
}

// createdBy returns the evidence that a managed resource created something.
func createdBy(mg resource.ModernManaged) evidence {
	if namesOrganization(mg) {
		// It says nothing about the configuration's organization.
		return evidence{}
	}
	ids := managedIDs(mg)
	m := evidence{project: observedProjectID(mg)}
	m.exists = m.project != "" || len(ids) > 0
	synced := mg.GetCondition(xpv2.TypeSynced)
	m.certain = m.project != "" && synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == mg.GetGeneration()
	if m.project == "" && m.exists {
		m.project = projectOfCreated(mg, ids)
	}
	return m
}

// projectOfCreated returns the project of a resource that was created but not observed yet, as when the
// provider stopped in between: the project itself, or the one in the spec. Empty: unknown.
func projectOfCreated(mg resource.Managed, ids []string) string {
	for _, id := range ids {
		if projectForm.MatchString(id) {
			return id
		}
	}
	if o, ok := mg.(interface{ SpecProjectID() *string }); ok {
		if id := o.SpecProjectID(); id != nil {
			return *id
		}
	}
	return ""
}

// defaultProjectOf returns the default project of a provider configuration; empty: it has none.
func defaultProjectOf(pc client.Object) string {
	var id *string
	switch pc := pc.(type) {
	case *v1alpha1.ProviderConfig:
		id = pc.Spec.DefaultProjectID
	case *v1alpha1.ClusterProviderConfig:
		id = pc.Spec.DefaultProjectID
	}
	if id == nil {
		return ""
	}
	return *id
}

// namesOrganization reports whether a managed resource names an organization in its spec, which replaces
// that of its provider configuration.
func namesOrganization(mg resource.Managed) bool {
	o, ok := mg.(interface{ SpecOrganizationID() *string })
	return ok && o.SpecOrganizationID() != nil
}
