// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kind

import (
	"context"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Client of a kind, as its controller makes it for one reconcile.
func (k Kind[M, O]) Client(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, cr M) (managed.TypedExternalClient[M], error) {
	return connector[M, O]{
		kind:     k,
		openai:   openai,
		since:    func(resource.Managed) time.Time { return time.Now() },
		recovery: &recovery{kube: kube, live: kube, list: k.List, now: now},
	}.Connect(ctx, cr)
}
