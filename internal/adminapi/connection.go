// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import "context"

// A Connection is a Client for one managed resource, in the project that the resource may use. Package
// connect makes it.
type Connection struct {
	*Client

	// Config names the provider configuration in errors, such as ClusterProviderConfig "default".
	Config string

	// Project is the ID of the managed resource's project; empty if it belongs to none.
	Project string

	// DeletionOnly is why the managed resource may no longer create or update, but only delete what
	// it manages; nil: it may do everything.
	DeletionOnly error

	// Access that made the connection.
	Access ProjectAccess
}

// InProject returns the connection of the same managed resource in another project. It fails if the
// resource may not use that.
func (c *Connection) InProject(ctx context.Context, id string) (*Connection, error) {
	return c.Access.InProject(ctx, &id)
}

// A ProjectAccess makes the connections of a managed resource in projects.
type ProjectAccess interface {
	// InProject returns the connection in a project, by its ID. It fails if the managed resource may
	// not use it. A nil ID stands for the default project.
	InProject(ctx context.Context, id *string) (*Connection, error)
}
