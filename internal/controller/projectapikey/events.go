// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

// An event is something that happened to a key, for kubectl describe.
type event struct {
	reason, message string
	warning         bool
}
