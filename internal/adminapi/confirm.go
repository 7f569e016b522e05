// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"fmt"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// IsGone reports whether OpenAI says that a thing does not exist, and not that its
// project does not.
func IsGone(err error) bool { return apierror.IsNotFound(err) && !apierror.IsProjectError(err) }

// ConfirmDeleted fails unless OpenAI's reply to a deletion says that the thing with
// this ID was deleted. The deletion may then have taken effect or not.
func ConfirmDeleted(id, repliedID string, deleted bool) error {
	if deleted && (repliedID == id || repliedID == "") {
		return nil
	}
	return &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("the reply to the deletion of %q does not say that it was deleted; the call will be repeated", id)}
}

// ConfirmID fails unless a reply is about the thing that was asked for.
func ConfirmID(id, repliedID string) error {
	if id == repliedID {
		return nil
	}
	return &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("the reply about %q is about something else; the call will be repeated", id)}
}
