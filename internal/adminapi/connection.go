// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import "context"

// A Connection is a Client and what the managed resource that it was made for
// may touch. An Access alone makes them.
type Connection struct {
	*Client

	// Config names the provider configuration, for errors.
	Config string

	// Project of the managed resource; empty if it is in none.
	Project string

	// AccessRevoked is why the managed resource may do nothing any more but end what it
	// manages; nil: it may do what its kind does.
	AccessRevoked error

	// Access that the connection came from.
	Access ProjectAccess
}

// InProject returns the connection of the same managed resource in another project, if it
// may touch that.
func (c *Connection) InProject(ctx context.Context, id string) (*Connection, error) {
	return c.Access.InProject(ctx, &id)
}

// A ProjectAccess gives a managed resource connections in projects that it may touch.
type ProjectAccess interface {
	// InProject returns the connection in a project, or fails if the managed resource may not
	// touch it.
	InProject(ctx context.Context, id *string) (*Connection, error)
}
