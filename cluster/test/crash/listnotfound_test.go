// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// serviceAccounts is the label of requests that list service accounts.
const serviceAccounts = "GET projects/{id}/service_accounts"

// listNotFoundScenarios are about a list of service accounts that is not found. A failed list says
// nothing about what exists.
var listNotFoundScenarios = []scenario{
	{
		name: "create a ProjectServiceAccount while the list of them is not found",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newAccount())
		},
		desired:  desiredState{accounts: []string{accountName}},
		unlisted: serviceAccounts,
	},
	{
		name:    "rename a ProjectServiceAccount while the list of them is not found",
		prepare: prepareAccount,
		trigger: func(ctx context.Context, p *environment) error {
			return p.withoutProvider(ctx, func() error {
				return p.patch(ctx, p.newAccount(), `{"spec": {"forProvider": {"name": "renamed"}}}`)
			})
		},
		desired:  desiredState{accounts: []string{accountName}, additional: sameAccount("renamed")},
		unlisted: serviceAccounts,
	},
	{
		name:    "delete a ProjectServiceAccount while the list of them is not found",
		prepare: prepareAccount,
		trigger: func(ctx context.Context, p *environment) error {
			return p.withoutProvider(ctx, func() error { return p.delete(ctx, p.newAccount()) })
		},
		unlisted: serviceAccounts,
	},
}

// sameAccount checks that the service account is the same as before, with another name.
func sameAccount(name string) func(context.Context, *environment) ([]finding, error) {
	return func(ctx context.Context, p *environment) ([]finding, error) {
		cr := p.newAccount()
		if err := kube.Get(ctx, client.ObjectKeyFromObject(cr), cr); err != nil {
			return nil, fmt.Errorf("cannot read the ProjectServiceAccount: %w", err)
		}
		id := meta.GetExternalName(cr)
		if id != p.before["account"] {
			return []finding{{duplicate, fmt.Sprintf("service account %q was replaced by %q", p.before["account"], id)}}, nil
		}
		a, err := p.openai.ServiceAccounts.Get(ctx, p.project, id)
		if err != nil {
			return nil, fmt.Errorf("cannot get the service account: %w", err)
		}
		if a.Name != name {
			return []finding{{stuck, fmt.Sprintf("the service account is called %q, want %q", a.Name, name)}}, nil
		}
		return nil, nil
	}
}
