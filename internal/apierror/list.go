// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"errors"
	"fmt"
)

// ListError turns the refusal of a list into one that says nothing about the things
// in it: that a list is not found does not mean that they are gone. Its parent may
// be, which a *ProjectError tells.
func ListError(err error) error {
	var e *Error
	if IsProjectError(err) || !errors.As(err, &e) || e.Class != ClassNotFound {
		return err
	}
	return &Error{Class: ClassTransient, Message: fmt.Sprintf("OpenAI does not find a list (%s), which proves nothing about what is in it; the call will be repeated", e.status())}
}

// BrokenList is the error for a reply that cannot be read as a page of a list.
func BrokenList(why string) error {
	return &Error{Class: ClassTransient, Message: "the reply to a list " + why + "; it proves nothing about what exists, and the call will be repeated: if that stays so, look for a gateway that changes replies"}
}
