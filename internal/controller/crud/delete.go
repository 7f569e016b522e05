// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// Delete deletes the resource. It is no error if OpenAI does not find the resource any more.
func (e *external[M, O]) Delete(ctx context.Context, cr M) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	id, err := e.identify(ctx, cr)
	if err != nil || id == "" {
		return managed.ExternalDelete{}, err
	}
	err = e.kind.Delete(ctx, e.conn, cr, id)
	if !e.kind.OutlivesProject {
		err = e.conn.ToProjectError(ctx, err)
	}
	e.updateCache(id, nil, err)
	if col := e.kind.List; col != nil && adminapi.IsResourceNotFound(err) {
		if err := col.ConfirmUnlisted(ctx, e.conn, e.parent, lastPart(id)); err != nil {
			return managed.ExternalDelete{}, fmt.Errorf("cannot delete %q: %w", id, err)
		}
		if e.single() {
			e.updateCache(id, nil, nil)
		}
	}
	if err == nil || apierror.IsProjectArchived(err) || adminapi.IsResourceNotFound(err) {
		reconcilestate.Of(ctx).RecordProgress()
		if e.kind.AfterDelete != "" && !apierror.IsProjectArchived(err) {
			reconciler.EmitLimitRemoved(ctx, cr, e.kind.AfterDelete)
		}
		return managed.ExternalDelete{}, nil
	}
	return managed.ExternalDelete{}, fmt.Errorf("cannot delete %q: %w", id, err)
}
