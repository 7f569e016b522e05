// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// metadata of a managed resource that the provider writes, as the API server last returned it.
type metadata struct {
	uid         types.UID
	annotations map[string]string
	finalizers  []string
}

func metadataOf(o client.Object) *metadata {
	s := &metadata{uid: o.GetUID(), annotations: map[string]string{}, finalizers: slices.Clone(o.GetFinalizers())}
	maps.Copy(s.annotations, o.GetAnnotations())
	return s
}

// patch turns the stored metadata into that of the object; nil: they are the same. It has the
// object's UID, so that the API server never applies it to another object of the same name.
func (m *metadata) patch(o client.Object) map[string]any {
	changed := map[string]any{}
	annotations := map[string]any{}
	for k, v := range o.GetAnnotations() {
		if have, ok := m.annotations[k]; !ok || have != v {
			annotations[k] = v
		}
	}
	for k := range m.annotations {
		if _, ok := o.GetAnnotations()[k]; !ok {
			annotations[k] = nil
		}
	}
	if len(annotations) > 0 {
		changed["annotations"] = annotations
	}
	if !slices.Equal(m.finalizers, o.GetFinalizers()) {
		changed["finalizers"] = o.GetFinalizers()
	}
	if len(changed) == 0 {
		return nil
	}
	changed["uid"] = o.GetUID()
	return changed
}

// writeMetadata writes the annotations and finalizers of an object, and nothing else of it: the spec
// and its field managers stay as users have them, and so does the status in memory. It fails with a
// conflict if the object's version is not current.
func writeMetadata(ctx context.Context, c client.Client, mg client.Object) error {
	return patchMetadata(ctx, c, mg, mg.GetResourceVersion())
}

// MetadataWriter returns a function that writes the annotations and finalizers of a managed resource,
// and nothing else of it.
func MetadataWriter(mgr ctrl.Manager) func(ctx context.Context, mg resource.Managed) error {
	c := runtimeClient{mgr.GetClient()}
	return func(ctx context.Context, mg resource.Managed) error { return writeMetadata(ctx, c, mg) }
}

// patchMetadata fails with a conflict if the version is not current. Without one it writes whatever the
// version is, and no finalizers.
func patchMetadata(ctx context.Context, c client.Client, mg client.Object, version string) error {
	base, err := baseOf(ctx, c, mg)
	if err != nil {
		return err
	}
	changed := base.patch(mg)
	if changed == nil {
		return nil
	}
	if version == "" {
		// A list can only be replaced as a whole, which needs a current version.
		delete(changed, "finalizers")
	} else {
		changed["resourceVersion"] = version
	}
	data, err := json.Marshal(map[string]any{"metadata": changed})
	if err != nil {
		return fmt.Errorf("cannot write the metadata of %q: %w", mg.GetName(), err)
	}
	written, ok := mg.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("a copy of %T %q is not an object", mg, mg.GetName())
	}
	if err := c.Patch(ctx, written, client.RawPatch(types.MergePatchType, data)); err != nil {
		return err
	}
	mg.SetAnnotations(written.GetAnnotations())
	mg.SetFinalizers(written.GetFinalizers())
	mg.SetResourceVersion(written.GetResourceVersion())
	stateOf(ctx).storedMetadata = metadataOf(written)
	return nil
}

// baseOf an object is its metadata at the API server: as this reconcile read or wrote it last, or as
// the cache has it.
func baseOf(ctx context.Context, c client.Client, mg client.Object) (*metadata, error) {
	if stored := stateOf(ctx).storedMetadata; stored != nil && stored.uid == mg.GetUID() {
		return stored, nil
	}
	known, err := cached(ctx, c, mg)
	if err != nil {
		return nil, err
	}
	if known == nil {
		return &metadata{uid: mg.GetUID()}, nil
	}
	return metadataOf(known), nil
}

// recordRead keeps the object that is being reconciled, with its status and metadata as the API server
// or the cache returned it.
func recordRead(ctx context.Context, o client.Object) {
	mg, ok := o.(Object)
	if !ok {
		return
	}
	s := stateOf(ctx)
	if s.object == nil {
		s.object, s.statusBefore = mg, *mg.ManagedStatus().DeepCopy()
	}
	if s.storedMetadata == nil || s.storedMetadata.uid == o.GetUID() {
		s.storedMetadata = metadataOf(o)
	}
}

// annotationTimeout is how long to retry the write of the external name of what was just created.
const annotationTimeout = 8 * time.Second

// criticalAnnotations writes the external name of what was just created even if the object has a newer
// version by then, or the provider is stopping.
type criticalAnnotations struct{ client client.Client }

// UpdateCriticalAnnotations of an object.
func (c criticalAnnotations) UpdateCriticalAnnotations(ctx context.Context, o client.Object) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), annotationTimeout)
	defer cancel()
	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		last = patchMetadata(ctx, c.client, o, "")
		if last == nil {
			return true, nil
		}
		if kerrors.IsNotFound(last) || kerrors.IsInvalid(last) || kerrors.IsForbidden(last) {
			return false, last
		}
		return false, nil
	})
	if wait.Interrupted(err) && last != nil {
		err = last
	}
	if err != nil {
		return fmt.Errorf("cannot write the annotations of %q: %w", o.GetName(), err)
	}
	return nil
}
