// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// An Object is a managed resource of any kind. All that keeps tenants apart works on it,
// so that no kind can be added without.
type Object interface {
	resource.ModernManaged

	// ManagedStatus is the part of the status that crossplane-runtime writes.
	ManagedStatus() *xpv2.ManagedResourceStatus
	// OwnershipStatus tells what the object manages, which only the provider writes.
	OwnershipStatus() *v1alpha1.Ownership
	// ObservedID is the ID at OpenAI of what was observed last; empty: nothing was.
	ObservedID() string
	// ObservedProjectID is the project of what was observed last, if it has one.
	ObservedProjectID() string
	// References to other objects, with the IDs that may stand in their place.
	References() []v1alpha1.Reference
	// SpecOrganizationID is the organization that the object asks for instead of its
	// configuration's; nil: it does not.
	SpecOrganizationID() *string
	// SpecProjectID is the project that the object names; nil: none.
	SpecProjectID() *string
}

// indexManaged is the index of objects by the IDs that they manage.
const indexManaged = "managedIDs"

// Ownership tell which object manages what at OpenAI, so that no other object acts on it.
// What an object's status says holds, and, as the caches that it is looked up in lag,
// what was claimed in this process since. Leader election makes that sufficient. IDs are
// those of a kind; of one whose IDs several projects can have, they begin with the project's.
type Ownership struct {
	client client.Client

	mu    sync.Mutex
	kinds map[string]managedKind
	taken map[claim]holder
	byUID map[types.UID]map[claim]bool
}

// A managedKind is an empty object of a kind whose objects manage things, and an empty list.
type managedKind struct {
	object Object
	list   resource.ManagedList
	// fromSpec reports that the specs of the objects name what they manage.
	fromSpec bool
}

// A claim is an ID that only one object of its kind may act on.
type claim struct{ kind, id string }

// A holder is an object that claimed something.
type holder struct {
	name types.NamespacedName
	uid  types.UID
}

// NewOwnership returns Claims that are looked up with a client, which reads from a cache.
func NewOwnership(c client.Client) *Ownership {
	return &Ownership{
		client: c,
		kinds:  map[string]managedKind{},
		taken:  map[claim]holder{},
		byUID:  map[types.UID]map[claim]bool{},
	}
}

// How often a kind is looked for whose CRD was established, and how long that and the first
// list of its objects may take: as long as controller-runtime gives a controller.
const (
	discoveryPause    = 250 * time.Millisecond
	discoveryPatience = 2 * time.Minute
)

// add a kind whose objects manage things.
func (c *Ownership) add(mgr ctrl.Manager, kind string, of managedKind) error {
	var last error
	_ = wait.PollUntilContextTimeout(context.Background(), discoveryPause, discoveryPatience, true, func(ctx context.Context) (bool, error) {
		// A CRD is established a moment before it can be discovered.
		last = mgr.GetFieldIndexer().IndexField(ctx, of.object, indexManaged, managedIDs)
		return !apimeta.IsNoMatchError(last), nil
	})
	if err := last; err != nil {
		return fmt.Errorf("cannot index objects of kind %s by what they manage: %w", kind, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kinds[kind] = of
	return nil
}

// managedIDs that an object is found by.
func managedIDs(o client.Object) []string {
	mg, ok := o.(Object)
	if !ok || OnlyObserves(mg) {
		return nil
	}
	return mg.OwnershipStatus().ManagedIDs
}

// Manages reports whether the status of an object proves that it manages what has an ID.
func Manages(mg Object, id string) bool {
	return mg.OwnershipStatus().Manages(id)
}

// isCreator reports whether the status of an object proves that it itself created what it
// manages. A restored status is that of another object.
func isCreator(mg Object, id string) bool {
	return Manages(mg, id) && mg.OwnershipStatus().CreatedID == creatorOf(mg, id)
}

func creatorOf(mg Object, id string) string { return string(mg.GetUID()) + "/" + id }

// Acquire claims for an object of a kind what has an ID. It fails with a *TakenError if
// another object manages that. Of two whose status says that they do, as after a backup was
// restored beside the original, only the one that created it does.
func (c *Ownership) Acquire(ctx context.Context, kind string, mg Object, id string) error {
	of := claim{kind: kind, id: id}
	for {
		if err := c.check(ctx, of, mg); err != nil {
			return err
		}
		if c.note(of, mg) {
			return nil
		}
		// Another was quicker.
	}
}

// note a claim, unless another object, which prevails over this one, has it.
func (c *Ownership) note(of claim, mg Object) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h, ok := c.taken[of]; ok && h.uid != mg.GetUID() && !isCreator(mg, of.id) {
		return false
	}
	c.taken[of] = holder{name: client.ObjectKeyFromObject(mg), uid: mg.GetUID()}
	if c.byUID[mg.GetUID()] == nil {
		c.byUID[mg.GetUID()] = map[claim]bool{}
	}
	c.byUID[mg.GetUID()][of] = true
	return true
}

// CheckOwner fails if an object must not act on what has an ID: another object manages that, or
// it is only observed and its manager does not let this namespace refer to it. What is how
// the user named it.
func (c *Ownership) CheckOwner(ctx context.Context, kind string, mg Object, id, what string) error {
	if OnlyObserves(mg) {
		return c.CheckReference(ctx, mg, kind, id, what)
	}
	// It is claimed once it is known to exist.
	return c.Check(ctx, kind, mg, id)
}

// Check fails as Take would, and claims nothing.
func (c *Ownership) Check(ctx context.Context, kind string, mg Object, id string) error {
	return c.check(ctx, claim{kind: kind, id: id}, mg)
}

// check without the lock, as a cache may take its time: what was claimed since is found when
// the claim is noted.
func (c *Ownership) check(ctx context.Context, of claim, mg Object) error {
	if c.holds(of.kind, mg, of.id) {
		return nil
	}
	managers, err := c.managers(ctx, of)
	if err != nil {
		return err
	}
	prevails := isCreator(mg, of.id)
	for _, o := range managers {
		if o.GetUID() != mg.GetUID() && (!prevails || isCreator(o, of.id)) {
			return c.takenBy(o, mg, of)
		}
	}
	if prevails {
		return nil
	}
	o, err := c.holder(ctx, of)
	if o != nil && o.GetUID() != mg.GetUID() {
		return c.takenBy(o, mg, of)
	}
	return err
}

// holds reports whether an object claimed in this process what has an ID, and that still
// holds.
func (c *Ownership) holds(kind string, mg Object, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken[claim{kind: kind, id: id}].uid == mg.GetUID()
}

// IsManaged reports whether an object manages something, or has claimed it.
func (c *Ownership) IsManaged(ctx context.Context, kind, id string) (bool, error) {
	by, err := c.authorities(ctx, claim{kind: kind, id: id})
	return len(by) > 0, err
}

// Release what an object claimed and has no right to.
func (c *Ownership) Release(kind string, mg Object, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(mg.GetUID(), claim{kind: kind, id: id})
}

// settle keeps of an object's claims those that its status tells, or will tell of what it
// created.
func (c *Ownership) settle(mg Object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for of := range c.byUID[mg.GetUID()] {
		name := meta.GetExternalName(mg)
		created := Created(mg, name) && (of.id == name || strings.HasSuffix(of.id, "/"+name))
		if (!Manages(mg, of.id) && !created) || OnlyObserves(mg) {
			c.drop(mg.GetUID(), of)
		}
	}
}

// forget an object that is gone.
func (c *Ownership) forget(uid types.UID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for of := range c.byUID[uid] {
		c.drop(uid, of)
	}
}

func (c *Ownership) drop(uid types.UID, of claim) {
	delete(c.byUID[uid], of)
	if len(c.byUID[uid]) == 0 {
		delete(c.byUID, uid)
	}
	if c.taken[of].uid == uid {
		delete(c.taken, of)
	}
}

func (c *Ownership) known(kind string) (managedKind, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kinds[kind]
	return k, ok
}

// managers of something, as their status says.
func (c *Ownership) managers(ctx context.Context, of claim) ([]Object, error) {
	kind, ok := c.known(of.kind)
	if !ok {
		return nil, c.absent(ctx, of.kind)
	}
	l, ok := kind.list.DeepCopyObject().(resource.ManagedList)
	if !ok {
		return nil, fmt.Errorf("%T is not a list of managed resources", kind.list)
	}
	if err := c.client.List(ctx, l, client.MatchingFields{indexManaged: of.id}, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("cannot tell which %s manages %q: %w", of.kind, of.id, err)
	}
	var out []Object
	for _, mg := range l.GetItems() {
		if o, ok := mg.(Object); ok {
			out = append(out, o)
		}
	}
	// In order, so that refusals read the same each time.
	slices.SortFunc(out, func(a, b Object) int {
		return cmp.Or(strings.Compare(a.GetNamespace(), b.GetNamespace()), strings.Compare(a.GetName(), b.GetName()))
	})
	return out, nil
}

// absent fails unless there is no kind whose objects could manage anything: a provider may
// run with only some of its CRDs.
func (c *Ownership) absent(ctx context.Context, kind string) error {
	kinds := v1alpha1.Kinds()
	i := slices.IndexFunc(kinds, func(k v1alpha1.KindInfo) bool { return k.Kind == kind })
	if i < 0 {
		return nil
	}
	crd := &apiextensionsv1.CustomResourceDefinition{}
	err := c.client.Get(ctx, types.NamespacedName{Name: kinds[i].Plural + "." + v1alpha1.SchemeGroupVersion.Group}, crd, client.UnsafeDisableDeepCopy)
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot tell whether there are objects of kind %s: %w", kind, err)
	}
	// One that is going or not established has no controller, whose objects could do anything.
	if err == nil && crd.GetDeletionTimestamp() == nil && isEstablished(crd) {
		return fmt.Errorf("objects of kind %s are not known yet: the provider is starting", kind)
	}
	return nil
}

func isEstablished(crd *apiextensionsv1.CustomResourceDefinition) bool {
	return slices.ContainsFunc(crd.Status.Conditions, func(c apiextensionsv1.CustomResourceDefinitionCondition) bool {
		return c.Type == apiextensionsv1.Established && c.Status == apiextensionsv1.ConditionTrue
	})
}

// holder of a claim in this process; nil: there is none. The claim of one that is gone ends.
func (c *Ownership) holder(ctx context.Context, of claim) (Object, error) {
	c.mu.Lock()
	h, ok := c.taken[of]
	c.mu.Unlock()
	if !ok {
		return nil, nil
	}
	o, err := c.empty(of.kind)
	if err != nil {
		return nil, err
	}
	// One that is gone has no UID.
	err = client.IgnoreNotFound(c.client.Get(ctx, h.name, o, client.UnsafeDisableDeepCopy))
	if err != nil {
		return nil, fmt.Errorf("cannot get %s %q: %w", of.kind, h.name, err)
	}
	if o.GetUID() != h.uid {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.drop(h.uid, of)
		return nil, nil
	}
	return o, nil
}

// empty object of a kind. One that claims something may be faster than its index.
func (c *Ownership) empty(kind string) (Object, error) {
	var of runtime.Object
	if k, ok := c.known(kind); ok {
		of = k.object.DeepCopyObject()
	} else {
		var err error
		if of, err = c.client.Scheme().New(v1alpha1.SchemeGroupVersion.WithKind(kind)); err != nil {
			return nil, fmt.Errorf("cannot make an object of kind %s: %w", kind, err)
		}
	}
	o, ok := of.(Object)
	if !ok {
		return nil, fmt.Errorf("%T is not a managed resource", of)
	}
	return o, nil
}

// A ManagedByOtherError says that another object manages what an object is pointed at.
type ManagedByOtherError struct {
	// ID of what the other object manages.
	ID string
	// By says which object that is, if that may be told.
	By string
	// Has is the ID that the object had before; empty: none.
	Has string
	// Observable reports that the object may watch what the other manages.
	Observable bool
	// FromSpec reports that the spec names it, and not the external name. Its ID is not told, as
	// it may have been looked up.
	FromSpec bool
}

// takenBy is the error for an object that is pointed at what another one manages.
func (c *Ownership) takenBy(by, mg Object, of claim) *ManagedByOtherError {
	kind, _ := c.known(of.kind)
	e := &ManagedByOtherError{ID: of.id, By: "another object", Observable: allows(by, mg.GetNamespace()), FromSpec: kind.fromSpec}
	if by.GetNamespace() == mg.GetNamespace() {
		e.By += fmt.Sprintf(", %q", by.GetName())
	}
	if has := mg.OwnershipStatus().ManagedIDs; len(has) > 0 && has[0] != of.id {
		e.Has = has[0]
	}
	return e
}

// Error names the remedy.
func (e *ManagedByOtherError) Error() string {
	if e.FromSpec {
		return fmt.Sprintf("what the spec names is managed by %s: name something else in a new object, or delete the other object first", e.By)
	}
	remedy := "create this object anew without the annotation " + meta.AnnotationKeyExternalName
	if e.Observable {
		remedy += ", set managementPolicies: [Observe] to only watch it,"
	}
	if e.Has != "" {
		remedy = fmt.Sprintf("set the annotation %s back to %q,", meta.AnnotationKeyExternalName, e.Has)
	}
	return fmt.Sprintf("%q is managed by %s: %s or delete the other object first", e.ID, e.By, remedy)
}

// TerminalIfLasting reports that only the user can end this, unless the other object is
// being deleted.
func (e *ManagedByOtherError) TerminalIfLasting() bool { return true }
