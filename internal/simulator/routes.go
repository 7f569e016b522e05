// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A Route is one operation of the API: a method and a path pattern, as
// [net/http.ServeMux] writes them. Faults, call counts and rate limits go by
// Route.
type Route string

// The routes of projects.
const (
	RouteListProjects   Route = "GET /v1/organization/projects"
	RouteCreateProject  Route = "POST /v1/organization/projects"
	RouteGetProject     Route = "GET /v1/organization/projects/{project_id}"
	RouteUpdateProject  Route = "POST /v1/organization/projects/{project_id}"
	RouteArchiveProject Route = "POST /v1/organization/projects/{project_id}/archive"
)

// The routes of service accounts.
const (
	RouteListServiceAccounts  Route = "GET /v1/organization/projects/{project_id}/service_accounts"
	RouteCreateServiceAccount Route = "POST /v1/organization/projects/{project_id}/service_accounts"
	RouteGetServiceAccount    Route = "GET /v1/organization/projects/{project_id}/service_accounts/{service_account_id}"
	RouteUpdateServiceAccount Route = "POST /v1/organization/projects/{project_id}/service_accounts/{service_account_id}"
	RouteDeleteServiceAccount Route = "DELETE /v1/organization/projects/{project_id}/service_accounts/{service_account_id}"
)

// The routes of API keys. A service account's key is created below its owner,
// and read, updated and deleted below the project.
const (
	RouteCreateServiceAccountAPIKey Route = "POST /v1/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys"
	RouteListProjectAPIKeys         Route = "GET /v1/organization/projects/{project_id}/api_keys"
	RouteGetProjectAPIKey           Route = "GET /v1/organization/projects/{project_id}/api_keys/{api_key_id}"
	RouteUpdateProjectAPIKey        Route = "POST /v1/organization/projects/{project_id}/api_keys/{api_key_id}"
	RouteDeleteProjectAPIKey        Route = "DELETE /v1/organization/projects/{project_id}/api_keys/{api_key_id}"
)

// The routes of the data plane, which project API keys authenticate to.
const (
	RouteListModels           Route = "GET /v1/models"
	RouteCreateChatCompletion Route = "POST /v1/chat/completions"
)
