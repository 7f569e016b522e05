// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
	"time"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// serviceAccounts of projects, as the kind of service accounts lists them.
var serviceAccounts = kinds.ProjectServiceAccount.List

// serviceAccount returns the service account that is to own a key, if it exists: a refused POST
// would leave a Secret without a value.
func (c *keyClient) serviceAccount(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (*v1alpha1.ProjectServiceAccountObservation, error) {
	p := cr.Spec.ForProvider
	if p.ServiceAccountID != nil {
		remedy := "correct forProvider.serviceAccountID or projectID, in a new object"
		if p.ServiceAccountIDRef != nil || p.ServiceAccountIDSelector != nil {
			remedy = "the key goes on once the ProjectServiceAccount that is referred to has another one"
		}
		return c.serviceAccountByID(ctx, *p.ServiceAccountID, remedy)
	}
	if p.ServiceAccountName != nil {
		return c.serviceAccountByName(ctx, cr, *p.ServiceAccountName)
	}
	return nil, terminal.Errorf("no service account: set forProvider.serviceAccountID, serviceAccountIDRef, serviceAccountIDSelector or serviceAccountName")
}

func (c *keyClient) serviceAccountByID(ctx context.Context, id, remedy string) (*v1alpha1.ProjectServiceAccountObservation, error) {
	known, err := serviceAccounts.List(ctx, c.conn, c.conn.Project, c.listedSince)
	if err != nil {
		return nil, fmt.Errorf("cannot look up service account %q: %w", id, err)
	}
	if sa, ok := known.Get(id); ok {
		return sa, nil
	}
	sa, err := kinds.ProjectServiceAccount.Get(ctx, c.conn, nil, id)
	if err = c.conn.ToProjectError(ctx, err); adminapi.IsResourceNotFound(err) {
		return nil, terminal.IfLastingErrorf("service account %q of project %q does not exist: %s", id, c.conn.Project, remedy)
	}
	if err == nil {
		err = adminapi.ConfirmID(id, sa.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot get service account %q: %w", id, err)
	}
	serviceAccounts.Put(c.conn, c.conn.Project, *sa)
	return sa, nil
}

func (c *keyClient) serviceAccountByName(ctx context.Context, cr *v1alpha1.ProjectAPIKey, name string) (*v1alpha1.ProjectServiceAccountObservation, error) {
	found, err := c.serviceAccountsNamed(ctx, name, c.listedSince)
	if err == nil && len(found) != 1 {
		found, err = c.serviceAccountsNamed(ctx, name, time.Now())
	}
	if err != nil {
		return nil, fmt.Errorf("cannot look up service account %q: %w", name, err)
	}
	switch len(found) {
	case 1:
		return found[0], c.ownership.CheckReference(ctx, cr, "ProjectServiceAccount", found[0].ID, fmt.Sprintf("service account %q", name))
	case 0:
		return nil, terminal.IfLastingErrorf("no service account of project %q is named %q: correct forProvider.serviceAccountName in a new object, or create the service account", c.conn.Project, name)
	}
	return nil, terminal.Errorf("%d service accounts of project %q are named %q: say which with forProvider.serviceAccountID", len(found), c.conn.Project, name)
}

func (c *keyClient) serviceAccountsNamed(ctx context.Context, name string, since time.Time) ([]*v1alpha1.ProjectServiceAccountObservation, error) {
	all, err := serviceAccounts.List(ctx, c.conn, c.conn.Project, since)
	if err != nil {
		return nil, err
	}
	var found []*v1alpha1.ProjectServiceAccountObservation
	for sa := range all.All() {
		if sa.Name == name {
			found = append(found, sa)
		}
	}
	return found, nil
}
