// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	coordinationv1 "k8s.io/api/coordination/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// freeLease deletes the Lease, so that the next process leads at once. That is safe only because
// the previous process is known to be gone; in a cluster its successor waits until the Lease
// expires.
func (p *environment) freeLease(ctx context.Context) error {
	if err := p.kube.DeleteAllOf(ctx, &coordinationv1.Lease{}, client.InNamespace(systemNamespace)); err != nil {
		return fmt.Errorf("cannot delete the leader election's lease: %w", err)
	}
	return nil
}
