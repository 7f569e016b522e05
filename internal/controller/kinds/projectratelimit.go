// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"fmt"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type rateLimit = v1alpha1.ProjectRateLimitObservation

func observedRateLimit(project string, o *openai.ProjectRateLimit) *rateLimit {
	return &rateLimit{ID: o.ID, Model: o.Model, ProjectID: project, RateLimits: v1alpha1.RateLimits{
		MaxRequestsPer1Minute:       ifReplied(o.JSON.MaxRequestsPer1Minute, o.MaxRequestsPer1Minute),
		MaxTokensPer1Minute:         ifReplied(o.JSON.MaxTokensPer1Minute, o.MaxTokensPer1Minute),
		MaxImagesPer1Minute:         ifReplied(o.JSON.MaxImagesPer1Minute, o.MaxImagesPer1Minute),
		MaxAudioMegabytesPer1Minute: ifReplied(o.JSON.MaxAudioMegabytesPer1Minute, o.MaxAudioMegabytesPer1Minute),
		MaxRequestsPer1Day:          ifReplied(o.JSON.MaxRequestsPer1Day, o.MaxRequestsPer1Day),
		Batch1DayMaxInputTokens:     ifReplied(o.JSON.Batch1DayMaxInputTokens, o.Batch1DayMaxInputTokens),
	}}
}

var rateLimits = adminapi.NewCollection("projects/rate_limits", func(o *rateLimit) string { return o.ID }, observedRateLimit,
	func(ctx context.Context, c *adminapi.Connection, project, after string) (adminapi.Page[openai.ProjectRateLimit], error) {
		return adminapi.ByLastID(c.Organization.Projects.RateLimits.ListRateLimits(ctx, project, openai.AdminOrganizationProjectRateLimitListRateLimitsParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// A limitField is a field of a rate limit with its parameter.
type limitField struct {
	name              string
	desired, observed *int64
	parameter         *param.Opt[int64]
}

func limitFields(p, o v1alpha1.RateLimits, in *openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams) []limitField {
	return []limitField{
		{"maxRequestsPer1Minute", p.MaxRequestsPer1Minute, o.MaxRequestsPer1Minute, &in.MaxRequestsPer1Minute},
		{"maxTokensPer1Minute", p.MaxTokensPer1Minute, o.MaxTokensPer1Minute, &in.MaxTokensPer1Minute},
		{"maxImagesPer1Minute", p.MaxImagesPer1Minute, o.MaxImagesPer1Minute, &in.MaxImagesPer1Minute},
		{"maxAudioMegabytesPer1Minute", p.MaxAudioMegabytesPer1Minute, o.MaxAudioMegabytesPer1Minute, &in.MaxAudioMegabytesPer1Minute},
		{"maxRequestsPer1Day", p.MaxRequestsPer1Day, o.MaxRequestsPer1Day, &in.MaxRequestsPer1Day},
		{"batch1DayMaxInputTokens", p.Batch1DayMaxInputTokens, o.Batch1DayMaxInputTokens, &in.Batch1DayMaxInputTokens},
	}
}

func limitFieldsOf(cr *v1alpha1.ProjectRateLimit, o *rateLimit) []limitField {
	return limitFields(cr.Spec.ForProvider.RateLimits, o.RateLimits, &openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams{})
}

// ProjectRateLimit always exists, can only be listed, and is known by its model.
var ProjectRateLimit = crud.Kind[*v1alpha1.ProjectRateLimit, rateLimit]{
	Scope:  crud.InProject[*v1alpha1.ProjectRateLimit](),
	Status: func(cr *v1alpha1.ProjectRateLimit) *rateLimit { return &cr.Status.AtProvider },
	List:   &rateLimits,
	ID: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectRateLimit) (string, error) {
		model := cr.Spec.ForProvider.Model
		id, err := crud.LookUp(ctx, c, &rateLimits, c.Project, func(o *rateLimit) bool { return o.Model == model })
		if id != "" || err != nil {
			return id, err
		}
		return "", terminal.Errorf("OpenAI lists no rate limit for model %q in project %q: delete this object, and create it again with a model that the project may use", model, c.Project)
	},
	SetLocal: func(cr *v1alpha1.ProjectRateLimit, o *rateLimit) {
		o.Inapplicable = nil
		for _, f := range limitFieldsOf(cr, o) {
			if f.desired != nil && f.observed == nil {
				o.Inapplicable = append(o.Inapplicable, f.name)
			}
		}
	},
	Diff: func(cr *v1alpha1.ProjectRateLimit, o *rateLimit) []reconciler.Change {
		var all []*reconciler.Change
		for _, f := range limitFieldsOf(cr, o) {
			if f.observed != nil {
				all = append(all, crud.Difference(f.name, f.desired, *f.observed))
			}
		}
		return crud.Differences(all...)
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectRateLimit, id string, diff []reconciler.Change) (*rateLimit, error) {
		in := openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams{}
		for _, f := range limitFields(cr.Spec.ForProvider.RateLimits, v1alpha1.RateLimits{}, &in) {
			if crud.Changed(diff, f.name).Valid() {
				*f.parameter = crud.Optional(f.desired)
			}
		}
		o, err := crud.ObservationOf(c.Project, observedRateLimit)(c.Organization.Projects.RateLimits.UpdateRateLimit(ctx, c.Project, id, in))
		if err != nil {
			return nil, err
		}
		for _, f := range limitFields(cr.Spec.ForProvider.RateLimits, o.RateLimits, &in) {
			if crud.Changed(diff, f.name).Valid() && f.observed == nil {
				// It was there before: the list shows what became of it.
				return nil, nil
			}
		}
		return o, nil
	},
	NotReady: func(o *rateLimit) string {
		return crud.TextIf(len(o.Inapplicable) > 0, fmt.Sprintf("OpenAI has no such limit for model %q: remove %s from forProvider", o.Model, strings.Join(o.Inapplicable, ", ")))
	},
}
