// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"net/http"
	"strings"
)

// A Route is one operation of the Administration API. Each has a rate limit of its own.
type Route struct {
	// Service is the path without its IDs, such as projects/api_keys.
	Service string
	// Operation on it: list, get, create, update, delete or a verb of the path such as archive.
	Operation string
}

// Routes that callers reserve a call of.
var (
	CreateProject        = Route{Service: "projects", Operation: "create"}
	CreateServiceAccount = Route{Service: "projects/service_accounts", Operation: "create"}
	CreateKey            = Route{Service: "projects/service_accounts/api_keys", Operation: "create"}
)

// String is the route as metrics show it, such as "list projects/api_keys".
func (r Route) String() string { return r.Operation + " " + r.Service }

// A priority orders the calls that wait for the same limit; the lowest goes first.
type priority int

const (
	// priorityRevoke is that of calls that revoke access.
	priorityRevoke priority = iota
	// priorityChange is that of calls that create or update.
	priorityChange
	// priorityRead is that of calls that only read.
	priorityRead
)

func (r Route) priority() priority {
	switch r.Operation {
	case "delete", "archive", "deactivate":
		return priorityRevoke
	case "get", "list":
		return priorityRead
	}
	return priorityChange
}

// verbs are last elements of a path that name an operation, if the method is POST. The value reports
// whether a verb may follow a collection; the others follow an ID only.
var verbs = map[string]bool{"archive": false, "activate": true, "deactivate": true, "validate": false}

// singletons are last elements of a path that name a single resource rather than a collection.
var singletons = map[string]bool{
	"spend_limit": true, "model_permissions": true, "hosted_tool_permissions": true,
	"data_retention": true, "service_tier_settings": true,
}

// pathKey is the context key of a request's path relative to the base URL, which may have a path that
// looks like one of OpenAI's.
type pathKey struct{}

// WithPath returns a context with the path of a request relative to the base URL.
func WithPath(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, pathKey{}, path)
}

// RouteOf returns the route of a request whose context has its path (WithPath).
func RouteOf(req *http.Request) Route {
	path, _ := req.Context().Value(pathKey{}).(string)
	service, operation := route(req.Method, path)
	return Route{Service: service, Operation: operation}
}

// route returns the collection in a path, without IDs, and the operation on it. The path is relative to
// the base URL. Most of the Administration API is below /organization; the roles of projects and their
// assignments are not (openai-go, AdminOrganizationProjectRoleService).
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
