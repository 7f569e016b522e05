// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/apis/changelogs/proto/v1alpha1"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A changeLog leaves out changes that were not made yet because of the rate limit.
type changeLog struct{ managed.ChangeLogger }

// Log a change.
func (l changeLog) Log(ctx context.Context, mg resource.Managed, op v1alpha1.OperationType, changeErr error, ad managed.AdditionalDetails) error {
	if changeErr != nil && apierror.ClassOf(changeErr) == apierror.ClassThrottled {
		return nil
	}
	return l.ChangeLogger.Log(ctx, mg, op, changeErr, ad)
}
