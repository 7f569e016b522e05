// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/shared/constant"
)

var _ = register(Row{
	Kind: "ProjectServiceTierSettings", Family: "projects/service_tier_settings", FromSpec: true,
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "defaultTier": "standard", "enabledTiers": []string{"standard"}}
	},
	Make:  func(e *Env) string { return e.Project() },
	Alive: func(e *Env) []string { return []string{e.Project()} },
	Changes: []Change{
		{Field: "defaultTier", Want: "scale", At: func(e *Env, id string) any { return e.tiersAt(id).Default }},
		{Field: "enabledTiers", Want: []string{"fast", "flex"}, At: func(e *Env, id string) any {
			if tiers := e.tiersAt(id).EnabledTiers; tiers.OfAll == "" {
				return tiers.OfProjectServiceTierSettingsEnabledTiers
			}
			return "all"
		}},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.ServiceTierSettings.Update(e.Context(), id, openai.AdminOrganizationProjectServiceTierSettingUpdateParams{
			EnabledTiers: openai.AdminOrganizationProjectServiceTierSettingUpdateParamsEnabledTiersUnion{OfAll: constant.ValueOf[constant.All]()},
		}))
	},
	Own: []Case{
		{Name: "empty_reply_to_update", Run: emptyReplyToUpdate},
		{Name: "partial_reply", Run: partialReply(`{"default":"standard","enabled_tiers":null}`, Fields{})},
	},
})

func (e *Env) tiersAt(project string) *openai.ProjectServiceTierSettings {
	e.Helper()
	return got(e.OpenAI.Projects.ServiceTierSettings.Get(e.Context(), project))(e)
}
