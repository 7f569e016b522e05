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

// made is what was made with a provider configuration, as far as the status of managed
// resources tells.
type made struct {
	// some: anything at all.
	some bool
	// project that things were made in, or that was made; empty: none is known.
	project string
	// sure that it was made with this provider configuration, as its object is in order.
	sure bool
}

// madeWith looks for what was made with a provider configuration: only that can be lost. What
// is in order now goes first, as one that was moved here from another configuration is not.
func (c *Connector) madeWith(ctx context.Context, pc configuration) (made, error) {
	users, err := c.usersOf(ctx, pc)
	if err != nil {
		return made{}, err
	}
	best, allowed := made{}, map[string]bool{}
	for _, mg := range users {
		has := madeBy(mg)
		if !has.outweighs(best) {
			continue
		}
		may, known := allowed[mg.GetNamespace()]
		if !known {
			if may, err = c.mayUse(ctx, pc, mg.GetNamespace()); err != nil {
				return made{}, err
			}
			allowed[mg.GetNamespace()] = may
		}
		if may {
			best = has
		}
	}
	if best.some && best.project == "" {
		// What names no project was made in this one.
		best.project = defaultProjectOf(pc.Object)
	}
	return best, nil
}

// outweighs reports whether what one managed resource tells says more than that of others.
func (m made) outweighs(other made) bool {
	if !m.some || other.sure {
		return false
	}
	return m.sure || !other.some || (other.project == "" && m.project != "")
}

// usersOf a provider configuration: the managed resource that is about to use it, and those
// whose usages say so.
func (c *Connector) usersOf(ctx context.Context, pc configuration) ([]resource.ModernManaged, error) {
	usages := &v1alpha1.ProviderConfigUsageList{}
	if err := c.kube.List(ctx, usages, client.InNamespace(pc.GetNamespace()), client.UnsafeDisableDeepCopy,
		client.MatchingLabels{xpv2.LabelKeyProviderName: pc.GetName(), xpv2.LabelKeyProviderKind: pc.pool.kind}); err != nil {
		return nil, fmt.Errorf("cannot list what uses %s: %w", pc.says, err)
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

// mayUse reports whether the managed resources of a namespace may use a provider configuration.
// What others have was made with another one, wherever they point it now.
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

// userOf a provider configuration, as a usage says; nil: it uses none, or another. Anybody who
// may edit usages can say anything.
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
		return nil, fmt.Errorf("cannot tell whether anything was made with %s: %w", pc.says, err)
	}
	if ref := mg.GetProviderConfigReference(); ref == nil || ref.Kind != pc.pool.kind || ref.Name != pc.GetName() {
		return nil, nil
	}
	return mg, nil
}

// madeBy a managed resource.
func madeBy(mg resource.ModernManaged) made {
	if namesOrganization(mg) {
		// It is of that one, whatever the configuration's.
		return made{}
	}
	ids := managedIDs(mg)
	m := made{project: observedProjectID(mg)}
	m.some = m.project != "" || len(ids) > 0
	synced := mg.GetCondition(xpv2.TypeSynced)
	m.sure = m.project != "" && synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == mg.GetGeneration()
	if m.project == "" && m.some {
		m.project = projectOfCreated(mg, ids)
	}
	return m
}

// projectOfCreated is the project of what was created a moment ago and not observed yet, as
// when the provider ended before it noted the organization: the project itself, or the one
// that the spec names. Empty: neither tells.
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

// defaultProjectOf a provider configuration; empty: it has none.
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

// namesOrganization reports whether a managed resource asks for another organization than its
// provider configuration.
func namesOrganization(mg resource.Managed) bool {
	o, ok := mg.(interface{ SpecOrganizationID() *string })
	return ok && o.SpecOrganizationID() != nil
}
