// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Ownership is the index of which object manages which external resource, so that no other object
// acts on that. It consists of the statuses of objects, which say what they manage, and of what objects
// of this process have claimed, because cached statuses lag. Leader election makes that sufficient.
// IDs are unique within a kind: an ID that several projects can have begins with the project's.
type Ownership struct {
	client client.Client

	mu       sync.Mutex
	kinds    map[string]managedKind
	managers map[externalID]manager
	byUID    map[types.UID]map[externalID]bool
	queues   map[string]requestQueue
}

// A managedKind is an empty object of a kind, and an empty list.
type managedKind struct {
	object Object
	list   resource.ManagedList
	// idFromSpec reports that the specs of the objects name what they manage.
	idFromSpec bool
}

// An externalID is the ID of an external resource that only one object of its kind may manage.
type externalID struct{ kind, id string }

// A manager is an object that manages an external resource since this process runs.
type manager struct {
	name types.NamespacedName
	uid  types.UID
}

// NewOwnership returns an index that reads statuses with a client, from a cache.
func NewOwnership(c client.Client) *Ownership {
	return &Ownership{
		client:   c,
		kinds:    map[string]managedKind{},
		managers: map[externalID]manager{},
		byUID:    map[types.UID]map[externalID]bool{},
		queues:   map[string]requestQueue{},
	}
}

// indexManaged is the field index of objects by the IDs that they manage.
const indexManaged = "managedIDs"

// How often a kind is discovered again whose CRD was just established, and how long that and the
// first list of its objects may take: as long as controller-runtime gives a controller.
const (
	discoveryInterval = 250 * time.Millisecond
	discoveryTimeout  = 2 * time.Minute
)

// add a kind whose objects manage external resources.
func (idx *Ownership) add(mgr ctrl.Manager, kind string, k managedKind) error {
	var last error
	_ = wait.PollUntilContextTimeout(context.Background(), discoveryInterval, discoveryTimeout, true, func(ctx context.Context) (bool, error) {
		// A CRD is established a moment before it can be discovered.
		last = mgr.GetFieldIndexer().IndexField(ctx, k.object, indexManaged, managedIDs)
		return !apimeta.IsNoMatchError(last), nil
	})
	if err := last; err != nil {
		return fmt.Errorf("cannot index objects of kind %s by what they manage: %w", kind, err)
	}
	idx.mu.Lock()
	defer idx.mu.Unlock()
	idx.kinds[kind] = k
	return nil
}

// managedIDs that an object is indexed by.
func managedIDs(o client.Object) []string {
	mg, ok := o.(Object)
	if !ok || IsReadOnly(mg) {
		return nil
	}
	return mg.OwnershipStatus().ManagedIDs
}

// Manages reports whether the status of an object proves that it manages the resource with an ID.
func Manages(mg Object, id string) bool {
	return mg.OwnershipStatus().Manages(id)
}

// isCreator reports whether the status of an object proves that it itself created what it manages.
// A status that was restored from a backup is that of another object.
func isCreator(mg Object, id string) bool {
	return Manages(mg, id) && mg.OwnershipStatus().CreationProof == creationProof(mg, id)
}

func creationProof(mg Object, id string) string { return string(mg.GetUID()) + "/" + id }

// SetManager makes an object of a kind the one that manages the resource with an ID. It fails with a
// *ManagedByOtherError if another object manages that. Of two whose status says that they do, as
// after a backup was restored beside the original, only the one that created it does.
func (idx *Ownership) SetManager(ctx context.Context, kind string, mg Object, id string) error {
	ext := externalID{kind: kind, id: id}
	for {
		if err := idx.check(ctx, ext, mg); err != nil {
			return err
		}
		if idx.trySetManager(ext, mg) {
			return nil
		}
		// Another object was quicker.
	}
}

// trySetManager unless another object manages the resource, and this one did not create it.
func (idx *Ownership) trySetManager(ext externalID, mg Object) bool {
	idx.mu.Lock()
	defer idx.mu.Unlock()
	if o, ok := idx.managers[ext]; ok && o.uid != mg.GetUID() && !isCreator(mg, ext.id) {
		return false
	}
	idx.managers[ext] = manager{name: client.ObjectKeyFromObject(mg), uid: mg.GetUID()}
	if idx.byUID[mg.GetUID()] == nil {
		idx.byUID[mg.GetUID()] = map[externalID]bool{}
	}
	idx.byUID[mg.GetUID()][ext] = true
	return true
}

// CheckManager fails if an object must not act on the resource with an ID: another object manages
// that, or the object only observes and the owner does not let its namespace refer to it. Description
// is how the user named it.
func (idx *Ownership) CheckManager(ctx context.Context, kind string, mg Object, id, description string) error {
	if IsReadOnly(mg) {
		return idx.CheckReference(ctx, mg, kind, id, description)
	}
	// It is managed once it is known to exist.
	return idx.Check(ctx, kind, mg, id)
}

// Check fails as SetManager would, and changes nothing.
func (idx *Ownership) Check(ctx context.Context, kind string, mg Object, id string) error {
	return idx.check(ctx, externalID{kind: kind, id: id}, mg)
}

// check without the lock, as the cache may take its time: what another object manages meanwhile
// is found by trySetManager.
func (idx *Ownership) check(ctx context.Context, ext externalID, mg Object) error {
	if idx.isManager(ext, mg) {
		return nil
	}
	managers, err := idx.managersInStatus(ctx, ext)
	if err != nil {
		return err
	}
	created := isCreator(mg, ext.id)
	for _, o := range managers {
		if o.GetUID() != mg.GetUID() && (!created || isCreator(o, ext.id)) {
			return idx.managedByOther(o, mg, ext)
		}
	}
	if created {
		return nil
	}
	o, err := idx.managerOf(ctx, ext)
	if o != nil && o.GetUID() != mg.GetUID() {
		return idx.managedByOther(o, mg, ext)
	}
	return err
}

// isManager reports whether an object was set to manage a resource in this process, and still does.
func (idx *Ownership) isManager(ext externalID, mg Object) bool {
	idx.mu.Lock()
	defer idx.mu.Unlock()
	return idx.managers[ext].uid == mg.GetUID()
}

// IsManaged reports whether an object manages the resource with an ID.
func (idx *Ownership) IsManaged(ctx context.Context, kind, id string) (bool, error) {
	by, err := idx.managersOf(ctx, externalID{kind: kind, id: id})
	return len(by) > 0, err
}

// Release what an object was set to manage and has no right to.
func (idx *Ownership) Release(kind string, mg Object, id string) {
	idx.mu.Lock()
	defer idx.mu.Unlock()
	idx.drop(mg.GetUID(), externalID{kind: kind, id: id})
}

// keepProven releases what an object was set to manage, except what its status shows, or will show
// because the object created it.
func (idx *Ownership) keepProven(mg Object) {
	idx.mu.Lock()
	defer idx.mu.Unlock()
	for ext := range idx.byUID[mg.GetUID()] {
		name := meta.GetExternalName(mg)
		created := Created(mg, name) && (ext.id == name || strings.HasSuffix(ext.id, "/"+name))
		if (!Manages(mg, ext.id) && !created) || IsReadOnly(mg) {
			idx.drop(mg.GetUID(), ext)
		}
	}
}

// forget an object that was deleted.
func (idx *Ownership) forget(uid types.UID) {
	idx.mu.Lock()
	defer idx.mu.Unlock()
	for ext := range idx.byUID[uid] {
		idx.drop(uid, ext)
	}
}

// drop what an object manages. The caller holds the lock.
func (idx *Ownership) drop(uid types.UID, ext externalID) {
	delete(idx.byUID[uid], ext)
	if len(idx.byUID[uid]) == 0 {
		delete(idx.byUID, uid)
	}
	if idx.managers[ext].uid == uid {
		delete(idx.managers, ext)
	}
}

func (idx *Ownership) kindOf(kind string) (managedKind, bool) {
	idx.mu.Lock()
	defer idx.mu.Unlock()
	k, ok := idx.kinds[kind]
	return k, ok
}
