// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// guardrailScenarios are about spend alerts, whose writes change the spend limit of the project at the
// simulator, as a user reports of OpenAI.
var guardrailScenarios = []scenario{
	{
		name: "create a spend limit and an alert",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newSpending()...)
		},
		desired: desiredState{additional: spending(50000, 40000)},
	},
	{
		name: "change a spend alert",
		prepare: func(ctx context.Context, p *environment) error {
			if err := p.create(ctx, p.newSpending()...); err != nil {
				return err
			}
			return p.awaitState(ctx, desiredState{additional: spending(50000, 40000)})
		},
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newSpending()[1], `{"spec": {"forProvider": {"thresholdAmount": 30000}}}`)
		},
		desired: desiredState{additional: spending(50000, 30000)},
	},
}

// newSpending returns a spend limit and an alert.
func (p *environment) newSpending() []client.Object {
	m := metav1.ObjectMeta{Namespace: p.namespace, Name: "spending"}
	scoped := v1alpha1.ProjectScoped{ProjectID: &p.project}
	limit, alert := &v1alpha1.ProjectSpendLimit{ObjectMeta: m}, &v1alpha1.ProjectSpendAlert{ObjectMeta: m}
	limit.Spec.ForProvider = v1alpha1.ProjectSpendLimitParameters{ProjectScoped: scoped, ThresholdAmount: new(int64(50000))}
	alert.Spec.ForProvider = v1alpha1.ProjectSpendAlertParameters{ProjectScoped: scoped, ThresholdAmount: new(int64(40000)), Recipients: []string{"platform@example.com"}}
	for _, o := range []resource.ModernManaged{limit, alert} {
		o.SetProviderConfigReference(p.configRef())
	}
	return []client.Object{limit, alert}
}

// spending checks that the objects of newSpending are Ready, and that OpenAI has the limit and one alert.
func spending(limit, alert int64) func(context.Context, *environment) ([]finding, error) {
	return func(ctx context.Context, p *environment) ([]finding, error) {
		var f []finding
		for _, o := range p.newSpending() {
			if err := kube.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
				return nil, fmt.Errorf("cannot get %T: %w", o, err)
			}
			mg, ok := o.(resource.Managed)
			if why := synced(mg); ok && why != "" {
				f = append(f, finding{stuck, fmt.Sprintf("%T is %s", o, why)})
			}
		}
		l, err := p.openai.SpendLimit.Get(ctx, p.project)
		if err != nil {
			return []finding{{stuck, "there is no spend limit"}}, nil //nolint:nilerr // It is what is looked for.
		}
		if l.ThresholdAmount != limit {
			f = append(f, finding{stuck, fmt.Sprintf("the spend limit is %d, want %d", l.ThresholdAmount, limit)})
		}
		alerts, err := p.openai.SpendAlerts.List(ctx, p.project, openai.AdminOrganizationProjectSpendAlertListParams{})
		if err != nil {
			return nil, fmt.Errorf("cannot list the alerts: %w", err)
		}
		switch {
		case len(alerts.Data) > 1:
			f = append(f, finding{duplicate, fmt.Sprintf("%d alerts, want 1", len(alerts.Data))})
		case len(alerts.Data) == 0 || alerts.Data[0].ThresholdAmount != alert:
			f = append(f, finding{stuck, fmt.Sprintf("the alerts are %+v, want one of %d", alerts.Data, alert)})
		}
		return f, nil
	}
}
