// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// An external client is made for one reconcile of one object. Create, Update and
// Delete act on what Observe saw.
type external struct {
	*keyClient
	alarms   *alarms
	timing   timing
	observed observed

	creating *sync.Map

	// postponed is why there is no turn yet to issue a successor; nil: there is, or none is
	// due.
	postponed error
}

// mayDelete reports whether the key ends with the object.
func mayDelete(cr *v1alpha1.ProjectAPIKey) bool {
	return reconciler.Allows(cr, xpv2.ManagementActionDelete)
}

// mayNotChangeKey reports whether the object may neither create nor update a key.
func mayNotChangeKey(cr *v1alpha1.ProjectAPIKey) bool {
	return !reconciler.Allows(cr, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate)
}

// tidyOnly ends keys that the object created and does not hold. An object that may
// create but not update must not leave them alive for ever.
func (e *external) tidyOnly(ctx context.Context, o *observed, d decision) (decision, error) {
	if len(d.retire)+len(d.setExpiry)+len(d.revoke) == 0 || d.move {
		return d, nil
	}
	if err := e.end(ctx, o, d); err != nil {
		return d, err
	}
	return decide(*o), nil
}

// Create issues a key and stores it, or adopts one. It returns no connection
// details: the Secret is written already, and a second write could only harm.
func (e *external) Create(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalCreation, error) {
	var (
		id  string
		err error
	)
	if adopts(cr, e.observed) {
		if id, err = e.adopt(ctx, cr, e.observed); err == nil {
			meta.AddAnnotations(cr, map[string]string{annotationAdopted: adoptedAnnotation(cr, id)})
			// Its name does not tell, and its value would have to prove it again.
			reconciler.WriteStatusNow(ctx)
		}
	} else {
		if id, err = e.issueKey(ctx, cr, e.observed, decide(e.observed)); err == nil {
			err = e.confirmObjectExists(ctx, cr, id)
			reconciler.MarkCreated(cr, id)
		}
	}
	if err == nil {
		err = e.persistReplaced(ctx, cr, e.observed.replacesID)
	}
	if err != nil {
		return managed.ExternalCreation{}, err
	}
	e.acquireIssued(ctx, cr, id)
	meta.SetExternalName(cr, id)
	// The runtime saves the annotations.
	if told, err := readInFlight(cr, e.now()); err == nil {
		told.without(e.observed.nextSerial()).write(cr)
	}
	ratelimit.MarkProgress(ctx)
	return managed.ExternalCreation{}, nil
}

// Update does what Observe found to be due.
func (e *external) Update(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalUpdate, error) {
	o := e.observed
	// Whatever else fails must not keep alive what nobody should use any more.
	failed := e.end(ctx, &o, decision{revoke: decide(o).revoke})
	d := decide(o)
	tried := d.revoke
	d.revoke = nil
	if d.current == nil && d.wait != "" {
		return managed.ExternalUpdate{}, errors.Join(failed, e.end(ctx, &o, d))
	}
	if d.current == nil {
		return managed.ExternalUpdate{}, errors.Join(failed, terminal.Errorf("%s, and a new key cannot be issued: add Create to managementPolicies", d.issue))
	}
	if e.postponed != nil {
		failed, d.issue = errors.Join(failed, e.postponed), ""
	}
	if d.move || d.issue != "" {
		if err := e.replace(ctx, cr, o, d); err != nil {
			return managed.ExternalUpdate{}, errors.Join(failed, err)
		}
		var err error
		if o, err = e.observe(ctx, cr); err != nil {
			return managed.ExternalUpdate{}, errors.Join(failed, err)
		}
		d = decide(o)
		// Once in a reconcile is enough.
		d.revoke = slices.DeleteFunc(d.revoke, func(r revocation) bool { return slices.Contains(tried, r) })
	}
	failed = errors.Join(failed, e.amend(ctx, cr, &o, d))

	// Otherwise the status would tell of the old state until the next poll.
	d = decide(o)
	e.alarms.set(cr.GetUID(), d.reconcileAt)
	backUpInStatus(cr, o)
	if d.current == nil {
		return managed.ExternalUpdate{}, failed
	}
	if err := e.recordCurrent(ctx, cr, o, d.current); err != nil {
		return managed.ExternalUpdate{}, errors.Join(failed, err)
	}
	e.reportKey(cr, o, d.current)
	e.reportNotices(ctx, cr, o, d)
	return managed.ExternalUpdate{}, failed
}

// replace the Secret or the key.
func (e *external) replace(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, d decision) error {
	if d.move {
		return e.moveSecret(ctx, cr, o)
	}
	_, err := e.issueKey(ctx, cr, o, d)
	return err
}

// amend what need not be replaced.
func (e *external) amend(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	var failed error
	if d.update != "" && d.current != nil {
		failed = e.updateKey(ctx, cr, o, d.current.ID)
	}
	return errors.Join(failed, e.end(ctx, o, d))
}

// end keys that the object does not hold, now or when their overlap is over.
func (e *external) end(ctx context.Context, o *observed, d decision) error {
	var failed error
	if len(d.revoke) > 0 {
		failed = e.revokeKeys(ctx, o, d.revoke)
	}
	if len(d.retire) > 0 {
		if err := e.recordRetiring(ctx, o, d.retire); err != nil {
			return errors.Join(failed, err)
		}
		d = decide(*o)
	}
	if len(d.setExpiry) > 0 {
		failed = errors.Join(failed, e.setExpiries(ctx, o, d.setExpiry))
	}
	return failed
}

// Delete revokes every key that was issued for the object.
func (e *external) Delete(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	live, open := e.observed.ownedIDs(), e.observed.stillInFlight()
	var failed []error
	for _, id := range live {
		err := e.revoke(ctx, revocation{id: id, reason: reasonDeleted})
		if err == nil {
			continue
		}
		if failed = append(failed, err); apierror.ClassOf(err) == apierror.ClassThrottled {
			break
		}
	}
	if len(failed) > 0 {
		return managed.ExternalDelete{}, errors.Join(failed...)
	}
	if len(live) > 0 {
		ratelimit.MarkProgress(ctx)
	}
	if until := open.latestEnd(e.observed.inFlightGrace); !until.IsZero() {
		cr.SetConditions(xpv2.Deleting().WithMessage(fmt.Sprintf("An issue was interrupted: the object stays until %s, in case OpenAI shows a key that it made", until.UTC().Format(time.RFC3339))))
	}
	// Once revoked they are no longer listed, but no longer awaited either.
	return managed.ExternalDelete{}, e.persistInFlight(ctx, cr, open)
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external) Disconnect(context.Context) error { return nil }
