// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// A ConnectorOption changes how a Connector works.
type ConnectorOption func(*Connector)

// WithoutBudget sends every call at once, whatever the rate limits, for comparison.
func WithoutBudget() ConnectorOption {
	return func(c *Connector) { c.pool.withoutBudget = true }
}

// WithoutInventory asks OpenAI for every look at every object, for comparison.
func WithoutInventory() ConnectorOption {
	return func(c *Connector) { c.pool.withoutInventory = true }
}

// A ProjectCheck fails if a managed resource must not use a project, whatever its provider
// configuration allows. Its error must not tell the ID, which the managed resource may have
// from others. One that only a user can end (package terminal) is a refusal; any other says
// that it cannot be told for now.
type ProjectCheck func(ctx context.Context, mg resource.ModernManaged, projectID string) error

// CheckProjects has every project checked that a managed resource comes to, wherever its ID
// is from, before it is compared with what the configuration allows. The default project of
// a ClusterProviderConfig is not: its author gave it to all who may use that. It must be
// called before the Connector is used.
func (c *Connector) CheckProjects(check ProjectCheck) { c.check = check }
