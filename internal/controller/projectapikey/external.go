// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// An external client is made for one reconcile of one object. Create, Update and
// Delete act on what Observe saw.
type external struct {
	*keyring
	alarms *alarms
	seen   view
}

// Observe compares the object with its Secret and with what OpenAI lists.
func (e *external) Observe(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalObservation, error) {
	v, err := e.look(ctx, cr)
	if meta.WasDeleted(cr) {
		return e.observeDeleted(cr, v, err)
	}
	if err != nil {
		return managed.ExternalObservation{}, err
	}
	e.seen = v

	if onlyObserves(cr) {
		return e.observeOnly(cr, v), nil
	}

	d := decide(v)
	e.alarms.set(cr.GetUID(), d.wake)
	switch {
	case d.wait != "":
		cr.SetConditions(xpv2.Creating().WithMessage(d.wait))
		return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
	case d.held == nil:
		return managed.ExternalObservation{}, refuseToGuess(cr, v)
	}
	if err := e.noteExternalName(ctx, cr, d.held.ID); err != nil {
		return managed.ExternalObservation{}, err
	}
	e.report(cr, v, d.held)
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: d.upToDate(), Diff: d.issue + d.update}, nil
}

// look at the Secret and at OpenAI.
func (e *external) look(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (view, error) {
	p := cr.Spec.ForProvider
	v := view{now: e.now(), tag: tagFor(cr.GetUID()), scopes: scopes(p)}
	if p.ExpiresIn != nil {
		v.expiresIn = p.ExpiresIn.Duration
	}

	s, err := readSecret(ctx, e.live, cr)
	var foreign *ForeignSecretError
	if errors.As(err, &foreign) && meta.WasDeleted(cr) {
		// The keys of an object that is going do not depend on somebody else's Secret.
		s, err = nil, nil
	}
	if err != nil {
		return v, err
	}
	v.secret = s
	if v.record, err = readRecord(s); err != nil {
		return v, err
	}
	if p.ProjectID == nil && v.record.project != "" {
		// A key stays in its project, whatever becomes the default.
		if e.conn, err = e.conn.InProject(&v.record.project); err != nil {
			return v, err
		}
	}
	v.details = details(e.conn)

	if v.listed, err = e.list(ctx, v.record.keyID, meta.GetExternalName(cr)); err != nil {
		return v, fmt.Errorf("cannot list the keys of project %q: %w", e.conn.Project, err)
	}
	return v, nil
}

// details of the Secret that tell a consumer's SDK how to use the key.
func details(c *adminapi.Connection) map[string][]byte {
	d := map[string][]byte{dataProject: []byte(c.Project)}
	if c.OrganizationID != "" {
		d[dataOrganization] = []byte(c.OrganizationID)
	}
	if c.BaseURL != adminapi.DefaultBaseURL {
		d[dataBaseURL] = []byte(c.BaseURL)
	}
	return d
}

// observeDeleted reports an object as gone once none of its keys lives.
func (e *external) observeDeleted(cr *v1alpha1.ProjectAPIKey, v view, err error) (managed.ExternalObservation, error) {
	if adminapi.IsProjectGone(err) {
		// OpenAI refuses every key of an archived project.
		err, v.listed, v.record.pending = nil, nil, 0
	}
	if err != nil {
		return managed.ExternalObservation{}, err
	}
	e.seen = v
	alive := len(v.live()) > 0 || v.settling()
	if !alive {
		e.alarms.set(cr.GetUID(), noAlarm)
	}
	return managed.ExternalObservation{ResourceExists: alive}, nil
}

// onlyObserves tells that the object may neither create nor update a key.
func onlyObserves(cr *v1alpha1.ProjectAPIKey) bool {
	policies := cr.GetManagementPolicies()
	return len(policies) > 0 && !slices.ContainsFunc(policies, func(p xpv2.ManagementAction) bool {
		return p == xpv2.ManagementActionAll || p == xpv2.ManagementActionCreate || p == xpv2.ManagementActionUpdate
	})
}

// observeOnly reports on the key that the external name or the Secret names.
func (e *external) observeOnly(cr *v1alpha1.ProjectAPIKey, v view) managed.ExternalObservation {
	k := v.find(meta.GetExternalName(cr))
	if k == nil {
		k = v.find(v.record.keyID)
	}
	if k == nil {
		return managed.ExternalObservation{}
	}
	e.report(cr, v, k)
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}
}

// refuseToGuess fails if the external name is that of a living key which somebody
// else made: its value cannot be read back, and it may be in use.
func refuseToGuess(cr *v1alpha1.ProjectAPIKey, v view) error {
	id := meta.GetExternalName(cr)
	k := v.find(id)
	if k == nil || id == v.record.keyID || adopts(cr, v) {
		return nil
	}
	if _, ours := v.tag.serial(k.Name); ours {
		return nil
	}
	return fmt.Errorf("the value of key %q cannot be read back: give it with forProvider.importSecretRef, set managementPolicies: [Observe] to only watch the key, or remove the external name to have a new key issued", id)
}

// noteExternalName keeps the external name, which follows from the Secret, right.
func (e *external) noteExternalName(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string) error {
	if meta.GetExternalName(cr) == id {
		return nil
	}
	before := cr.DeepCopy()
	meta.SetExternalName(cr, id)
	if err := e.kube.Patch(ctx, cr, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("cannot note key %q as external name: %w", id, err)
	}
	return nil
}

// report a key in the object's status and conditions.
func (e *external) report(cr *v1alpha1.ProjectAPIKey, v view, k *openai.ProjectAPIKey) {
	cr.Status.AtProvider = observation(cr, v, k)
	cr.Status.AtProvider.ProjectID = e.conn.Project
	switch {
	case v.expired(k):
		cr.SetConditions(xpv2.Unavailable().WithMessage("the key has expired"))
	case k.OwnerProjectAccess == openai.ProjectAPIKeyOwnerProjectAccessInactive:
		cr.SetConditions(xpv2.Unavailable().WithMessage(fmt.Sprintf("OpenAI refuses the key, because service account %q has no access to project %q: give it the role member", k.Owner.ServiceAccount.ID, e.conn.Project)))
	default:
		cr.SetConditions(xpv2.Available())
	}
}

// Create issues a key and stores it, or adopts one. It returns no connection
// details: the Secret is written already, and a second write could only harm.
func (e *external) Create(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalCreation, error) {
	var (
		id  string
		err error
	)
	if adopts(cr, e.seen) {
		id, err = e.adopt(ctx, cr, e.seen)
	} else {
		id, err = e.mint(ctx, cr, e.seen, decide(e.seen).issue)
	}
	if err != nil {
		return managed.ExternalCreation{}, err
	}
	meta.SetExternalName(cr, id)
	return managed.ExternalCreation{}, nil
}

// Update does what Observe found to be due.
func (e *external) Update(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalUpdate, error) {
	v, d := e.seen, decide(e.seen)
	if d.held == nil {
		// The management policies allow no new key, and there is no old one.
		cr.SetConditions(xpv2.Unavailable().WithMessage("there is no key, and managementPolicies do not allow to create one, although " + d.issue))
		return managed.ExternalUpdate{}, nil
	}
	if d.issue != "" {
		if _, err := e.mint(ctx, cr, v, d.issue); err != nil {
			return managed.ExternalUpdate{}, err
		}
		var err error
		if v, err = e.look(ctx, cr); err != nil {
			return managed.ExternalUpdate{}, err
		}
		d = decide(v)
	}
	if d.update != "" {
		if err := e.update(ctx, &v, d.held.ID); err != nil {
			return managed.ExternalUpdate{}, err
		}
	}
	if len(d.revoke) > 0 {
		if err := e.tidy(ctx, &v, d.revoke); err != nil {
			return managed.ExternalUpdate{}, err
		}
	}

	// Otherwise the status would tell of the old state until the next poll.
	d = decide(v)
	e.alarms.set(cr.GetUID(), d.wake)
	if d.held == nil {
		return managed.ExternalUpdate{}, nil
	}
	if err := e.noteExternalName(ctx, cr, d.held.ID); err != nil {
		return managed.ExternalUpdate{}, err
	}
	e.report(cr, v, d.held)
	return managed.ExternalUpdate{}, nil
}

// Delete revokes every key that was issued for the object.
func (e *external) Delete(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	for _, id := range e.seen.live() {
		if err := e.revoke(ctx, revocation{id: id, reason: reasonDeleted}); err != nil {
			return managed.ExternalDelete{}, err
		}
	}
	return managed.ExternalDelete{}, nil
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external) Disconnect(context.Context) error { return nil }
