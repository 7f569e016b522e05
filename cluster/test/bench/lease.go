// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	coordinationv1 "k8s.io/api/coordination/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// freeLease lets the next process lead at once. The former one is gone for certain,
// which only this program can know: in a cluster, its successor would wait for the
// lease to end.
func (p *environment) freeLease(ctx context.Context) error {
	if err := p.kube.DeleteAllOf(ctx, &coordinationv1.Lease{}, client.InNamespace(systemNamespace)); err != nil {
		return fmt.Errorf("cannot delete the leader election's lease: %w", err)
	}
	return nil
}
