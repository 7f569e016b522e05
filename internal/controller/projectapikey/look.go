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
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// look at the Secret and at OpenAI.
func (e *external) look(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (view, error) {
	name, err := nameOfKey(cr)
	if err != nil {
		return view{}, err
	}
	e.issues.restore(cr)
	v := e.begin(cr, name)
	if err := e.lookInCluster(ctx, cr, &v, name); err != nil {
		return v, err
	}
	if err := e.stayInProject(ctx, cr, &v); err != nil {
		return v, err
	}
	v.details, v.projectID = details(e.conn), e.conn.Project
	if err := e.listKeys(ctx, cr, &v, name); err != nil {
		return v, fmt.Errorf("cannot list the keys of project %q: %w", e.conn.Project, err)
	}
	v.offset = e.offset()
	if err := e.own(ctx, cr, &v); err != nil {
		return v, err
	}
	rebuild(&v, cr)
	hasten(&v)
	v.issues = unplannedIssues(cr, e.issues.get(cr.GetUID()), v.interrupted(), v.now)
	e.issues.set(cr.GetUID(), v.issues)
	v.replacedAt = v.replacedBy(cr)
	v.takenOver = v.record.name == "" && !reconciler.Created(cr, v.record.keyID)
	if err := v.notIts(); err != nil && !meta.WasDeleted(cr) && !onlyObserves(cr) {
		return v, err
	}
	err = e.replacing(ctx, cr, &v, name)
	return v, err
}

// lookInCluster reads what the object and its Secrets tell.
func (e *external) lookInCluster(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, name string) (err error) {
	if v.unsettled, err = readUnsettled(cr, v.now); err != nil {
		return err
	}
	if err := e.lookAtSecrets(ctx, cr, v); err != nil {
		return err
	}
	return v.confirmName(cr, name)
}

// begin a view with what the object tells.
func (e *external) begin(cr *v1alpha1.ProjectAPIKey, name string) view {
	at := cr.Status.AtProvider
	v := view{
		now:           e.now(),
		uid:           string(cr.GetUID()),
		tag:           tagFor(cr.GetUID()),
		adopted:       adoptedBy(cr),
		committed:     committedTo(cr),
		seenAccountID: at.ServiceAccountID,
		lastID:        lastSeen(at.ID, name),
		wanted:        want(cr),
		timing:        e.timing,
	}
	v.served, v.appliedAt = believedApplied(at.Applied, v.now)
	if succeeded := meta.GetExternalCreateSucceeded(cr); succeeded.After(v.now) {
		// The runtime would take the key for one that was created a moment ago.
		meta.RemoveAnnotations(cr, meta.AnnotationKeyExternalCreateSucceeded)
	}
	return v
}

// lastSeen is the first of IDs that can be one.
func lastSeen(ids ...string) string {
	if i := slices.IndexFunc(ids, isKeyID); i >= 0 {
		return ids[i]
	}
	return ""
}

// nameOfKey is the external name; none if somebody gave the value of a key to an object
// that is going.
func nameOfKey(cr *v1alpha1.ProjectAPIKey) (string, error) {
	name := meta.GetExternalName(cr)
	if !reconciler.IsKeyValue(name) {
		return name, nil
	}
	if meta.WasDeleted(cr) {
		return "", nil
	}
	return "", errValueAsName
}

// confirmName fails if the external name can be no ID and nothing else tells which key is
// meant. Otherwise it is corrected, as any other that is wrong.
func (v view) confirmName(cr *v1alpha1.ProjectAPIKey, name string) error {
	if name == "" || isKeyID(name) || v.record.keyID != "" || cr.Status.AtProvider.ID != "" || meta.WasDeleted(cr) {
		return nil
	}
	return &apierror.IDError{ID: name}
}

// replacedBy is when the key in use was last said to be replaced, unless what the object
// asks for is due before; zero: it was not.
func (v view) replacedBy(cr *v1alpha1.ProjectAPIKey) time.Time {
	at := cr.Status.AtProvider
	if at.NextRotation == nil || at.ID != v.record.keyID {
		return time.Time{}
	}
	by := at.NextRotation.Time
	for _, due := range []time.Time{v.ageDue(), timeIn(at.ExpiresAt)} {
		if !due.IsZero() && due.Before(by) {
			by = due
		}
	}
	return by
}

// ageDue is when the interval of the key in use is over; zero: it is not known, or never.
func (v view) ageDue() time.Time {
	if v.interval == 0 || v.record.issued.IsZero() {
		return time.Time{}
	}
	return v.record.issued.Add(v.interval)
}

func timeIn(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}

// listKeys of the project, as young as the object needs them.
func (e *external) listKeys(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, name string) error {
	since, err := e.question(ctx, cr, v)
	if err != nil {
		return err
	}
	named := []string{name, cr.Status.AtProvider.ID}
	if meta.WasDeleted(cr) || e.isWithdrawn(ctx) {
		// The status proves what is the object's.
		named = append(named, cr.Status.ManagedIDs...)
	}
	for _, r := range cr.Status.AtProvider.Retiring {
		if !r.Missing {
			named = append(named, r.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(v.record.retiring)) {
		// To end one, it must be known for sure whether it lives.
		if v.haste.ids[id] || (v.haste.all && v.isNew()) {
			named = append(named, id)
		}
	}
	if meta.WasDeleted(cr) {
		named = append(named, slices.Sorted(maps.Keys(v.committed))...)
		named = append(named, slices.Sorted(maps.Keys(v.record.retiring))...)
	}
	v.project, v.listed, err = e.list(ctx, since, v.tag, v.known(named...))
	return err
}

// stayInProject makes sure that a key stays in its project, whatever becomes the
// default, and that a Secret with a key of another project is left alone.
func (e *external) stayInProject(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view) error {
	if v.record.project == "" {
		return nil
	}
	if is := cr.Status.AtProvider.ProjectID; is != "" && reconciler.Manages(cr, v.record.keyID) {
		// Only the provider writes the status.
		v.record.project = is
	}
	// The status tells what somebody who is about to end an object cannot have written.
	told := meta.WasDeleted(cr) && cr.Status.AtProvider.ProjectID != ""
	if cr.Spec.ForProvider.ProjectID == nil && !e.isWithdrawn(ctx) && !told {
		conn, err := e.conn.InProject(ctx, v.record.project)
		if err != nil {
			return err
		}
		e.conn = conn
	}
	if v.record.project == e.conn.Project {
		return nil
	}
	if !meta.WasDeleted(cr) {
		return terminal.Errorf("Secret %q holds a key of project %q, which would be lost: name another Secret in writeConnectionSecretToRef, or, if its annotation %q was changed by hand, remove that", client.ObjectKeyFromObject(cmp.Or(v.secret, v.former)), v.record.project, annotationProject)
	}
	v.strayKeyID = v.record.keyID
	v.secret, v.record = nil, record{retiring: map[string]retiree{}}
	return nil
}

// lookAtSecrets reads the Secret that the spec names, the former one if there is
// one, and their record.
func (e *external) lookAtSecrets(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view) error {
	s, err := readSecret(ctx, e.live, cr)
	var foreign *ForeignSecretError
	if errors.As(err, &foreign) && meta.WasDeleted(cr) {
		// The keys of an object that is going do not depend on somebody else's Secret.
		s, err = nil, nil
	}
	if err != nil {
		return err
	}
	v.secret = s
	known := s != nil && s.Labels[labelOwner] == string(cr.GetUID())
	if !known && !meta.WasDeleted(cr) && !onlyObserves(cr) && cr.Spec.WriteConnectionSecretToReference != nil {
		if v.former, err = readFormerSecret(ctx, e.live, cr); err != nil {
			return err
		}
	}
	if s != nil && v.former != nil {
		return terminal.Errorf("the key of this object is in Secret %q, and Secret %q exists already: name one in writeConnectionSecretToRef that does not exist, or delete the latter", client.ObjectKeyFromObject(v.former), client.ObjectKeyFromObject(s))
	}
	v.record, err = readRecord(cmp.Or(v.secret, v.former))
	v.record = v.record.believed(v.now, e.offset())
	if err != nil && meta.WasDeleted(cr) {
		// The names of its keys tell enough of an object that is going.
		v.record, err = record{retiring: map[string]retiree{}}, nil
	}
	return err
}

// want reads what the object asks for.
func want(cr *v1alpha1.ProjectAPIKey) wanted {
	p := cr.Spec.ForProvider
	w := wanted{accountID: value(p.ServiceAccountID), accountName: value(p.ServiceAccountName), name: baseName(cr), scopes: scopes(p), overlap: defaultOverlap, owned: mayDelete(cr)}
	if p.ExpiresIn != nil {
		w.expiresIn = p.ExpiresIn.Duration
	}
	if r := p.Rotation; r != nil {
		if r.Interval != nil {
			w.interval = r.Interval.Duration
		}
		if r.Overlap != nil {
			w.overlap = r.Overlap.Duration
		}
		if r.Trigger != nil {
			w.trigger = *r.Trigger
		}
	}
	w.requested = told(cr.GetAnnotations()[annotationRotateRequested])
	w.haste = readHaste(cr.GetAnnotations()[annotationRevokeRetiring])
	w.template = readTemplate(cr)
	return w
}

// errValueAsName is returned without the name, which seems to be a secret.
var errValueAsName = terminal.Errorf("the external name is the value of a key: set it to the key's ID, which begins with key_, give the value with forProvider.importSecretRef, and revoke the key if others may read this object")

// adoptedBy is the ID of the key that the object took over. The annotation also
// names the object, so that a copy of it takes nothing over. What can be no ID was written
// by somebody else.
func adoptedBy(cr *v1alpha1.ProjectAPIKey) string {
	id, own := strings.CutPrefix(cr.GetAnnotations()[annotationAdopted], string(tagFor(cr.GetUID()))+"/")
	if !own || !isKeyID(id) {
		return ""
	}
	return id
}

// adoptedValue is what the annotation says of a key that the object took over.
func adoptedValue(cr *v1alpha1.ProjectAPIKey, id string) string {
	return string(tagFor(cr.GetUID())) + "/" + id
}

// committedTo lists the keys that the object was seen with.
func committedTo(cr *v1alpha1.ProjectAPIKey) map[string]bool {
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
