// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"fmt"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// IsResourceNotFound reports whether an error says that a resource does not exist, while its project does.
func IsResourceNotFound(err error) bool {
	return apierror.IsNotFound(err) && !apierror.IsProjectError(err)
}

// ConfirmDeleted fails unless the reply to a DELETE says that the resource with the ID was deleted. If it
// fails, the resource may be deleted or not.
func ConfirmDeleted(id, repliedID string, deleted bool) error {
	if deleted && (repliedID == id || repliedID == "") {
		return nil
	}
	return &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("the reply to the deletion of %q does not say that it was deleted; the call will be repeated", id)}
}

// ConfirmID fails unless a reply is about the resource that was requested.
func ConfirmID(id, repliedID string) error {
	if id == repliedID {
		return nil
	}
	return &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("the reply about %q is about something else; the call will be repeated", id)}
}
