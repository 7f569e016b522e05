// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// A NotRecreatedError says that OpenAI does not find the resource of an object and that it is not replaced: the object did not
// create it, or nobody asked for another.
type NotRecreatedError struct {
	// ID of the resource.
	ID string
	// Why it does not exist, and what can be done.
	Why string
	// RetryAfter is how long until the object has something else to do; 0: it has nothing.
	RetryAfter time.Duration
}

// Error says what does not exist, why, and what can be done.
func (e *NotRecreatedError) Error() string { return fmt.Sprintf("%q %s", e.ID, e.Why) }

// Terminal reports whether only the user can end this: nothing else is due.
func (e *NotRecreatedError) Terminal() bool { return e.RetryAfter == 0 }

// showNotRecreated sets the Ready condition of an object whose resource is not replaced, or cannot be used any more,
// if an error says so. To try again before the next poll does not help.
func showNotRecreated(ctx context.Context, mg resource.Managed, err error, poll time.Duration) {
	var notRecreated *NotRecreatedError
	if meta.WasDeleted(mg) || (!errors.As(err, &notRecreated) && !apierror.IsProjectArchived(err)) {
		return
	}
	again := poll
	if notRecreated != nil && notRecreated.RetryAfter > 0 {
		again = min(again, notRecreated.RetryAfter)
	}
	reconcilestate.Of(ctx).RetryAfter(again)
	mg.SetConditions(xpv2.Unavailable().WithMessage(err.Error()).WithObservedGeneration(mg.GetGeneration()))
}
