// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// aboutList turns the refusal of a list into one that says nothing about the things
// in it: that a list is not found does not mean that they are gone. Its parent may
// be, which a *ProjectError tells.
func aboutList(err error) error {
	var e *Error
	if IsProjectError(err) || !errors.As(err, &e) || e.Class != ClassNotFound {
		return err
	}
	return &Error{Class: ClassTransient, Message: fmt.Sprintf("OpenAI does not find a list (%s), which proves nothing about what is in it; the call will be repeated", e.status())}
}

// IsGone reports whether OpenAI says that a thing does not exist, and not that its
// project does not.
func IsGone(err error) bool { return IsNotFound(err) && !IsProjectError(err) }

// errStillListed says that OpenAI does not find by its ID what it lists.
var errStillListed = errors.New("OpenAI answers that it does not exist, and lists it still; the call will be repeated: if that stays so, look for a gateway that changes paths")

// ConfirmUnlisted fails if a list, as it is now, shows a thing that is not found by its
// ID.
func (col *Collection[C, O]) ConfirmUnlisted(ctx context.Context, c C, parent, id string) error {
	all, err := col.List(ctx, c, parent, time.Now())
	if err != nil {
		return err
	}
	if _, listed := all.Get(id); listed {
		return errStillListed
	}
	return nil
}

// ConfirmDeleted fails unless OpenAI's reply to a deletion says that the thing with
// this ID was deleted. The deletion may then have taken effect or not.
func ConfirmDeleted(id, repliedID string, deleted bool) error {
	if deleted && (repliedID == id || repliedID == "") {
		return nil
	}
	return &Error{Class: ClassTransient, Message: fmt.Sprintf("the reply to the deletion of %q does not say that it was deleted; the call will be repeated", id)}
}

// ConfirmID fails unless a reply is about the thing that was asked for.
func ConfirmID(id, repliedID string) error {
	if id == repliedID {
		return nil
	}
	return &Error{Class: ClassTransient, Message: fmt.Sprintf("the reply about %q is about something else; the call will be repeated", id)}
}
