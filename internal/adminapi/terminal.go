// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

// Terminal reports whether only the user can end the failure: a wrong or too weak admin
// key, a policy, or a request that makes no sense.
func (e *Error) Terminal() bool {
	if e.Foreign || e.Status == 0 {
		return false
	}
	return e.Class == ClassUnauthorized || e.Class == ClassRefused || e.Class == ClassInvalid
}
