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

// errValueAsName is returned without the name, which seems to be a secret.
var errValueAsName = terminal.Errorf("the external name is the value of a key: set it to an ID, and revoke the key, which everybody who may read this object has seen")

// identify what the managed resource has; empty if it has nothing.
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
		// Creating something there would be refused each time.
		return "", &apierror.ProjectError{Project: e.conn.Project, Archived: true}
	case id == "" && e.kind.Create == nil && meta.WasDeleted(cr):
		return "", nil
	case id == "" && e.kind.Create == nil:
		return "", terminal.Errorf("OpenAI has no call to create this: set the annotation %s to the ID of one that exists", meta.AnnotationKeyExternalName)
	case id == "":
		return e.recovery.recover(ctx, e.conn, cr, func() ([]Found, error) { return e.find(ctx, cr) })
	case !reconciler.IsKeyValue(id):
		return id, nil
	case !meta.WasDeleted(cr):
		return "", errValueAsName
	}
	// It never named anything. What the object had before is still its own.
	if id = reconciler.ObservedID(cr); id != "" {
		meta.SetExternalName(cr, id)
	}
	return id, nil
}

// identifyBySpec tells what the spec names, if the managed resource may have that.
func (e *external[M, O]) identifyBySpec(ctx context.Context, cr M) (string, error) {
	if e.id != "" {
		return e.id, nil
	}
	id, err := e.named(ctx, cr)
	if err != nil || id == "" {
		return "", err
	}
	for part := range strings.SplitSeq(id, "/") {
		if !apierror.IsID(part) {
			return "", &apierror.IDError{ID: part}
		}
	}
	e.claim = e.claimOf(id)
	if withdrawn := e.conn.AccessRevoked; withdrawn != nil && !reconciler.Manages(cr, e.claim) {
		// The spec names something else than what may be ended.
		return "", withdrawn
	}
	// The ID is not told: it may have been looked up.
	err = e.claims.CheckOwner(ctx, e.name, cr, e.claim, "what the spec names")
	if meta.WasDeleted(cr) && reconciler.IsOwnershipError(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	e.id = id
	return id, nil
}

// named is the ID of what the spec names; empty: nothing. One that is going ends what it
// manages, whatever its spec would lead to by now.
func (e *external[M, O]) named(ctx context.Context, cr M) (string, error) {
	if meta.WasDeleted(cr) {
		if id := e.managed(cr); id != "" {
			return id, nil
		}
	}
	id, err := e.kind.ID(ctx, e.conn, cr)
	err = e.conn.AttributeToProject(ctx, err)
	switch {
	case err == nil:
		return id, nil
	case meta.WasDeleted(cr) && (terminal.MayBe(err) || apierror.IsProjectArchived(err)):
		// It manages nothing, and nothing can be found that it should.
		return "", nil
	}
	return "", fmt.Errorf("cannot tell what the spec names: %w", err)
}

// claimOf an ID that follows from a spec: the same may be in several projects.
func (e *external[M, O]) claimOf(id string) string {
	if e.conn.Project == "" || id == e.conn.Project {
		return id
	}
	return e.conn.Project + "/" + id
}

// managed is the ID of what the status of the managed resource says that it manages; empty:
// nothing, or nothing in this project.
func (e *external[M, O]) managed(cr M) string {
	for _, claim := range cr.OwnershipStatus().ManagedIDs {
		if id := strings.TrimPrefix(claim, e.conn.Project+"/"); e.claimOf(id) == claim {
			return id
		}
	}
	return ""
}

// show in the external name what has an ID that follows from the spec. It is written by
// itself: the runtime writes only that of what it created.
func (e *external[M, O]) show(ctx context.Context, cr M, id string) error {
	if e.kind.ID == nil || meta.WasDeleted(cr) || meta.GetExternalName(cr) == id {
		return nil
	}
	meta.SetExternalName(cr, id)
	if err := e.write(ctx, cr); err != nil {
		return fmt.Errorf("cannot note the external name %q: %w", id, err)
	}
	return nil
}

// lookAtFormer looks at what an object that is going had before it was pointed at
// something that is gone. That is still its own.
func (e *external[M, O]) lookAtFormer(ctx context.Context, cr M, id string, o managed.ExternalObservation, err error) (managed.ExternalObservation, error) {
	had := reconciler.ObservedID(cr)
	if had == "" || had == id {
		return o, err
	}
	meta.SetExternalName(cr, had)
	return e.look(ctx, cr, had)
}
