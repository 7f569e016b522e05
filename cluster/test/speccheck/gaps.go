// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

// A gap is a violation that is caused by a defect of the document.
type gap struct {
	// operation, such as GET /organization/projects.
	operation string
	// violation as it is printed.
	violation string
	// reason why it is no violation: what the document lacks.
	reason string
}

const (
	listKeys  = "GET /organization/projects/{project_id}/api_keys"
	getKey    = "GET /organization/projects/{project_id}/api_keys/{api_key_id}"
	updateKey = "POST /organization/projects/{project_id}/api_keys/{api_key_id}"
	createKey = "POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys"

	unknown    = "the document does not have this operation"
	federation = "the document of August 2026 is older than workload identity federation (openai-go v3.93.0)"
	tiers      = "the document of August 2026 is older than service tier settings (openai-go v3.98.0 has them)"
	keysExpire = "the document of August 2026 is older than the expiry of keys (openai-go v3.96.0)"
)

// gaps of OpenAI's document of 21 August 2026. The SDK has what the document lacks.
var gaps = []gap{
	{createKey, "request: 'expires_in_seconds' at / is not declared", keysExpire},
	{createKey, "reply: 'expires_at' at / is not declared", keysExpire},
	{getKey, "reply: 'expires_at' at / is not declared", keysExpire},
	{listKeys, "reply: 'expires_at' at /data/* is not declared", keysExpire},
	{"GET /organization/workload_identity_providers", unknown, federation},
	{"POST /organization/workload_identity_providers", unknown, federation},
	{"GET /organization/workload_identity_providers/{id}", unknown, federation},
	{"POST /organization/workload_identity_providers/{id}", unknown, federation},
	{"DELETE /organization/workload_identity_providers/{id}", unknown, federation},
	{"GET /organization/workload_identity_providers/{id}/federation_rules", unknown, federation},
	{"POST /organization/workload_identity_providers/{id}/federation_rules", unknown, federation},
	{"GET /organization/workload_identity_providers/{id}/federation_rules/{id}", unknown, federation},
	{"POST /organization/workload_identity_providers/{id}/federation_rules/{id}", unknown, federation},
	{"DELETE /organization/workload_identity_providers/{id}/federation_rules/{id}", unknown, federation},
	{"GET /organization/projects/{id}/service_tier_settings", unknown, tiers},
	{"POST /organization/projects/{id}/service_tier_settings", unknown, tiers},
	{updateKey, unknown, "the document of August 2026 is older than updates of keys (openai-go v3.96.0)"},
}
