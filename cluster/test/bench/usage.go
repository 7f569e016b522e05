// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	proc "github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// planeCPU is the CPU time of etcd and kube-apiserver so far, in seconds.
func (p *environment) planeCPU(ctx context.Context) (float64, error) {
	pids, err := controlplane.Detached(ctx, p.state)
	if err != nil {
		return 0, fmt.Errorf("cannot find the control plane's processes: %w", err)
	}
	total := 0.0
	for _, pid := range pids {
		u, err := proc.UsageOf(pid)
		if err != nil {
			return 0, err
		}
		total += u.CPUSeconds
	}
	return total, nil
}

// countPlane measures the CPU time of the control plane until note is called, which records it.
func (p *environment) countPlane(ctx context.Context, b *bench) (note func()) {
	before, failedBefore := p.planeCPU(ctx)
	return func() {
		after, failedAfter := p.planeCPU(ctx)
		if err := errors.Join(failedBefore, failedAfter); err != nil {
			b.without(err.Error(), planeCPU)
			return
		}
		b.set(planeCPU, after-before)
	}
}
