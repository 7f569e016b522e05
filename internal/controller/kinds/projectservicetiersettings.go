// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/shared/constant"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type serviceTiers = v1alpha1.ProjectServiceTierSettingsObservation

// tierStandard is always enabled, so that OpenAI does not name it.
const tierStandard = "standard"

func observedServiceTiers(project string, o *openai.ProjectServiceTierSettings) *serviceTiers {
	var tiers []string
	switch {
	case o.EnabledTiers.OfAll != "":
		tiers = []string{string(o.EnabledTiers.OfAll)}
	case o.JSON.EnabledTiers.Valid():
		tiers = []string{tierStandard}
		for _, t := range o.EnabledTiers.OfProjectServiceTierSettingsEnabledTiers {
			tiers = append(tiers, string(t))
		}
	}
	return &serviceTiers{DefaultTier: string(o.Default), EnabledTiers: sorted(tiers), ProjectID: project}
}

var serviceTiersOfProjects = adminapi.NewSingleton("projects/service_tier_settings", observedServiceTiers, func(o *serviceTiers) string { return o.ProjectID },
	func(ctx context.Context, c *adminapi.Connection, project string) (*openai.ProjectServiceTierSettings, error) {
		return c.Organization.Projects.ServiceTierSettings.Get(ctx, project)
	})

// ProjectServiceTierSettings always exist.
var ProjectServiceTierSettings = crud.Kind[*v1alpha1.ProjectServiceTierSettings, serviceTiers]{
	Scope:  crud.InProject[*v1alpha1.ProjectServiceTierSettings](),
	Status: func(cr *v1alpha1.ProjectServiceTierSettings) *serviceTiers { return &cr.Status.AtProvider },
	ID:     ofProject[*v1alpha1.ProjectServiceTierSettings],
	List:   &serviceTiersOfProjects,
	Diff: func(cr *v1alpha1.ProjectServiceTierSettings, o *serviceTiers) []reconciler.Change {
		p := cr.Spec.ForProvider
		return crud.Differences(crud.Difference("defaultTier", p.DefaultTier, o.DefaultTier), crud.SetDifference("enabledTiers", withStandard(p.EnabledTiers), o.EnabledTiers))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectServiceTierSettings, _ string, diff []reconciler.Change) (*serviceTiers, error) {
		in := openai.AdminOrganizationProjectServiceTierSettingUpdateParams{Default: openai.AdminOrganizationProjectServiceTierSettingUpdateParamsDefault(crud.Changed(diff, "defaultTier").Value)}
		if crud.Changed(diff, "enabledTiers").Valid() {
			in.EnabledTiers = tiersToEnable(cr.Spec.ForProvider.EnabledTiers)
		}
		return settingOf(c, observedServiceTiers)(c.Organization.Projects.ServiceTierSettings.Update(ctx, c.Project, in))
	},
}

// withStandard adds the tier that is always enabled to a list that does not stand for all.
func withStandard(tiers []string) []string {
	if len(tiers) == 0 || slices.Contains(tiers, string(constant.ValueOf[constant.All]())) {
		return tiers
	}
	return append(slices.Clone(tiers), tierStandard)
}

func tiersToEnable(tiers []string) (in openai.AdminOrganizationProjectServiceTierSettingUpdateParamsEnabledTiersUnion) {
	in.OfProjectOptionalServiceTierArray = []openai.ProjectOptionalServiceTier{}
	for _, t := range tiers {
		switch t {
		case tierStandard:
		case string(constant.ValueOf[constant.All]()):
			return openai.AdminOrganizationProjectServiceTierSettingUpdateParamsEnabledTiersUnion{OfAll: constant.ValueOf[constant.All]()}
		default:
			in.OfProjectOptionalServiceTierArray = append(in.OfProjectOptionalServiceTierArray, openai.ProjectOptionalServiceTier(t))
		}
	}
	return in
}
