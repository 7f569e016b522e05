// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// An external client is made for one reconcile of one object. Create, Update and Delete act
// on what Observe observed and decided.
type external struct {
	*keyClient
	timing   timing
	observed observed
	decision decision

	// throttled is why the rate limit does not allow the call yet that issues a successor; nil:
	// it does, or none is due.
	throttled error

	// replaced reports that Update issued a successor or moved the Secret, and attempted are
	// the revocations that it had tried before.
	replaced  bool
	attempted []revocation
}

// mayDelete reports whether the key ends with the object.
func mayDelete(cr *v1alpha1.ProjectAPIKey) bool {
	return reconciler.Allows(cr, xpv2.ManagementActionDelete)
}

// mayNotChangeKey reports whether the object may neither create nor update a key.
func mayNotChangeKey(cr *v1alpha1.ProjectAPIKey) bool {
	return !reconciler.Allows(cr, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate)
}

// A phase does one part of what was decided, and changes what is observed accordingly.
type phase func(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) error

// run phases in order. Each gets a decision about what those before it have left to do. One
// that fails does not keep the others from running.
func (e *external) run(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, phases ...phase) error {
	var failed []error
	for _, p := range phases {
		failed = append(failed, p(ctx, cr, o, decide(*o)))
	}
	return errors.Join(failed...)
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
			// Neither its name nor the spec shows that this object manages it: only the status does.
			reconciler.WriteStatusNow(ctx)
		}
	} else {
		if id, err = e.issueKey(ctx, cr, e.observed, e.decision); err == nil {
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
	e.manageIssued(ctx, cr, id)
	meta.SetExternalName(cr, id)
	// The runtime saves the annotations.
	if entries, err := readInFlight(cr, e.now()); err == nil {
		entries.without(e.observed.nextSerial()).write(cr)
	}
	reconcilestate.Of(ctx).RecordProgress()
	return managed.ExternalCreation{}, nil
}

// Update does what Observe found to be due.
func (e *external) Update(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalUpdate, error) {
	o := e.observed
	// Whatever else fails must not keep alive what nobody should use any more.
	failed := errors.Join(e.run(ctx, cr, &o, e.revokeDue), e.throttled)
	if err := e.run(ctx, cr, &o, e.replaceDue); err != nil {
		return managed.ExternalUpdate{}, errors.Join(failed, err)
	}
	err := e.run(ctx, cr, &o, e.updateDue, e.revokeSinceReplaced, e.recordRetiring, e.expireRetiring, e.reportUpdated)
	return managed.ExternalUpdate{}, errors.Join(failed, err)
}

// replaceDue issues a successor, or moves the key to the Secret that the spec names now, and
// observes the object again.
func (e *external) replaceDue(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) (err error) {
	e.attempted = d.revoke
	switch {
	case d.current == nil && d.waitReason != "":
		return nil
	case d.current == nil:
		return terminal.Errorf("%s, and a new key cannot be issued: add Create to managementPolicies", d.issueReason)
	case d.move:
		err = e.moveSecret(ctx, cr, *o)
	case d.issueReason != "" && e.throttled == nil:
		_, err = e.issueKey(ctx, cr, *o, d)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	e.replaced = true
	*o, err = e.observe(ctx, cr)
	return err
}

// revokeSinceReplaced revokes what is due since a successor was issued. A revocation is tried
// once in a reconcile.
func (e *external) revokeSinceReplaced(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	if !e.replaced {
		return nil
	}
	d.revoke = slices.DeleteFunc(d.revoke, func(r revocation) bool { return slices.Contains(e.attempted, r) })
	return e.revokeDue(ctx, cr, o, d)
}

// endUnused ends keys that the object created and that are not its current one. An object
// that may create but not update must not leave them alive for ever.
func (e *external) endUnused(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	if d.current == nil || d.move {
		return nil
	}
	return e.run(ctx, cr, o, e.revokeDue, e.recordRetiring, e.expireRetiring)
}

// reportUpdated reports what an update led to, which the status would otherwise show only
// after the next poll.
func (e *external) reportUpdated(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	e.memory.forObject(cr.GetUID()).reconcileAt = d.reconcileAt
	backUpInStatus(cr, *o)
	if d.current == nil {
		return nil
	}
	return e.reportCurrent(ctx, cr, *o, d)
}

// Delete revokes every key that was issued for the object.
func (e *external) Delete(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	live, entries := e.observed.idsToRevoke(), e.observed.stillInFlight()
	var failed []error
	for _, id := range live {
		err := e.revoke(ctx, revocation{id: id, reason: messageDeleted})
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
		reconcilestate.Of(ctx).RecordProgress()
	}
	if until := entries.latestEnd(e.observed.inFlightGrace); !until.IsZero() {
		cr.SetConditions(xpv2.Deleting().WithMessage(fmt.Sprintf("The creation of a key was interrupted: the object stays until %s, in case OpenAI shows a key that it made", until.UTC().Format(time.RFC3339))))
	}
	// Once revoked they are no longer listed, but no longer awaited either.
	return managed.ExternalDelete{}, e.persistInFlight(ctx, cr, entries)
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external) Disconnect(context.Context) error { return nil }

// idsToRevoke lists the keys to revoke when the object goes.
func (o observed) idsToRevoke() []string {
	var ids []string
	for i := range o.keys {
		if o.manages(&o.keys[i]) {
			ids = append(ids, o.keys[i].ID)
		}
	}
	return ids
}
