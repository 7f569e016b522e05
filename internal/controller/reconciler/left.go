// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// EmitOrphaned records the event that OpenAI may still show what an object managed, which goes,
// and why.
func EmitOrphaned(ctx context.Context, mg resource.Managed, why string) {
	emit(ctx, mg, event.Normal(reasonOrphaned, why))
}
