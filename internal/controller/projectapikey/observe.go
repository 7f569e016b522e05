// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Observe compares the object with its Secret and with what OpenAI lists.
func (e *external) Observe(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (managed.ExternalObservation, error) {
	o, err := e.observe(ctx, cr)
	if meta.WasDeleted(cr) {
		return e.observeDeleted(ctx, cr, o, err)
	}
	if err != nil {
		e.reportExpired(ctx, cr)
		return managed.ExternalObservation{}, err
	}
	if err := e.releaseUnowned(ctx, cr, o); err != nil {
		return managed.ExternalObservation{}, err
	}
	if mayNotChangeKey(cr) {
		return e.observeOnly(ctx, cr, o)
	}
	if e.deletionOnly(ctx) {
		return e.observeDeletionOnly(ctx, cr, o)
	}

	if !reconciler.Allows(cr, xpv2.ManagementActionUpdate) {
		if err := e.run(ctx, cr, &o, e.endUnused); err != nil {
			return managed.ExternalObservation{}, err
		}
	}
	d := decide(o)
	if d.current != nil && !hasAccess(d.current) {
		d.reconcileBy(o.now.Add(accessCheckInterval))
	}
	e.observed, e.decision = o, d
	e.memory.forObject(cr.GetUID()).reconcileAt = d.reconcileAt
	backUpInStatus(cr, o)
	if d.current == nil {
		return e.observeMissing(ctx, cr, o, d)
	}
	return e.observeCurrent(ctx, cr, o, d)
}

// observeCurrent observes an object with a key that works.
func (e *external) observeCurrent(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, d decision) (managed.ExternalObservation, error) {
	if d.issueReason != "" {
		// It may expire before the rate limit allows to issue its successor.
		reconcilestate.Of(ctx).SetReconcileBy(o.expiresAt(d.current))
		if err := e.reserve(ctx, cr, d); err != nil {
			return managed.ExternalObservation{}, err
		}
	}
	if err := e.reportCurrent(ctx, cr, o, d); err != nil {
		return managed.ExternalObservation{}, err
	}
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: d.upToDate(), Diff: d.issueReason + d.updateReason}, nil
}

// reportCurrent shows the current key, and what its user should know of it.
func (e *external) reportCurrent(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, d decision) error {
	if err := e.recordCurrent(ctx, cr, o, d.current); err != nil {
		return err
	}
	e.reportKey(cr, o, d.current)
	requested := ""
	if d.origin == originRequested {
		requested = d.postponed
	}
	reconciler.RecordPostponed(ctx, requested)
	if why := cmp.Or(d.postponed, withheldUpdate(cr, d), o.earlyRevocationNotice(d.current.ID)); why != "" && cr.GetCondition(xpv2.TypeReady).Reason == xpv2.ReasonAvailable {
		cr.SetConditions(xpv2.Available().WithMessage(why))
	}
	return nil
}

// withheldUpdate is what the management policies keep from being applied; empty: nothing.
func withheldUpdate(cr *v1alpha1.ProjectAPIKey, d decision) string {
	due := cmp.Or(d.issueReason, d.updateReason)
	if due == "" || reconciler.Allows(cr, xpv2.ManagementActionUpdate) {
		return ""
	}
	return due + ", which is not applied, because spec.managementPolicies do not include Update"
}

// observeMissing observes an object without a key that can be used.
func (e *external) observeMissing(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, d decision) (managed.ExternalObservation, error) {
	switch {
	case d.notRecreated != "":
		return managed.ExternalObservation{}, d.notRecreatedError(o)
	case d.waitReason != "":
		cr.SetConditions(xpv2.Unavailable().WithMessage(d.waitReason))
		// Update revokes other keys meanwhile.
		return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: len(d.revoke) == 0, Diff: d.waitReason}, nil
	}
	if len(d.revoke) > 0 {
		// A revocation that the user asks for need not wait for a successor. If it fails, Update
		// tries again once there is one.
		_ = e.revokeDue(ctx, cr, &o, d)
	}
	if o.state.keyID != "" || cr.Status.AtProvider.ID != "" {
		cr.SetConditions(xpv2.Unavailable().WithMessage(d.issueReason + "; a new one is being issued"))
	}
	return managed.ExternalObservation{}, e.prepareCreate(ctx, cr, o)
}

// backUpInStatus shows in the status what the Secret has, in case that is lost.
func backUpInStatus(cr *v1alpha1.ProjectAPIKey, o observed) {
	at := &cr.Status.AtProvider
	if id := o.state.keyID; id != "" && id != at.ID {
		*at = v1alpha1.ProjectAPIKeyObservation{ID: id, ProjectID: at.ProjectID, ServiceAccountID: o.state.account, Scopes: at.Scopes, Applied: at.Applied}
	}
	at.UnplannedRotations = o.unplanned
	if o.state.keyID != "" {
		at.Applied, at.Retiring = lastApplied(o), retiringStatus(o)
	}
}

// reportExpired shows that the key has expired, as far as is known, while OpenAI cannot be asked.
func (e *external) reportExpired(ctx context.Context, cr *v1alpha1.ProjectAPIKey) {
	is := cr.Status.AtProvider
	if is.ExpiresAt == nil {
		return
	}
	at := is.ExpiresAt.Add(-e.clockOffset())
	if a, issued := validApplied(is.Applied, e.now()); a.KeyID == is.ID && !issued.IsZero() && is.CreatedAt != nil {
		at = issued.Add(is.ExpiresAt.Sub(is.CreatedAt.Time))
	}
	if e.now().Before(at) {
		reconcilestate.Of(ctx).SetReconcileBy(at)
		return
	}
	cr.SetConditions(xpv2.Unavailable().WithMessage(messageExpired))
}

const messageExpired = "the key has expired"

// releaseUnowned removes the owner reference from a Secret that is to outlive the object, if no
// update does: whoever deletes the object must not delete the only copy of the value.
func (e *external) releaseUnowned(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) error {
	if mayDelete(cr) || reconciler.Allows(cr, xpv2.ManagementActionUpdate) || o.secret == nil || !metav1.IsControlledBy(o.secret, cr) {
		return nil
	}
	return releaseSecrets(ctx, e.kube, e.apiReader, cr)
}

// notRecreatedError is the error for a key that OpenAI does not find and that is not replaced.
func (d *decision) notRecreatedError(o observed) error {
	e := &reconciler.NotRecreatedError{ID: o.state.keyID, Why: d.notRecreated}
	if !d.reconcileAt.IsZero() {
		e.RetryAfter = max(d.reconcileAt.Sub(o.now), time.Second)
	}
	return e
}

// prepareCreate makes sure that Create may be called.
func (e *external) prepareCreate(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) error {
	if err := e.checkExternalName(ctx, cr, o); err != nil || adopts(cr, o) || !reconciler.Allows(cr, xpv2.ManagementActionCreate) {
		return err
	}
	if err := e.conn.Reserve(ctx, ratelimit.CreateKey); err != nil {
		return err
	}
	o.stillInFlight().with(o.nextSerial(), o.now).write(cr)
	// The runtime writes the object before it calls Create, with this entry and the finalizer.
	meta.AddFinalizer(cr, managed.FinalizerName)
	return nil
}

// reserve the call that issues a successor. While the rate limit does not allow it, keys that
// nobody should use any more are revoked all the same.
func (e *external) reserve(ctx context.Context, cr *v1alpha1.ProjectAPIKey, d decision) error {
	if !reconciler.Allows(cr, xpv2.ManagementActionUpdate) {
		return nil
	}
	e.throttled = e.conn.Reserve(ctx, ratelimit.CreateKey)
	if len(d.revoke) > 0 {
		return nil
	}
	return e.throttled
}

// observeDeleted observes an object that is being deleted. Once none of its keys is valid, nothing exists.
func (e *external) observeDeleted(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, err error) (managed.ExternalObservation, error) {
	if apierror.IsProjectArchived(err) || (err == nil && e.conn.IsArchived()) {
		// OpenAI refuses every key of an archived project, whatever its lists show.
		err, o.keys, o.inFlight = nil, nil, nil
	}
	if err != nil {
		return managed.ExternalObservation{}, err
	}
	e.observed = o
	alive := len(o.idsToRevoke()) > 0 || len(o.stillInFlight()) > 0
	if !alive {
		e.memory.forget(cr.GetUID())
		e.emitOrphaned(ctx, cr, o)
	}
	return managed.ExternalObservation{ResourceExists: alive}, nil
}

// emitOrphaned reports the keys that outlive an object although it names them: nothing shows that
// they are its own, and somebody may be using them.
func (e *external) emitOrphaned(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) {
	if len(cr.GetFinalizers()) > 1 {
		// It stays for other finalizers.
		return
	}
	for i := range o.keys {
		k := &o.keys[i]
		if o.manages(k) || o.expired(k) || o.managedByOthers[k.ID] != nil || e.ownership.Check(ctx, kindName, cr, k.ID) != nil {
			// Another object that manages the key revokes it.
			continue
		}
		// The key may have been revoked since it was listed.
		if _, err := e.get(ctx, k.ID); apierror.IsNotFound(err) {
			continue
		}
		e.emit(event{warning: true, reason: "Orphaned", message: fmt.Sprintf("Key %s (%s) is named by this object and stays valid at OpenAI: nothing proves that it was issued for this object, as its name has another object's owner hash or none, and no Secret of it holds the key's value. Revoke it at OpenAI if nobody uses it", k.ID, k.Name)})
	}
	if o.otherProjectKeyID != "" {
		e.emit(event{warning: true, reason: "Orphaned", message: fmt.Sprintf("Key %s, which the Secret of this object names, is of another project and was left as it is", o.otherProjectKeyID)})
	}
}

// observeOnly observes the key that the external name or the Secret names.
func (e *external) observeOnly(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) (managed.ExternalObservation, error) {
	k := o.find(meta.GetExternalName(cr))
	if k == nil {
		k = o.find(o.state.keyID)
	}
	if k == nil {
		return managed.ExternalObservation{}, nil
	}
	if err := e.ownership.CheckReference(ctx, cr, kindName, k.ID, fmt.Sprintf("key %q", k.ID)); err != nil {
		return managed.ExternalObservation{}, err
	}
	e.reportKey(cr, o, k)
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
}

// checkExternalName fails if the external name is that of a valid key that somebody else created:
// its value cannot be read back, and it may be in use.
func (e *external) checkExternalName(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) error {
	id := meta.GetExternalName(cr)
	k := o.find(id)
	if id == "" || adopts(cr, o) {
		return nil
	}
	if k == nil && o.state.keyID == "" && o.trigger == "" && !reconciler.Created(cr, id) {
		return &reconciler.NotRecreatedError{ID: id, Why: "does not exist at OpenAI, and no key is issued in its place, because nothing shows that this object issued it: set forProvider.rotation.trigger to have one issued, correct the external name, or delete this object and create it again without an external name"}
	}
	if k == nil || o.manages(k) || id == o.replacesID {
		return nil
	}
	if err := e.ownership.Check(ctx, kindName, cr, id); err != nil {
		return err
	}
	return terminal.Errorf("the value of key %q cannot be read back: give it with forProvider.importSecretRef, set rotation.trigger to replace the key, or set managementPolicies: [Observe] to only watch it", id)
}

// recordCurrent writes to the object, if that changes it: the ID of the current key as external
// name, whether it was adopted, and the keys that are still in flight.
func (e *external) recordCurrent(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, current *openai.ProjectAPIKey) error {
	adopted := o.adopted
	_, hasHash := o.ownerHash.serial(current.Name)
	switch {
	case !hasHash:
		adopted = current.ID
	case o.find(adopted) == nil:
		adopted = o.adoptedRetiring()
	}
	before := cr.DeepCopy()
	changed := o.stillInFlight().write(cr)
	changed = changed || meta.GetExternalName(cr) != current.ID || o.adopted != adopted || reconciler.Created(cr, current.ID) != hasHash
	if !changed {
		return nil
	}
	meta.SetExternalName(cr, current.ID)
	if hasHash {
		reconciler.MarkCreated(cr, current.ID)
	}
	meta.RemoveAnnotations(cr, annotationAdopted)
	if adopted != "" {
		meta.AddAnnotations(cr, map[string]string{annotationAdopted: adoptedAnnotation(cr, adopted)})
	}
	written := cr.DeepCopy()
	if err := e.kube.Patch(ctx, written, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("cannot write key %q as external name: %w", current.ID, err)
	}
	cr.SetAnnotations(written.GetAnnotations())
	cr.SetResourceVersion(written.GetResourceVersion())
	return nil
}

// reportKey shows a key in the object's status and conditions.
func (e *external) reportKey(cr *v1alpha1.ProjectAPIKey, o observed, k *openai.ProjectAPIKey) {
	cr.Status.AtProvider = observation(cr, o, k)
	cr.Status.AtProvider.ProjectID = e.conn.Project
	switch {
	case o.expired(k):
		cr.SetConditions(xpv2.Unavailable().WithMessage(messageExpired))
	case !hasAccess(k):
		cr.SetConditions(xpv2.Unavailable().WithMessage(fmt.Sprintf("OpenAI refuses the key, because service account %q has no access to project %q: give it the role member", k.Owner.ServiceAccount.ID, e.conn.Project)))
	default:
		cr.SetConditions(xpv2.Available())
	}
}

// adoptedRetiring is the ID of an adopted key that was replaced; empty: there is none.
func (o observed) adoptedRetiring() string {
	for id := range o.state.retiring {
		k := o.find(id)
		if k == nil || !o.manages(k) {
			continue
		}
		if _, hasHash := o.ownerHash.serial(k.Name); !hasHash {
			return id
		}
	}
	return ""
}

// accessCheckInterval is how often a key is observed that OpenAI refuses because its service
// account has no role in the project yet.
const accessCheckInterval = 30 * time.Second

// hasAccess reports whether OpenAI accepts keys of a key's owner.
func hasAccess(k *openai.ProjectAPIKey) bool {
	return k.OwnerProjectAccess != openai.ProjectAPIKeyOwnerProjectAccessInactive
}

// deletionOnly reports whether the object may only delete what it manages, as its configuration says, or
// whoever manages what it refers to.
func (e *external) deletionOnly(ctx context.Context) bool {
	return e.conn.DeletionOnly != nil || reconcilestate.Of(ctx).DeletionOnly() != nil
}

// observeDeletionOnly reports on an object that may only revoke keys. Those that nobody should
// use any more are revoked as ever, or they would live on until the object is deleted.
func (e *external) observeDeletionOnly(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) (managed.ExternalObservation, error) {
	failed := e.run(ctx, cr, &o, e.revokeDue)
	d := decide(o)
	e.observed = o
	e.memory.forObject(cr.GetUID()).reconcileAt = d.reconcileAt
	reconcileSoon(ctx, d.reconcileAt.Sub(o.now))
	backUpInStatus(cr, o)
	if failed != nil {
		return managed.ExternalObservation{}, failed
	}
	out := managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}
	if d.current == nil {
		cr.SetConditions(xpv2.Unavailable().WithMessage(cmp.Or(d.waitReason, d.issueReason, d.notRecreated)))
		return out, nil
	}
	if err := e.recordCurrent(ctx, cr, o, d.current); err != nil {
		return managed.ExternalObservation{}, err
	}
	e.reportKey(cr, o, d.current)
	return out, nil
}

// reconcileSoon requeues an object whose reconcile fails for when something falls due, if that may
// be before its back-off ends.
func reconcileSoon(ctx context.Context, in time.Duration) {
	const longestBackOff = time.Minute
	if in > 0 && in < longestBackOff {
		reconcilestate.Of(ctx).RetryAfter(in + time.Second)
	}
}
