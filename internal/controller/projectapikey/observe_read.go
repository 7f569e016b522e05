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
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// observe at the Secret and at OpenAI.
func (e *external) observe(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (observed, error) {
	name, err := externalName(cr)
	if err != nil {
		return observed{}, err
	}
	e.memory.of(cr.GetUID()).restore(&cr.Status.AtProvider)
	o := e.newObserved(cr, name)
	if err := e.readCluster(ctx, cr, &o, name); err != nil {
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
	if err := e.verifyOwnership(ctx, cr, &o); err != nil {
		return o, err
	}
	rebuild(&o, cr)
	applyEarlyRevocation(&o)
	known := e.memory.of(cr.GetUID())
	known.unplanned = unplannedRotations(cr, known.unplanned, o.interrupted(), o.now)
	o.unplanned = known.unplanned
	o.plannedRotation = o.plannedRotationOf(cr)
	o.adoptedCurrent = o.state.name == "" && !reconciler.Created(cr, o.state.keyID)
	if err := o.currentNotOwned(); err != nil && !meta.WasDeleted(cr) && !mayNotChangeKey(cr) {
		return o, err
	}
	err = e.allowReplacement(ctx, cr, &o, name)
	return o, err
}

// readCluster reads what the object and its Secrets tell.
func (e *external) readCluster(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, name string) (err error) {
	if o.inFlight, err = readInFlight(cr, o.now); err != nil {
		return err
	}
	if err := e.readSecrets(ctx, cr, o); err != nil {
		return err
	}
	return o.validateName(cr, name)
}

// newObserved a view with what the object tells.
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
		// The runtime would take the key for one that was created a moment ago.
		meta.RemoveAnnotations(cr, meta.AnnotationKeyExternalCreateSucceeded)
	}
	return o
}

// firstKeyID is the first of IDs that can be one.
func firstKeyID(ids ...string) string {
	if i := slices.IndexFunc(ids, isKeyID); i >= 0 {
		return ids[i]
	}
	return ""
}

// externalName is the external name; none if somebody gave the value of a key to an object
// that is going.
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

// validateName fails if the external name can be no ID and nothing else tells which key is
// meant. Otherwise it is corrected, as any other that is wrong.
func (o observed) validateName(cr *v1alpha1.ProjectAPIKey, name string) error {
	if name == "" || isKeyID(name) || o.state.keyID != "" || cr.Status.AtProvider.ID != "" || meta.WasDeleted(cr) {
		return nil
	}
	return &apierror.IDError{ID: name}
}

// plannedRotationOf is when the key in use was last said to be replaced, unless what the object
// asks for is due before; zero: it was not.
func (o observed) plannedRotationOf(cr *v1alpha1.ProjectAPIKey) time.Time {
	at := cr.Status.AtProvider
	if at.NextRotation == nil || at.ID != o.state.keyID {
		return time.Time{}
	}
	by := at.NextRotation.Time
	for _, due := range []time.Time{o.intervalDue(), timeFrom(at.ExpiresAt)} {
		if !due.IsZero() && due.Before(by) {
			by = due
		}
	}
	return by
}

// intervalDue is when the interval of the key in use is over; zero: it is not known, or never.
func (o observed) intervalDue() time.Time {
	if o.interval == 0 || o.state.issued.IsZero() {
		return time.Time{}
	}
	return o.state.issued.Add(o.interval)
}

func timeFrom(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}

// listKeys of the project, as young as the object needs them.
func (e *external) listKeys(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed, name string) error {
	since, err := e.listSince(ctx, cr, o)
	if err != nil {
		return err
	}
	named := []string{name, cr.Status.AtProvider.ID}
	if meta.WasDeleted(cr) || e.accessRevoked(ctx) {
		// The status proves what is the object's.
		named = append(named, cr.Status.ManagedIDs...)
	}
	for _, r := range cr.Status.AtProvider.Retiring {
		if !r.Missing {
			named = append(named, r.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.state.retiring)) {
		// To end one, it must be known for sure whether it lives.
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

// stayInProject makes sure that a key stays in its project, whatever becomes the
// default, and that a Secret with a key of another project is left alone.
func (e *external) stayInProject(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) error {
	if o.state.project == "" {
		return nil
	}
	if is := cr.Status.AtProvider.ProjectID; is != "" && reconciler.Manages(cr, o.state.keyID) {
		// Only the provider writes the status.
		o.state.project = is
	}
	// The status tells what somebody who is about to end an object cannot have written.
	told := meta.WasDeleted(cr) && cr.Status.AtProvider.ProjectID != ""
	if cr.Spec.ForProvider.ProjectID == nil && !e.accessRevoked(ctx) && !told {
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
	o.foreignProjectKeyID = o.state.keyID
	o.secret, o.state = nil, keyState{retiring: map[string]retiringKey{}}
	return nil
}

// readSecrets reads the Secret that the spec names, the former one if there is
// one, and their record.
func (e *external) readSecrets(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) error {
	s, err := readSecret(ctx, e.live, cr)
	var foreign *ForeignSecretError
	if errors.As(err, &foreign) && meta.WasDeleted(cr) {
		// The keys of an object that is going do not depend on somebody else's Secret.
		s, err = nil, nil
	}
	if err != nil {
		return err
	}
	o.secret = s
	known := s != nil && s.Labels[labelOwner] == string(cr.GetUID())
	if !known && !meta.WasDeleted(cr) && !mayNotChangeKey(cr) && cr.Spec.WriteConnectionSecretToReference != nil {
		if o.previousSecret, err = readPreviousSecret(ctx, e.live, cr); err != nil {
			return err
		}
	}
	if s != nil && o.previousSecret != nil {
		return terminal.Errorf("the key of this object is in Secret %q, and Secret %q exists already: name one in writeConnectionSecretToRef that does not exist, or delete the latter", client.ObjectKeyFromObject(o.previousSecret), client.ObjectKeyFromObject(s))
	}
	o.state, err = readKeyState(cmp.Or(o.secret, o.previousSecret))
	o.state = o.state.validated(o.now, e.clockOffset())
	if err != nil && meta.WasDeleted(cr) {
		// The names of its keys tell enough of an object that is going.
		o.state, err = keyState{retiring: map[string]retiringKey{}}, nil
	}
	return err
}

// errValueAsName is returned without the name, which seems to be a secret.
var errValueAsName = terminal.Errorf("the external name is the value of a key: set it to the key's ID, which begins with key_, give the value with forProvider.importSecretRef, and revoke the key if others may read this object")

// publishedIDsOf lists the keys that the object was seen with.
func publishedIDsOf(cr *v1alpha1.ProjectAPIKey) map[string]bool {
	ids := map[string]bool{meta.GetExternalName(cr): true, cr.Status.AtProvider.ID: true}
	for _, r := range cr.Status.AtProvider.Retiring {
		ids[r.ID] = true
	}
	return ids
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
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

// knownIDs are the IDs of the keys that the object, with these too, or its Secret names, those
// that matter most first. What can be no ID names no key.
func (o observed) knownIDs(named ...string) []string {
	ids := append([]string{o.state.keyID, o.adopted}, named...)
	for _, id := range slices.Sorted(maps.Keys(o.state.retiring)) {
		if !o.state.retiring[id].Gone {
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

// listSince tells as of when the keys must be listed to decide about an object. A
// list as old as the poll interval answers most.
func (e *external) listSince(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o *observed) (time.Time, error) {
	since := e.listedSince
	if cr.Status.AtProvider.OwnerProjectAccess == string(openai.ProjectAPIKeyOwnerProjectAccessInactive) {
		since = later(since, time.Now().Add(-accessCheckInterval))
	}
	open, err := e.inFlightUnlisted(ctx, since, o)
	for _, begun := range open {
		// Whether an interrupted mint made a key shows in a list that no longer lags, and
		// for certain only once the mint must have ended.
		shows := begun.Add(inventory.ListLag)
		if end := begun.Add(o.inFlightGrace); !o.now.Before(end) {
			shows = end
		}
		since = later(since, shows)
	}
	return since, err
}

// inFlightUnlisted are the unsettled keys that the list does not show yet. The object comes
// from a cache, which may still tell of a key that was issued and listed since.
func (e *external) inFlightUnlisted(ctx context.Context, since time.Time, o *observed) (inFlight, error) {
	if len(o.inFlight) == 0 {
		return nil, nil
	}
	all, err := adminapi.ProjectAPIKeys.List(ctx, e.conn, e.conn.Project, since)
	if err != nil {
		return nil, err
	}
	open := maps.Clone(o.inFlight)
	for key := range all.All() {
		if n, minted := o.ownerHash.serial(key.Name); minted {
			delete(open, n)
		}
	}
	return open, nil
}

// maxLookups is how many keys one look asks for that are known and not listed. Records that
// name more were written by somebody, whom they must not let spend the budget of all.
const maxLookups = maxRetiring + 16

// list the keys of the project as they were at a time or later, and pick those with
// a tag, and those that are known by ID. Whatever is known but not listed is asked
// for, since what a list leaves out proves nothing.
func (c *keyClient) list(ctx context.Context, since time.Time, h ownerHash, known []string) (*inventory.Listing[openai.ProjectAPIKey], []openai.ProjectAPIKey, error) {
	all, err := adminapi.ProjectAPIKeys.List(ctx, c.conn, c.conn.Project, since)
	if err != nil {
		return nil, nil, err
	}
	var picked []openai.ProjectAPIKey
	for key := range all.All() {
		if _, minted := h.serial(key.Name); minted || slices.Contains(known, key.ID) {
			picked = append(picked, *key)
		}
	}
	asked := 0
	for _, id := range known {
		if _, listed := all.Get(id); listed || all.Removed(id) {
			continue
		}
		asked++
		if asked > maxLookups {
			break
		}
		key, err := c.get(ctx, id)
		if adminapi.IsGone(err) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		picked = append(picked, *key)
	}
	return all, picked, nil
}
