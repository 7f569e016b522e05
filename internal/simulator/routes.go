// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "fmt"

// A Route is one operation of the API: a method and a path pattern, in the syntax of
// [net/http.ServeMux]. Faults, call counts and rate limits are by Route.
type Route string

// Operations are the routes of a family. One that the API does not have is empty; do not
// give it to a [Fault], where an empty route means all routes.
type Operations struct {
	List, Get, Create, Update, Delete Route
}

// FamilyRoutes returns the routes of the family with a name, which is its path below /v1
// without "organization/" and IDs, such as "projects/service_accounts". The Create and
// Update of a singleton that can be deleted are one route, and the Delete of a project is
// its archival. It panics if there is no such family.
func FamilyRoutes(name string) Operations {
	f, ok := registry[name]
	if !ok {
		panic(fmt.Sprintf("no family %q: there are %q", name, Families()))
	}
	return f.operations()
}

// handwritten are calls without a family value, under the name of a family.
type handwritten struct {
	Operations
	register func(*Server)
}

func (h handwritten) operations() Operations { return h.Operations }

func (h handwritten) mount(s *Server) { h.register(s) }

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

// RouteExchangeToken is the exchange of a workload's token for an access token. OpenAI
// serves it at auth.openai.com, and a Server at any host.
const RouteExchangeToken Route = "POST /oauth/token"

// The routes of the data plane, which project API keys and access tokens authenticate to.
const (
	RouteListModels           Route = "GET /v1/models"
	RouteCreateChatCompletion Route = "POST /v1/chat/completions"
)
