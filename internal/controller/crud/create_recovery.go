// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// ErrCreateInFlight is returned while lists may not show yet what a create made that was
// interrupted a moment ago.
var ErrCreateInFlight = errors.New("an earlier create was interrupted; waiting to see whether it took effect")

// A SeveralCandidatesError says that an interrupted create may have made any of several resources.
type SeveralCandidatesError struct {
	// IDs of the resources.
	IDs []string
}

// Error names the resources and the remedy.
func (e *SeveralCandidatesError) Error() string {
	return fmt.Sprintf("an earlier create was interrupted, and any of %s may be what it made: set the annotation %s to the right one, and delete the others", strings.Join(e.IDs, ", "), meta.AnnotationKeyExternalName)
}

// Terminal reports that only the user can end this.
func (e *SeveralCandidatesError) Terminal() bool { return true }

// An UndatedError says that an interrupted create may have made a resource of the same name of
// which OpenAI does not say when it was created.
type UndatedError struct {
	// IDs of the resources.
	IDs []string
}

// Error names the resources and the remedy.
func (e *UndatedError) Error() string {
	quoted := make([]string, 0, len(e.IDs))
	for _, id := range e.IDs {
		quoted = append(quoted, strconv.Quote(id))
	}
	return fmt.Sprintf("an earlier create was interrupted and may have made one of %s, but OpenAI does not tell when these were created: set the annotation %s to the right ID, or another forProvider.name to have another one created", strings.Join(quoted, ", "), meta.AnnotationKeyExternalName)
}

// Terminal reports that only the user can end this.
func (e *UndatedError) Terminal() bool { return true }

// recovery finds what interrupted creates made. As with a write-ahead log, the status records
// that a create starts before the call to OpenAI, and that it ended after. A start without an end
// is an interrupted create: its reply was lost, or the provider was killed. OpenAI assigns the
// IDs of most resources, so that what such a create made can only be recognized by its name and
// its time of creation.
type recovery struct {
	kube      client.Client
	apiReader client.Reader
	list      resource.ManagedList
	now       func() time.Time

	// kind of the objects, and the index of what they manage, which keeps two objects of one name
	// from adopting the same resource. No lock is held during calls to OpenAI.
	kind      string
	ownership ownership

	// offset is how far OpenAI's clock is ahead, as a connection measured it.
	offset func(c *adminapi.Connection) (offset time.Duration, known bool)

	// backoff of creates that are interrupted again and again.
	backoff createBackoff
}

// recover returns the ID of what an interrupted create of the object made, and writes it to the
// external name. It is the one resource with the name of the object that was created in the time
// window of the request and that no other object has. Empty: there is none.
func (r *recovery) recover(ctx context.Context, c *adminapi.Connection, cr reconciler.Object, find func() ([]candidate, error)) (string, error) {
	if reconciler.CreateInterrupted(cr).IsZero() {
		return "", nil
	}
	found, err := find()
	if err != nil {
		return "", fmt.Errorf("cannot look for what an interrupted create made: %w", err)
	}
	if id, err := r.storedID(ctx, cr); err != nil {
		return "", err
	} else if id != "" {
		// The object came from a cache that did not show the end of its last create.
		meta.SetExternalName(cr, id)
		return id, nil
	}
	// The reply to the list has just updated what is known of OpenAI's clock.
	offset, known := r.offset(c)
	if isCopied(cr, offset) {
		return "", nil
	}
	others, err := r.idsOfOthers(ctx, cr)
	if err != nil {
		return "", err
	}
	return r.choose(ctx, cr, found, others, createWindowOf(cr, r.now(), offset, known))
}

// choose the resource that the interrupted create made among the candidates.
func (r *recovery) choose(ctx context.Context, cr reconciler.Object, found []candidate, others map[string]bool, w createWindow) (string, error) {
	within, undated := w.candidates(found, others)
	switch {
	case len(within) == 1:
		err := r.ownership.SetManager(ctx, r.kind, cr, within[0])
		if taken := (*reconciler.ManagedByOtherError)(nil); errors.As(err, &taken) {
			others[within[0]] = true
			return r.choose(ctx, cr, found, others, w)
		}
		if err != nil {
			return "", fmt.Errorf("cannot determine whether another object manages %q: %w", within[0], err)
		}
		return within[0], r.persist(ctx, cr, within[0])
	case len(within) > 1:
		return "", &SeveralCandidatesError{IDs: within}
	case len(undated) > 0:
		return "", &UndatedError{IDs: undated}
	}
	backoff := r.backoff.wait(cr)
	if wait := listsCertainAt(cr, r.now()).Add(backoff).Sub(r.now()); wait > 0 {
		// The cap counts if the clock that the start was recorded with was ahead.
		reconcilestate.Of(ctx).RetryAfter(min(wait, adminapi.RequestTimeout+creationGracePeriod+backoff))
		return "", ErrCreateInFlight
	}
	return "", nil
}

// storedID is the ID that the object has at the API server; empty: none.
func (r *recovery) storedID(ctx context.Context, cr reconciler.Object) (string, error) {
	now, ok := cr.DeepCopyObject().(reconciler.Object)
	if !ok {
		return "", fmt.Errorf("a copy of %T is not an object", cr)
	}
	if err := r.apiReader.Get(ctx, client.ObjectKeyFromObject(cr), now); err != nil {
		return "", fmt.Errorf("cannot read whether the external name was set since: %w", err)
	}
	if now.GetUID() != cr.GetUID() {
		return "", nil
	}
	return idOf(now), nil
}

// idsOfOthers are the IDs of the resources that other objects of the kind have. They are read
// from a cache that may lag; the ownership index has what is managed since.
func (r *recovery) idsOfOthers(ctx context.Context, cr reconciler.Object) (map[string]bool, error) {
	l, ok := r.list.DeepCopyObject().(resource.ManagedList)
	if !ok {
		return nil, fmt.Errorf("%T is not a list of managed resources", r.list)
	}
	if err := r.kube.List(ctx, l, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("cannot list the other objects of the kind: %w", err)
	}
	out := map[string]bool{}
	for _, o := range l.GetItems() {
		if id := idOf(o); id != "" && o.GetUID() != cr.GetUID() {
			out[id] = true
		}
	}
	return out, nil
}

func idOf(o resource.Managed) string {
	return cmp.Or(meta.GetExternalName(o), reconciler.ObservedID(o))
}

// persist the ID as the external name of the object.
func (r *recovery) persist(ctx context.Context, cr reconciler.Object, id string) error {
	before, ok := cr.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("%T is not an object", cr)
	}
	meta.SetExternalName(cr, id)
	reconciler.MarkCreated(cr, id)
	meta.SetExternalCreateSucceeded(cr, r.now())
	if err := r.kube.Patch(ctx, cr, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("cannot write %q to the external name: %w", id, err)
	}
	return nil
}
