// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

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
