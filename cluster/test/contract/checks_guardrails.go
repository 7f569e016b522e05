// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
)

// guardrailChecks are about what limits a project.
var guardrailChecks = []check{
	{
		name:       "AbsentSpendLimitIs404",
		assumption: "a project without a spend limit answers 404 for it, as for an unknown resource",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.SpendLimit.Get(ctx, s.fixtures.live.project.ID)
			return err
		}, answer.notFound),
	},
	{
		name:       "AbsentModelPermissionsAre404",
		assumption: "a project without model permissions answers 404 for them, as for an unknown resource",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.ModelPermissions.Get(ctx, s.fixtures.live.project.ID)
			return err
		}, answer.notFound),
	},
	{
		name:       "SpendLimitIsReplaced",
		assumption: "a second POST of a spend limit replaces the first, and the reply shows it",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			first, err := s.setSpendLimit(ctx, firstLimit)
			if err != nil {
				return "", false, err
			}
			second, err := s.setSpendLimit(ctx, secondLimit)
			if err != nil {
				return "", false, err
			}
			return fmt.Sprintf("%d, then %d, enforcement %q", first.ThresholdAmount, second.ThresholdAmount, second.Enforcement.Status),
				first.ThresholdAmount == firstLimit && second.ThresholdAmount == secondLimit && second.Enforcement.Status == "inactive", nil
		},
	},
	{
		name: "SpendLimitAfterAnAlert",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			if _, err := s.setSpendLimit(ctx, secondLimit); err != nil {
				return "", false, err
			}
			if _, err := s.projects.SpendAlerts.New(ctx, s.fixtures.live.project.ID, spendAlert(firstLimit)); err != nil {
				return "", false, s.safe(err)
			}
			after, err := s.projects.SpendLimit.Get(ctx, s.fixtures.live.project.ID)
			if err != nil {
				return "", false, s.safe(err)
			}
			return fmt.Sprintf("a limit of %d is %d after an alert of %d, enforcement %q", secondLimit, after.ThresholdAmount, firstLimit, after.Enforcement.Status), true, nil
		},
	},
	{
		name:       "AlertPrefixIsClearedByNull",
		assumption: "subject_prefix: null in an update of an alert removes the prefix",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			a, err := s.projects.SpendAlerts.New(ctx, s.fixtures.live.project.ID, spendAlert(0))
			if err != nil {
				return "", false, s.safe(err)
			}
			updated, err := s.projects.SpendAlerts.Update(ctx, s.fixtures.live.project.ID, a.ID, openai.AdminOrganizationProjectSpendAlertUpdateParams{
				Currency: "USD", Interval: "month", ThresholdAmount: 1,
				NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{Recipients: []string{"nobody@example.com"}, SubjectPrefix: param.Null[string]()},
			})
			if err != nil {
				return "", false, s.safe(err)
			}
			return fmt.Sprintf("%q becomes %s", a.NotificationChannel.SubjectPrefix, updated.NotificationChannel.JSON.SubjectPrefix.Raw()),
				a.NotificationChannel.SubjectPrefix == "contract" && updated.NotificationChannel.SubjectPrefix == "" && updated.ThresholdAmount == 1, nil
		},
	},
	{
		name:       "NewProjectHasAllTiers",
		assumption: "a new project has the default tier standard, and all tiers enabled (simulator)",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			t, err := s.projects.ServiceTierSettings.Get(ctx, s.fixtures.live.project.ID)
			if err != nil {
				return "", false, s.safe(err)
			}
			return t.RawJSON(), t.Default == "standard" && t.EnabledTiers.OfAll == "all", nil
		},
	},
	{
		name:       "NoTierIsAList",
		assumption: "an empty list of tiers is accepted and answered as one: only the standard tier is enabled",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			in := openai.AdminOrganizationProjectServiceTierSettingUpdateParams{}
			in.EnabledTiers.OfProjectOptionalServiceTierArray = []openai.ProjectOptionalServiceTier{}
			t, err := s.projects.ServiceTierSettings.Update(ctx, s.fixtures.live.project.ID, in)
			if err != nil {
				return "", false, s.safe(err)
			}
			return t.RawJSON(), t.JSON.EnabledTiers.Valid() && t.EnabledTiers.OfAll == "" && len(t.EnabledTiers.OfProjectServiceTierSettingsEnabledTiers) == 0, nil
		},
	},
	{
		name:       "ToolIsDisabledByFalse",
		assumption: "enabled: false disables a hosted tool, and tools that are left out stay as they are",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			before, err := s.projects.HostedToolPermissions.Get(ctx, s.fixtures.live.project.ID)
			if err != nil {
				return "", false, s.safe(err)
			}
			after, err := s.projects.HostedToolPermissions.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectHostedToolPermissionUpdateParams{}, option.WithJSONSet("mcp.enabled", false))
			if err != nil {
				return "", false, s.safe(err)
			}
			return after.RawJSON(), !after.Mcp.Enabled && after.WebSearch.Enabled == before.WebSearch.Enabled, nil
		},
	},
	{
		name:       "NoModelIsAList",
		assumption: "an allow list without a model is accepted and answered as one",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			p, err := s.projects.ModelPermissions.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectModelPermissionUpdateParams{Mode: "allow_list", ModelIDs: []string{}})
			if err != nil {
				return "", false, s.safe(err)
			}
			return p.RawJSON(), p.Mode == "allow_list" && p.JSON.ModelIDs.Valid() && len(p.ModelIDs) == 0, nil
		},
	},
	{
		name:       "UnknownModelIsRefused",
		assumption: "model permissions with a model that nobody has are refused with 400",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			_, err := s.projects.ModelPermissions.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectModelPermissionUpdateParams{Mode: "deny_list", ModelIDs: []string{"contract-unknown"}})
			return err
		}, answer.refused),
	},
	{
		name: "AliasesOfModels",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			p, err := s.projects.ModelPermissions.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectModelPermissionUpdateParams{Mode: "deny_list", ModelIDs: []string{"gpt-5"}})
			if err != nil {
				return "", false, s.safe(err)
			}
			return fmt.Sprintf("asked for [gpt-5], answered %q", p.ModelIDs), true, nil
		},
	},
	{
		name:       "RateLimitAboveTheOrganizationsIsRefused",
		assumption: "a rate limit above that of the organization is refused with 400",
		try: checkAnswer(func(ctx context.Context, s *sandbox) error {
			page, err := s.projects.RateLimits.ListRateLimits(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectRateLimitListRateLimitsParams{})
			if err != nil || len(page.Data) == 0 {
				return err
			}
			_, err = s.projects.RateLimits.UpdateRateLimit(ctx, s.fixtures.live.project.ID, page.Data[0].ID, openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams{MaxRequestsPer1Minute: openai.Int(page.Data[0].MaxRequestsPer1Minute + 1)})
			return err
		}, answer.refused),
	},
}

// Amounts in US cents.
const firstLimit, secondLimit int64 = 100, 200

func (s *sandbox) setSpendLimit(ctx context.Context, cents int64) (*openai.ProjectSpendLimit, error) {
	o, err := s.projects.SpendLimit.Update(ctx, s.fixtures.live.project.ID, openai.AdminOrganizationProjectSpendLimitUpdateParams{Currency: "USD", Interval: "month", ThresholdAmount: cents})
	if err != nil {
		return nil, s.safe(err)
	}
	return o, nil
}

// spendAlert goes to an address that nobody has.
func spendAlert(cents int64) openai.AdminOrganizationProjectSpendAlertNewParams {
	return openai.AdminOrganizationProjectSpendAlertNewParams{
		Currency: "USD", Interval: "month", ThresholdAmount: cents,
		NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel{Recipients: []string{"nobody@example.com"}, SubjectPrefix: openai.String("contract")},
	}
}
