// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
)

const (
	// guardedProjects is the number of projects, each with an object of every kind of guardrail.
	guardedProjects = 100

	// guardrailsPerMinute is the rate limit of every route, about what OpenAI was seen to allow.
	guardrailsPerMinute = 10

	// guardrailsPoll is the poll interval while polls are counted.
	guardrailsPoll = 30 * time.Second

	// The fewest calls per project: a write of each of the seven, and a page of rate limits for the ID of
	// one; in a poll, a GET of each of the five that have no list, and a page of each of the two lists.
	guardrailsFloor, guardrailsPollFloor = 8, 7
)

// guardrailsOf a project.
func guardrailsOf(in parent, name string) []resource.ModernManaged {
	scoped := v1alpha1.ProjectScoped{ProjectID: &in.project}
	limit, alert, models := &v1alpha1.ProjectSpendLimit{}, &v1alpha1.ProjectSpendAlert{}, &v1alpha1.ProjectModelPermissions{}
	tools, tiers := &v1alpha1.ProjectHostedToolPermissions{}, &v1alpha1.ProjectServiceTierSettings{}
	rate, retention := &v1alpha1.ProjectRateLimit{}, &v1alpha1.ProjectDataRetention{}
	limit.Spec.ForProvider = v1alpha1.ProjectSpendLimitParameters{ProjectScoped: scoped, ThresholdAmount: new(int64(50000))}
	alert.Spec.ForProvider = v1alpha1.ProjectSpendAlertParameters{ProjectScoped: scoped, ThresholdAmount: new(int64(40000)), Recipients: []string{"platform@example.com"}}
	models.Spec.ForProvider = v1alpha1.ProjectModelPermissionsParameters{ProjectScoped: scoped, Mode: new("allow_list"), ModelIDs: []string{"gpt-5"}}
	tools.Spec.ForProvider = v1alpha1.ProjectHostedToolPermissionsParameters{ProjectScoped: scoped, MCP: new(false)}
	tiers.Spec.ForProvider = v1alpha1.ProjectServiceTierSettingsParameters{ProjectScoped: scoped, EnabledTiers: []string{"standard"}}
	rate.Spec.ForProvider = v1alpha1.ProjectRateLimitParameters{ProjectScoped: scoped, Model: "gpt-5", RateLimits: v1alpha1.RateLimits{MaxRequestsPer1Minute: new(int64(60))}}
	retention.Spec.ForProvider = v1alpha1.ProjectDataRetentionParameters{ProjectScoped: scoped, RetentionType: new("zero_data_retention")}
	all := []resource.ModernManaged{limit, alert, models, tools, tiers, rate, retention}
	for _, o := range all {
		o.SetNamespace(in.namespace)
		o.SetName(name)
		o.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: configName})
	}
	return all
}

// A guardrailsReport has what the guardrails of all projects cost.
type guardrailsReport struct {
	ready, polls, limited map[string]int
	wall, limitedWall     time.Duration
	refused               int
}

// measureGuardrails of a hundred projects, with and without a rate limit.
func measureGuardrails(ctx context.Context, o options) (*guardrailsReport, error) {
	r := &guardrailsReport{}
	b := &bench{options: o, Column: newColumn("guardrails", guardedProjects)}
	err := b.inEnvironment(ctx, func(p *environment, ctx context.Context, b *bench) (err error) {
		if r.ready, r.wall, _, err = p.measureGuardrailsReady(ctx, b, 0); err != nil {
			return err
		}
		return p.with(ctx, b, []string{"--poll=" + guardrailsPoll.String()}, func(ctx context.Context, _ *bench, s *process) error {
			if err := s.wait(ctx, guardrailsPoll+guardrailsPoll/2); err != nil {
				return err
			}
			p.openai.take()
			err := s.wait(ctx, cycles*guardrailsPoll)
			r.polls = byRoute(p.openai.take())
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	b = &bench{options: o, Column: newColumn("guardrails-limited", guardedProjects)}
	return r, b.inEnvironment(ctx, func(p *environment, ctx context.Context, b *bench) (err error) {
		r.limited, r.limitedWall, r.refused, err = p.measureGuardrailsReady(ctx, b, guardrailsPerMinute)
		return err
	})
}

// measureGuardrailsReady measures the calls, and the time, until all guardrails of all projects are Ready.
// The limit is that of every route; 0: none.
func (p *environment) measureGuardrailsReady(ctx context.Context, b *bench, limit int) (calls map[string]int, wall time.Duration, refused int, err error) {
	var objects []resource.ModernManaged
	projects := admin.Projects(p.openai.baseURL())
	for i := range guardedProjects {
		in := parent{namespace: namespace(i % projectCount)}
		if in.project, in.account, err = admin.NewProject(ctx, projects, fmt.Sprintf("project-%03d", i), "bench"); err != nil {
			return nil, 0, 0, err
		}
		objects = append(objects, guardrailsOf(in, fmt.Sprintf("project-%03d", i))...)
	}
	p.openai.SetRateWindow(b.window)
	p.openai.SetRateLimit(limit)
	err = p.with(ctx, b, []string{quietPoll}, func(ctx context.Context, _ *bench, s *process) error {
		p.openai.take()
		began := time.Now()
		for _, o := range objects {
			if err := p.kube.Create(ctx, o); err != nil {
				return fmt.Errorf("cannot create %T %q: %w", o, o.GetName(), err)
			}
		}
		for _, o := range objects {
			if err := p.awaitReady(ctx, s, o); err != nil {
				return err
			}
		}
		wall = time.Since(began)
		all := p.openai.take()
		// What follows counts, too.
		for quiet := false; !quiet; {
			if err := s.wait(ctx, quietPeriod); err != nil {
				return err
			}
			more := p.openai.take()
			all, quiet = append(all, more...), len(more) == 0
		}
		calls = byRoute(all)
		refused, _, _ = rateLimited(all, p.openai.RateWindows)
		return nil
	})
	return calls, wall, refused, err
}

// awaitReady waits for one object.
func (p *environment) awaitReady(ctx context.Context, s *process, o resource.ModernManaged) error {
	const patience = 20 * time.Minute
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		if !s.Running() {
			return false, errors.New("the provider ended by itself")
		}
		if err := p.kube.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
			return false, fmt.Errorf("cannot get it: %w", err)
		}
		return o.GetCondition(xpv2.TypeReady).Status == corev1.ConditionTrue, nil
	})
	if err != nil {
		return fmt.Errorf("%T %q is not Ready (%s): %w", o, o.GetName(), o.GetCondition(xpv2.TypeSynced).Message, err)
	}
	return nil
}

// table renders the report for people.
func (r *guardrailsReport) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d projects with 7 guardrails each\n\n", guardedProjects)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	sum := func(calls map[string]int) (n int) {
		for _, c := range calls {
			n += c
		}
		return n
	}
	perProject := func(calls map[string]int, rounds int) float64 {
		return float64(sum(calls)) / float64(rounds*guardedProjects)
	}
	// Writing to a strings.Builder never fails.
	_, _ = fmt.Fprintf(w, "figure\tno limit\t%d a minute and route\tfewest\n", guardrailsPerMinute)
	_, _ = fmt.Fprintf(w, "calls per project to Ready\t%.2f\t%.2f\t%d\n", perProject(r.ready, 1), perProject(r.limited, 1), guardrailsFloor)
	_, _ = fmt.Fprintf(w, "calls per project and poll\t%.2f\t\t%d\n", perProject(r.polls, cycles), guardrailsPollFloor)
	_, _ = fmt.Fprintf(w, "time to all Ready\t%s\t%s\t\n", r.wall.Round(100*time.Millisecond), r.limitedWall.Round(100*time.Millisecond))
	_, _ = fmt.Fprintf(w, "429s\t0\t%d\t\n", r.refused)
	_, _ = fmt.Fprintln(w, "\ncalls by route\tto Ready\twith the limit\tin a poll")
	routes := map[string]bool{}
	for _, calls := range []map[string]int{r.ready, r.limited, r.polls} {
		for route := range calls {
			routes[route] = true
		}
	}
	for _, route := range slices.Sorted(maps.Keys(routes)) {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%.1f\n", route, r.ready[route], r.limited[route], float64(r.polls[route])/cycles)
	}
	_ = w.Flush()
	return b.String()
}
