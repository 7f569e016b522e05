// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"math/rand/v2"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// testClient is a client of the API at a URL.
func testClient(baseURL, adminKey string) *Client {
	return newTestClient(Settings{AdminKey: adminKey, KeyOrigin: apitest.Origin, BaseURL: baseURL})
}

// newTestClient has a limiter of its own.
func newTestClient(s Settings) *Client {
	return New(s, ratelimit.NewWithoutMetrics("ClusterProviderConfig/test", rand.Float64))
}

// startSimulator starts a simulator and returns it with a client of it.
func startSimulator(t *testing.T, opts ...simulator.Option) (*simulator.HTTP, *Client) {
	t.Helper()
	sim := simulator.NewHTTP(opts...)
	t.Cleanup(sim.Close)
	return sim, testClient(sim.BaseURL(), simulator.DefaultAdminKey)
}
