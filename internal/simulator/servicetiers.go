// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "encoding/json"

// serviceTiers exist as soon as their project does.
type serviceTiers struct {
	head
	Default string `json:"default"`
	// Enabled is "all" or a list of tiers.
	Enabled any `json:"enabled_tiers"`
}

var _ = register(&family[serviceTiers]{
	path: "organization/projects/{project_id}/service_tier_settings",
	noun: "Service tier settings", object: "project.service_tier_settings", parent: activeProject, noDelete: true,

	seed: func(*organization, []string) []serviceTiers {
		return []serviceTiers{{head: head{Object: "project.service_tier_settings"}, Default: "standard", Enabled: "all"}}
	},
	// What is left out keeps its value.
	update: func(r *request, t serviceTiers) (serviceTiers, *apiError) {
		in, aerr := decode[struct {
			Default field[string]          `json:"default"`
			Enabled field[json.RawMessage] `json:"enabled_tiers"`
		}](r)
		if aerr == nil && !in.Default.set && !in.Enabled.set {
			aerr = missingParameter("default")
		}
		in.Default.into(&t.Default)
		aerr = firstRefusal(aerr, notNull("default", in.Default), oneOf("default", in.Default, "standard", "fast", "scale"), notNull("enabled_tiers", in.Enabled))
		if aerr == nil && in.Enabled.set {
			t.Enabled, aerr = tiersOf(in.Enabled.value)
		}
		return t, aerr
	},
})

// tiersOf reads "all" or a list of tiers. The standard tier is always enabled, and not one of them.
func tiersOf(raw json.RawMessage) (any, *apiError) {
	if string(raw) == `"all"` {
		return "all", nil
	}
	tiers := []string{}
	if err := json.Unmarshal(raw, &tiers); err != nil {
		return nil, invalidValue("enabled_tiers", "it is neither 'all' nor a list of tiers")
	}
	for _, tier := range tiers {
		if aerr := oneOf("enabled_tiers", field[string]{value: tier, set: true}, "flex", "fast", "ultrafast"); aerr != nil {
			return nil, aerr
		}
	}
	return tiers, nil
}
