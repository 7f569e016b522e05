// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// A ConnectorOption configures a Connector.
type ConnectorOption func(*Connector)

// WithoutRateLimiting sends every call at once, ignoring rate limits. It is meant for benchmarks.
func WithoutRateLimiting() ConnectorOption {
	return func(c *Connector) { c.pool.withoutRateLimiting = true }
}

// WithoutInventory makes every observation call OpenAI, without cached lists. It is meant for benchmarks.
func WithoutInventory() ConnectorOption {
	return func(c *Connector) { c.pool.withoutInventory = true }
}

// A ProjectCheck fails if a managed resource must not use a project, whatever its provider configuration
// allows. Its error must not contain the project's ID, which the resource may have by a reference to an
// object of others. A terminal error (package terminal) is a refusal; any other means that the check could
// not be made for now.
type ProjectCheck func(ctx context.Context, mg resource.ModernManaged, projectID string) error

// CheckProjects sets a check for every project that a managed resource uses, wherever its ID is from. It runs
// before allowedProjectIDs are compared. The default project of a ClusterProviderConfig is not checked: its
// author gave it to everybody who may use the configuration. CheckProjects must be called before the
// Connector is used.
func (c *Connector) CheckProjects(check ProjectCheck) { c.check = check }
