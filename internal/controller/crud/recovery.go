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
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// ErrCreateInFlight says that a create was interrupted a moment ago, and that it is
// too early to tell whether it took effect.
var ErrCreateInFlight = errors.New("an earlier create was interrupted; waiting to see whether it took effect")

// An AmbiguousError says that an interrupted create may have made any of several
// resources.
type AmbiguousError struct {
	// IDs of the resources.
	IDs []string
}

// Error names the resources and the remedy.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("an earlier create was interrupted, and any of %s may be what it made: set the annotation %s to the right one, and delete the others", strings.Join(e.IDs, ", "), meta.AnnotationKeyExternalName)
}

// Terminal reports that only the user can end this.
func (e *AmbiguousError) Terminal() bool { return true }

// An UndatedError says that an interrupted create may have made what has the name of its
// object, and that OpenAI does not tell when that was created.
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

// recovery finds what interrupted creates made. OpenAI assigns the IDs of most
// resources, so that one whose reply was lost can only be told by its name.
type recovery struct {
	kube client.Client
	live client.Reader
	list resource.ManagedList
	now  func() time.Time

	// kind of the objects, and their claims, which keep two of one name from taking the same
	// resource. Nothing is locked meanwhile: OpenAI may take its time.
	kind   string
	claims claims

	// offset of OpenAI's clock, as a connection knows it.
	offset func(c *adminapi.Connection) (offset time.Duration, known bool)

	// tries that were interrupted, one after another.
	tries tries
}

// recover returns the ID of what an interrupted create of the object made, and
// notes it as the external name: the one resource of its name that was created
// in the window of the request, and that no other object has. Empty: there is none.
func (r *recovery) recover(ctx context.Context, c *adminapi.Connection, cr reconciler.Object, find func() ([]Found, error)) (string, error) {
	if reconciler.CreateInterrupted(cr).IsZero() {
		return "", nil
	}
	found, err := find()
	if err != nil {
		return "", fmt.Errorf("cannot look for what an interrupted create made: %w", err)
	}
	if id, err := r.has(ctx, cr); err != nil {
		return "", err
	} else if id != "" {
		// The object that we were given is older than its last create.
		meta.SetExternalName(cr, id)
		return id, nil
	}
	// The list has just been answered, so that OpenAI's clock is known if it ever is.
	offset, known := r.offset(c)
	if isCopied(cr, offset) {
		return "", nil
	}
	others, err := r.others(ctx, cr)
	if err != nil {
		return "", err
	}
	return r.choose(ctx, cr, found, others, windowOf(cr, r.now(), offset, known))
}

// choose what the interrupted create made.
func (r *recovery) choose(ctx context.Context, cr reconciler.Object, found []Found, others map[string]bool, w window) (string, error) {
	within, undated := w.candidates(found, others)
	switch {
	case len(within) == 1:
		err := r.claims.Acquire(ctx, r.kind, cr, within[0])
		if taken := (*reconciler.ManagedByOtherError)(nil); errors.As(err, &taken) {
			others[within[0]] = true
			return r.choose(ctx, cr, found, others, w)
		}
		if err != nil {
			return "", fmt.Errorf("cannot tell whether another object has %q: %w", within[0], err)
		}
		return within[0], r.note(ctx, cr, within[0])
	case len(within) > 1:
		return "", &AmbiguousError{IDs: within}
	case len(undated) > 0:
		return "", &UndatedError{IDs: undated}
	}
	more := r.tries.wait(cr)
	if wait := settled(cr, r.now()).Add(more).Sub(r.now()); wait > 0 {
		// A time in the future is that of another clock.
		ratelimit.RetryAfter(ctx, min(wait, adminapi.RequestTimeout+afterCreate+more))
		return "", ErrCreateInFlight
	}
	return "", nil
}

// has is the ID that an object has at the API server; empty: none.
func (r *recovery) has(ctx context.Context, cr reconciler.Object) (string, error) {
	now, ok := cr.DeepCopyObject().(reconciler.Object)
	if !ok {
		return "", fmt.Errorf("a copy of %T is not an object", cr)
	}
	if err := r.live.Get(ctx, client.ObjectKeyFromObject(cr), now); err != nil {
		return "", fmt.Errorf("cannot tell whether an interrupted create was noted: %w", err)
	}
	if now.GetUID() != cr.GetUID() {
		return "", nil
	}
	return idOf(now), nil
}

// others are the IDs of resources that other objects of the kind have. The cache that they
// are read from may lag: what was taken since is claimed.
func (r *recovery) others(ctx context.Context, cr reconciler.Object) (map[string]bool, error) {
	l, ok := r.list.DeepCopyObject().(resource.ManagedList)
	if !ok {
		return nil, fmt.Errorf("%T is not a list of managed resources", r.list)
	}
	if err := r.kube.List(ctx, l, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("cannot list what other objects have: %w", err)
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

func (r *recovery) note(ctx context.Context, cr reconciler.Object, id string) error {
	before, ok := cr.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("%T is not an object", cr)
	}
	meta.SetExternalName(cr, id)
	reconciler.MarkCreated(cr, id)
	meta.SetExternalCreateSucceeded(cr, r.now())
	if err := r.kube.Patch(ctx, cr, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("cannot note %q as external name: %w", id, err)
	}
	return nil
}
