// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// errKeyAsExternalName does not quote the external name, which is a secret.
var errKeyAsExternalName = terminal.Errorf("the external name is the value of a key: set it to an ID, and revoke the key, which everybody who may read this object has seen")

// identify returns the ID of the resource; empty: there is none yet.
func (e *external[M, O]) identify(ctx context.Context, cr M) (string, error) {
	if e.kind.ID != nil {
		return e.identifyBySpec(ctx, cr)
	}
	id := meta.GetExternalName(cr)
	switch {
	case id == "" && e.conn.IsArchived():
		if meta.WasDeleted(cr) {
			return "", nil
		}
		// OpenAI would refuse each create.
		return "", &apierror.ProjectError{Project: e.conn.Project, Archived: true}
	case id == "" && e.kind.Create == nil && meta.WasDeleted(cr):
		return "", nil
	case id == "" && e.kind.Create == nil:
		return "", terminal.Errorf("OpenAI has no call to create this: set the annotation %s to the ID of one that exists", meta.AnnotationKeyExternalName)
	case id == "":
		return e.recovery.recover(ctx, e.conn, cr, func() ([]candidate, error) { return e.findCreated(ctx, cr) })
	case !reconciler.IsKeyValue(id):
		return id, nil
	case !meta.WasDeleted(cr):
		return "", errKeyAsExternalName
	}
	// A key is no ID. The object still manages the resource that it observed last.
	if id = reconciler.ObservedID(cr); id != "" {
		meta.SetExternalName(cr, id)
	}
	return id, nil
}

// identifyBySpec returns the ID that follows from the spec, if the managed resource may manage it.
func (e *external[M, O]) identifyBySpec(ctx context.Context, cr M) (string, error) {
	if e.specID != "" {
		return e.specID, nil
	}
	id, err := e.resolveID(ctx, cr)
	if err != nil || id == "" {
		return "", err
	}
	for part := range strings.SplitSeq(id, "/") {
		if !apierror.IsID(part) {
			return "", &apierror.IDError{ID: part}
		}
	}
	e.fullID = e.fullIDFor(id)
	if revoked := e.conn.DeletionOnly; revoked != nil && !reconciler.Manages(cr, e.fullID) {
		// Only what the object already manages may be deleted without access.
		return "", revoked
	}
	// The error must not contain the ID: it may have been looked up.
	err = e.ownership.CheckManager(ctx, e.name, cr, e.fullID, "what the spec names")
	if meta.WasDeleted(cr) && reconciler.IsOwnershipError(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	e.specID = id
	return id, nil
}

// resolveID returns the ID of what the spec names; empty: nothing. An object that is being
// deleted deletes what it manages, even if its spec leads elsewhere by now.
func (e *external[M, O]) resolveID(ctx context.Context, cr M) (string, error) {
	if meta.WasDeleted(cr) {
		if id := e.managedID(cr); id != "" {
			return id, nil
		}
	}
	id, err := e.kind.ID(ctx, e.conn, cr)
	err = e.conn.ToProjectError(ctx, err)
	switch {
	case err == nil:
		return id, nil
	case meta.WasDeleted(cr) && (terminal.MayBe(err) || apierror.IsProjectArchived(err)):
		// It manages nothing, and its spec leads to nothing.
		return "", nil
	}
	return "", fmt.Errorf("cannot determine what the spec names: %w", err)
}

// fullIDFor an ID that follows from a spec: the same ID may exist in several projects.
func (e *external[M, O]) fullIDFor(id string) string {
	if e.conn.Project == "" || id == e.conn.Project {
		return id
	}
	return e.conn.Project + "/" + id
}

// managedID is the ID that the status says the object manages in this project; empty: none.
func (e *external[M, O]) managedID(cr M) string {
	for _, full := range cr.OwnershipStatus().ManagedIDs {
		if id := strings.TrimPrefix(full, e.conn.Project+"/"); e.fullIDFor(id) == full {
			return id
		}
	}
	return ""
}

// persistExternalName writes an ID that follows from the spec to the external name: the runtime
// writes only the external names of resources that it created.
func (e *external[M, O]) persistExternalName(ctx context.Context, cr M, id string) error {
	if e.kind.ID == nil || meta.WasDeleted(cr) || meta.GetExternalName(cr) == id {
		return nil
	}
	meta.SetExternalName(cr, id)
	if err := e.write(ctx, cr); err != nil {
		return fmt.Errorf("cannot write the external name %q: %w", id, err)
	}
	return nil
}

// observePrevious observes the resource that an object had before its external name was changed
// to the ID of something that does not exist any more. A deletion must still delete it.
func (e *external[M, O]) observePrevious(ctx context.Context, cr M, id string, o managed.ExternalObservation, err error) (managed.ExternalObservation, error) {
	previous := reconciler.ObservedID(cr)
	if previous == "" || previous == id {
		return o, err
	}
	meta.SetExternalName(cr, previous)
	return e.observeByID(ctx, cr, previous)
}
