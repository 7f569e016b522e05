// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
)

// EmitOrphaned emits the event of an object that goes while OpenAI may still show what it managed, and
// why.
func EmitOrphaned(ctx context.Context, mg resource.Managed, why string) {
	emit(ctx, mg, event.Normal(reasonOrphaned, why))
}

// reasonOrphaned is the event for what stays at OpenAI when its object goes.
const reasonOrphaned event.Reason = "Orphaned"

// EmitLimitRemoved emits the event of an object whose resource was deleted, which limited what
// happens at OpenAI, and says what is allowed now.
func EmitLimitRemoved(ctx context.Context, mg resource.Managed, allowed string) {
	emit(ctx, mg, event.Normal(reasonLimitRemoved, allowed))
}

// reasonLimitRemoved is the event for a limit that went with its object.
const reasonLimitRemoved event.Reason = "LimitRemoved"

// orphanedEvent is the event for an object that goes without what it manages; nil if there
// is nothing.
func orphanedEvent(mg resource.Managed) *event.Event {
	id := ObservedID(mg)
	if id == "" && !IsKeyValue(meta.GetExternalName(mg)) {
		id = meta.GetExternalName(mg)
	}
	if id == "" || Allows(mg, xpv2.ManagementActionDelete) || IsReadOnly(mg) {
		return nil
	}
	e := event.Normal(reasonOrphaned, fmt.Sprintf("%q is left at OpenAI as it is, because spec.managementPolicies do not include Delete", id))
	return &e
}
