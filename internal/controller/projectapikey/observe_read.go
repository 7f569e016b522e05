// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// observe the object, its Secret, and what OpenAI lists.
func (e *external) observe(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (observed, error) {
	name, err := externalName(cr)
	if err != nil {
		return observed{}, err
	}
	e.memory.forObject(cr.GetUID()).restore(&cr.Status.AtProvider)
	o := e.newObserved(cr, name)
	if o.inFlight, err = readInFlight(cr, o.now); err != nil {
		return o, err
	}
	if err := e.readSecrets(ctx, cr, &o); err != nil {
		return o, err
	}
	if err := o.validateName(cr, name); err != nil {
		return o, err
	}
	if err := e.stayInProject(ctx, cr, &o); err != nil {
		return o, err
	}
	o.details, o.projectID = details(e.conn), e.conn.Project
	if err := e.listKeys(ctx, cr, &o, name); err != nil {
		return o, fmt.Errorf("cannot list the keys of project %q: %w", e.conn.Project, err)
	}
	o.offset = e.clockOffset()
	if err := e.verifyManaged(ctx, cr, &o); err != nil {
		return o, err
	}
	rebuild(&o, cr)
	applyEarlyRevocation(&o)
	known := e.memory.forObject(cr.GetUID())
	known.unplanned = unplannedRotations(cr, known.unplanned, o.interrupted(), o.now)
	o.unplanned = known.unplanned
	o.plannedRotation = o.plannedRotationOf(cr)
	o.adoptedCurrent = o.state.name == "" && !reconciler.Created(cr, o.state.keyID)
	if err := o.currentNotManaged(); err != nil && !meta.WasDeleted(cr) && !mayNotChangeKey(cr) {
		return o, err
	}
	err = e.allowReplacement(ctx, cr, &o, name)
	return o, err
}

// newObserved has what the object itself shows.
func (e *external) newObserved(cr *v1alpha1.ProjectAPIKey, name string) observed {
	at := cr.Status.AtProvider
	o := observed{
		now:               e.now(),
		uid:               string(cr.GetUID()),
		ownerHash:         ownerHashOf(cr.GetUID()),
		adopted:           adoptedID(cr),
		publishedIDs:      publishedIDsOf(cr),
		observedAccountID: at.ServiceAccountID,
		lastObservedID:    firstKeyID(at.ID, name),
		desired:           desiredOf(cr),
		timing:            e.timing,
	}
	o.statusApplied, o.statusIssuedAt = validApplied(at.Applied, o.now)
	if succeeded := meta.GetExternalCreateSucceeded(cr); succeeded.After(o.now) {
		// By a clock that was ahead. The runtime would take the key for one that was created just
		// now.
		meta.RemoveAnnotations(cr, meta.AnnotationKeyExternalCreateSucceeded)
	}
	return o
}

// firstKeyID is the first text that can be the ID of a key.
func firstKeyID(ids ...string) string {
	if i := slices.IndexFunc(ids, isKeyID); i >= 0 {
		return ids[i]
	}
	return ""
}

// externalName of an object; empty if somebody set it to the value of a key and the object is being
// deleted.
func externalName(cr *v1alpha1.ProjectAPIKey) (string, error) {
	name := meta.GetExternalName(cr)
	if !reconciler.IsKeyValue(name) {
		return name, nil
	}
	if meta.WasDeleted(cr) {
		return "", nil
	}
	return "", errValueAsName
}

// validateName fails if the external name cannot be an ID and nothing else shows which key is
// meant. If something does, a wrong name is corrected.
func (o observed) validateName(cr *v1alpha1.ProjectAPIKey, name string) error {
	if name == "" || isKeyID(name) || o.state.keyID != "" || cr.Status.AtProvider.ID != "" || meta.WasDeleted(cr) {
		return nil
	}
	return &apierror.IDError{ID: name}
}

// plannedRotationOf is when the status shows that the current key is to be replaced, or what the
// spec asks for if that is sooner; zero: it shows none.
func (o observed) plannedRotationOf(cr *v1alpha1.ProjectAPIKey) time.Time {
	at := cr.Status.AtProvider
	if at.NextRotation == nil || at.ID != o.state.keyID {
		return time.Time{}
	}
	planned := at.NextRotation.Time
	if at.ExpiresAt != nil && at.ExpiresAt.Time.Before(planned) && !at.ExpiresAt.IsZero() {
		planned = at.ExpiresAt.Time
	}
	if due := o.state.issued.Add(o.interval); o.interval > 0 && !o.state.issued.IsZero() && due.Before(planned) {
		planned = due
	}
	return planned
}

// listKeys of the project, from a list that is recent enough for the object.
func (e *external) listKeys(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, name string) error {
	since, err := e.listSince(ctx, cr, o)
	if err != nil {
		return err
	}
	named := []string{name, cr.Status.AtProvider.ID}
	if meta.WasDeleted(cr) || e.deletionOnly(ctx) {
		// Those that the status names are verified.
		named = append(named, cr.Status.ManagedIDs...)
	}
	for _, r := range cr.Status.AtProvider.Retiring {
		if !r.Missing {
			named = append(named, r.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.state.retiring)) {
		// To revoke one, it must be known whether it is valid.
		if o.earlyRevocation.ids[id] || (o.earlyRevocation.all && o.earlyRevocationIsNew()) {
			named = append(named, id)
		}
	}
	if meta.WasDeleted(cr) {
		named = append(named, slices.Sorted(maps.Keys(o.publishedIDs))...)
		named = append(named, slices.Sorted(maps.Keys(o.state.retiring))...)
	}
	o.allKeys, o.keys, err = e.list(ctx, since, o.ownerHash, o.knownIDs(named...))
	return err
}

// stayInProject makes sure that a key stays in its project, whatever becomes the default, and that
// a Secret with a key of another project is left alone.
func (e *external) stayInProject(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) error {
	if o.state.project == "" {
		return nil
	}
	if is := cr.Status.AtProvider.ProjectID; is != "" && reconciler.Manages(cr, o.state.keyID) {
		// Only the provider writes the status.
		o.state.project = is
	}
	// Only the provider writes the status, and the Secret may have been edited to have another key
	// revoked.
	inStatus := meta.WasDeleted(cr) && cr.Status.AtProvider.ProjectID != ""
	if cr.Spec.ForProvider.ProjectID == nil && !e.deletionOnly(ctx) && !inStatus {
		conn, err := e.conn.InProject(ctx, o.state.project)
		if err != nil {
			return err
		}
		e.conn = conn
	}
	if o.state.project == e.conn.Project {
		return nil
	}
	if !meta.WasDeleted(cr) {
		return terminal.Errorf("Secret %q holds a key of project %q, which would be lost: name another Secret in writeConnectionSecretToRef, or, if its annotation %q was changed by hand, remove that", client.ObjectKeyFromObject(cmp.Or(o.secret, o.previousSecret)), o.state.project, annotationProjectID)
	}
	o.otherProjectKeyID = o.state.keyID
	o.secret, o.state = nil, keyState{retiring: map[string]retiringKey{}}
	return nil
}

// readSecrets reads the Secret that the spec names, or else the previous one if there is one, and
// its key state.
func (e *external) readSecrets(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) error {
	s, err := readSecret(ctx, e.apiReader, cr)
	var ofAnother *SecretOfAnotherError
	if errors.As(err, &ofAnother) && meta.WasDeleted(cr) {
		// The keys of an object that is being deleted do not depend on somebody else's Secret.
		s, err = nil, nil
	}
	if err != nil {
		return err
	}
	o.secret = s
	known := s != nil && s.Labels[labelOwner] == string(cr.GetUID())
	if !known && !meta.WasDeleted(cr) && !mayNotChangeKey(cr) && cr.Spec.WriteConnectionSecretToReference != nil {
		if o.previousSecret, err = readPreviousSecret(ctx, e.apiReader, cr); err != nil {
			return err
		}
	}
	if s != nil && o.previousSecret != nil {
		return terminal.Errorf("the key of this object is in Secret %q, and Secret %q exists already: name one in writeConnectionSecretToRef that does not exist, or delete the latter", client.ObjectKeyFromObject(o.previousSecret), client.ObjectKeyFromObject(s))
	}
	o.state, err = readKeyState(cmp.Or(o.secret, o.previousSecret))
	o.state = o.state.validated(o.now, e.clockOffset())
	if err != nil && meta.WasDeleted(cr) {
		// Its keys are found by their names.
		o.state, err = keyState{retiring: map[string]retiringKey{}}, nil
	}
	return err
}

// errValueAsName does not quote the name, which seems to be a secret.
var errValueAsName = terminal.Errorf("the external name is the value of a key: set it to the key's ID, which begins with key_, give the value with forProvider.importSecretRef, and revoke the key if others may read this object")

// publishedIDsOf are the IDs of the keys that the external name and the status show.
func publishedIDsOf(cr *v1alpha1.ProjectAPIKey) map[string]bool {
	ids := map[string]bool{meta.GetExternalName(cr): true, cr.Status.AtProvider.ID: true}
	for _, r := range cr.Status.AtProvider.Retiring {
		ids[r.ID] = true
	}
	return ids
}

// details of the Secret that configure a consumer's SDK.
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

// knownIDs are the IDs of keys that the Secret or the object names, with those given, the most
// important first.
func (o observed) knownIDs(named ...string) []string {
	ids := append([]string{o.state.keyID, o.adopted}, named...)
	for _, id := range slices.Sorted(maps.Keys(o.state.retiring)) {
		if !o.state.retiring[id].NotFound {
			ids = append(ids, id)
		}
	}
	had := map[string]bool{}
	return slices.DeleteFunc(ids, func(id string) bool {
		twice := had[id]
		had[id] = true
		return twice || !isKeyID(id)
	})
}

// listSince is the time as of which the keys must be listed to decide about the object. A list as
// old as the poll interval is enough for most.
func (e *external) listSince(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) (time.Time, error) {
	since := e.listedSince
	if cr.Status.AtProvider.OwnerProjectAccess == string(openai.ProjectAPIKeyOwnerProjectAccessInactive) {
		since = later(since, time.Now().Add(-accessCheckInterval))
	}
	if len(o.inFlight) == 0 {
		return since, nil
	}
	all, err := adminapi.ProjectAPIKeys.List(ctx, e.conn, e.conn.Project, since)
	if err != nil {
		return since, err
	}
	// The object comes from a cache, so that its annotation may have a key that was listed since.
	unlisted := maps.Clone(o.inFlight)
	for key := range all.All() {
		if n, hasHash := o.ownerHash.serial(key.Name); hasHash {
			delete(unlisted, n)
		}
	}
	for _, begun := range unlisted {
		// A list shows whether an interrupted issuance created a key once it no longer lags, and for
		// certain only once the grace of the key is over.
		shows := begun.Add(inventory.ListLag)
		if end := begun.Add(o.inFlightGrace); !o.now.Before(end) {
			shows = end
		}
		since = later(since, shows)
	}
	return since, nil
}

// maxLookups is how many keys that are known but not listed are looked up in one reconcile. A key
// state that names more was edited, which must not use up the rate limit.
const maxLookups = maxRetiring + 16

// list the keys of the project as of a time, and pick those with an owner hash and those that are
// known by ID. A known key that is not listed is looked up, since lists can be incomplete.
func (c *keyClient) list(ctx context.Context, since time.Time, h ownerHash, known []string) (*inventory.Listing[openai.ProjectAPIKey], []openai.ProjectAPIKey, error) {
	all, err := adminapi.ProjectAPIKeys.List(ctx, c.conn, c.conn.Project, since)
	if err != nil {
		return nil, nil, err
	}
	var picked []openai.ProjectAPIKey
	for key := range all.All() {
		if _, hasHash := h.serial(key.Name); hasHash || slices.Contains(known, key.ID) {
			picked = append(picked, *key)
		}
	}
	lookups := 0
	for _, id := range known {
		if _, listed := all.Get(id); listed || all.Removed(id) {
			continue
		}
		lookups++
		if lookups > maxLookups {
			break
		}
		key, err := c.get(ctx, id)
		if adminapi.IsResourceNotFound(err) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		picked = append(picked, *key)
	}
	return all, picked, nil
}
