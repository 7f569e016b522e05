// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"errors"
	"fmt"
)

// ListError makes the 404 of a list a transient error, since it does not show that the items do not exist. If
// the project does not, the error is a *ProjectError, which is returned unchanged.
func ListError(err error) error {
	var e *Error
	if IsProjectError(err) || !errors.As(err, &e) || e.Class != ClassNotFound {
		return err
	}
	return &Error{Class: ClassTransient, Message: fmt.Sprintf("OpenAI does not find a list (%s), which proves nothing about what is in it; the call will be repeated", e.status())}
}

// BrokenList is the error for a reply that is not a valid page of a list. why continues a sentence that
// begins with the reply.
func BrokenList(why string) error {
	return &Error{Class: ClassTransient, Message: "the reply to a list " + why + "; it proves nothing about what exists, and the call will be repeated: if that stays so, look for a gateway that changes replies"}
}
