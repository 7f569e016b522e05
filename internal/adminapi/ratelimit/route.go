// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"net/http"
	"strings"
)

// A Route is one operation of the Admin API. OpenAI limits the calls of each
// route by itself.
type Route struct {
	// Service is the path without its IDs, such as projects/api_keys.
	Service string
	// Operation is what is done there, such as list.
	Operation string
}

// The routes that callers may reserve a call of.
var (
	CreateProject        = Route{Service: "projects", Operation: "create"}
	CreateServiceAccount = Route{Service: "projects/service_accounts", Operation: "create"}
	CreateKey            = Route{Service: "projects/service_accounts/api_keys", Operation: "create"}
	UpdateKey            = Route{Service: "projects/api_keys", Operation: "update"}
	DeleteKey            = Route{Service: "projects/api_keys", Operation: "delete"}
)

// String is the route as metrics show it, such as "list projects/api_keys".
func (r Route) String() string { return r.Operation + " " + r.Service }

// A priority orders the calls that wait for the same budget; the lowest goes
// first.
type priority int

const (
	// priorityRevoke is for what takes access away.
	priorityRevoke priority = iota
	// priorityChange is for what is created or updated.
	priorityChange
	// priorityObserve is for what is only read.
	priorityObserve
)

func (r Route) priority() priority {
	switch r.Operation {
	case "delete", "archive", "deactivate":
		return priorityRevoke
	case "get", "list":
		return priorityObserve
	}
	return priorityChange
}

// verbs are last elements of a path that name an operation rather than a collection or,
// where that is true, a thing. Only a POST carries one out.
var verbs = map[string]bool{"archive": false, "activate": true, "deactivate": true, "validate": false}

// singletons are last elements of a path that name a thing of which there is one,
// rather than a collection.
var singletons = map[string]bool{
	"spend_limit": true, "model_permissions": true, "hosted_tool_permissions": true,
	"data_retention": true, "service_tier_settings": true,
}

// belowBase is the key of a request's path behind the base URL, whose own path may look like
// one of OpenAI's.
type belowBase struct{}

// WithPath keeps the path of a request behind the base URL.
func WithPath(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, belowBase{}, path)
}

// RouteOf names the call of a request that onlyIDs has let pass.
func RouteOf(req *http.Request) Route {
	path, _ := req.Context().Value(belowBase{}).(string)
	service, operation := route(req.Method, path)
	return Route{Service: service, Operation: operation}
}

// route names a call without the IDs in it, so that metrics stay bounded: the
// collection, such as projects/api_keys, and what is done to it. The path is that below the
// base URL. Most of the Administration API is below organization/, and the roles of projects
// and who has them are not (openai-go, AdminOrganizationProjectRoleService).
func route(method, path string) (service, operation string) {
	path = strings.TrimPrefix(path, "/organization")
	elements := strings.Split(strings.Trim(path, "/"), "/")

	last := elements[len(elements)-1]
	onAll, verb := verbs[last]
	if inPlaceOfID := len(elements)%2 == 0; verb && method == http.MethodPost && (onAll || !inPlaceOfID) {
		operation = last
		elements = elements[:len(elements)-1]
	}
	var collections []string
	for i := 0; i < len(elements); i += 2 {
		collections = append(collections, elements[i])
	}
	service = strings.Join(collections, "/")
	if operation != "" {
		return service, operation
	}

	onItem := len(elements)%2 == 0 || singletons[elements[len(elements)-1]]
	switch {
	case method == http.MethodGet && onItem:
		return service, "get"
	case method == http.MethodGet:
		return service, "list"
	case method == http.MethodPost && onItem:
		return service, "update"
	case method == http.MethodPost:
		return service, "create"
	}
	return service, strings.ToLower(method)
}
