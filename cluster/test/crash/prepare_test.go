// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func prepareOneKey(ctx context.Context, p *environment) error { return prepareKey(ctx, p) }

// prepareKey creates a ProjectAPIKey that is Ready.
func prepareKey(ctx context.Context, p *environment, mods ...func(*v1alpha1.ProjectAPIKey)) error {
	if err := p.create(ctx, p.newKey(mods...)); err != nil {
		return err
	}
	if err := p.awaitState(ctx, desiredState{keys: oneKey}); err != nil {
		return err
	}
	return p.rememberKey(ctx)
}

// prepareAccount creates a service account, with a backdated creation.
func prepareAccount(ctx context.Context, p *environment) error {
	if err := p.create(ctx, p.newAccount()); err != nil {
		return err
	}
	if err := p.awaitState(ctx, desiredState{accounts: []string{accountName}}); err != nil {
		return err
	}
	cr := p.newAccount()
	if err := p.age(ctx, cr); err != nil {
		return err
	}
	p.before["account"] = meta.GetExternalName(cr)
	return nil
}

// prepareAll creates all three objects, with an owner if there is one, and with backdated
// creations.
func prepareAll(ctx context.Context, p *environment, owner *metav1.OwnerReference) error {
	objects := p.linkedObjects()
	for _, o := range objects {
		if owner != nil {
			o.SetOwnerReferences([]metav1.OwnerReference{*owner})
		}
	}
	if err := p.create(ctx, objects...); err != nil {
		return err
	}
	if err := p.awaitState(ctx, desiredState{projects: []string{projectName}, accounts: []string{accountName}, keys: oneKey}); err != nil {
		return err
	}
	return p.age(ctx, p.newAccount(), p.newProject())
}

// age backdates the creation of objects: for 30 s after a create, crossplane-runtime ignores that a
// resource is missing.
func (p *environment) age(ctx context.Context, objects ...client.Object) error {
	const longAgo = `{"metadata": {"annotations": {"crossplane.io/external-create-pending": "2026-01-01T00:00:00Z", "crossplane.io/external-create-succeeded": "2026-01-01T00:00:01Z"}}}`
	for _, o := range objects {
		if err := p.patch(ctx, o, longAgo); err != nil {
			return err
		}
	}
	return nil
}

func (p *environment) awaitState(ctx context.Context, w desiredState) error {
	return p.await(ctx, "the state before the scenario", func(ctx context.Context) ([]finding, error) {
		return p.judge(ctx, w)
	})
}

// withoutProvider does something while no provider runs. The next provider process has no caches.
func (p *environment) withoutProvider(ctx context.Context, do func() error) error {
	p.provider.kill()
	if err := do(); err != nil {
		return err
	}
	return p.provider.start(ctx)
}

// deleteWith deletes an object with a propagation policy, as kubectl delete --cascade does.
func (p *environment) deleteWith(ctx context.Context, o client.Object, policy metav1.DeletionPropagation) error {
	if err := kube.Delete(ctx, o, client.PropagationPolicy(policy)); err != nil {
		return fmt.Errorf("cannot delete %T %q with policy %s: %w", o, o.GetName(), policy, err)
	}
	return nil
}

// createAndDelete creates a key, and deletes it as soon as its create has begun.
func createAndDelete(policy metav1.DeletionPropagation) func(context.Context, *environment) error {
	return func(ctx context.Context, p *environment) error {
		cr := p.newKey()
		if err := p.create(ctx, cr); err != nil {
			return err
		}
		if err := p.await(ctx, "the beginning of its creation", func(ctx context.Context) ([]finding, error) {
			select {
			case <-p.tap.struck:
				return nil, nil
			default:
			}
			if _, err := p.secret(ctx, keyName); err != nil {
				return []finding{{stuck, "there is no Secret"}}, client.IgnoreNotFound(err)
			}
			return nil, nil
		}); err != nil {
			return err
		}
		return p.deleteWith(ctx, cr, policy)
	}
}
