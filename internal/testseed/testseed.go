// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package testseed lets tests that draw random numbers be repeated.
package testseed

import (
	"os"
	"strconv"
	"testing"
)

// Variable is the environment variable that holds the seed of a run to be repeated.
const Variable = "TEST_SEED"

// Of is what the randomness of a test comes from: the same each time, unless the environment
// says otherwise. The test prints it.
func Of(tb testing.TB, usual uint64) uint64 {
	tb.Helper()
	seed := usual
	if given := os.Getenv(Variable); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			tb.Fatalf("%s: %v", Variable, err)
		}
	}
	tb.Logf("%s=%d", Variable, seed)
	return seed
}
