// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	// allowReferencesFrom of an object lists the namespaces that may refer to it.
	allowReferencesFrom = "openai.crossplane.io/allow-references-from"

	createdAnnotation = "openai.crossplane.io/created-external-name"
)

// neighbors are two tenants that share a ClusterProviderConfig, whose admin key neither can read.
// Each may change namespaced objects in its own namespace, but no status.
func neighbors(t *testing.T, mods ...func(*v1alpha1.ClusterProviderConfig)) (attacker, victim *tenant) {
	t.Helper()
	victim = newTenant(t, mods...)
	// The name of the configuration must not reveal a tenant's namespace to another tenant.
	shared := victim.clusterConfig()
	victim.get(shared)
	shared.ObjectMeta = metav1.ObjectMeta{GenerateName: "shared-"}
	victim.create(shared)
	victim.config = shared.Name
	victim.withPlatformCredentials()
	attacker = victim.neighbor()
	return attacker, victim
}

// neighbor is another tenant that shares the tenant's ClusterProviderConfig. It has its own project
// with a service account.
func (tn *tenant) neighbor() *tenant {
	tn.Helper()
	other := *tn
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "tenant-"}}
	tn.create(ns)
	other.namespace = ns.Name
	other.Cleanup(other.stopPolling)
	other.project = other.newProjectID(ns.Name)
	other.account = other.newAccount("backend")
	return &other
}

// A keyFixture is a working key of a tenant, with the objects by which the tenant manages it. Its
// Secret is called "key".
type keyFixture struct {
	// Its project and account are those of the key.
	*tenant

	objects []resource.Managed
	key     *v1alpha1.ProjectAPIKey
}

// managesAll is the key of a tenant that manages its project and account too.
func managesAll(tn *tenant) *keyFixture {
	tn.Helper()
	c, managed := tn.newChain(byReference), *tn
	managed.project, managed.account = meta.GetExternalName(c.project), meta.GetExternalName(c.account)
	return &keyFixture{tenant: &managed, objects: []resource.Managed{c.project, c.account, c.key}, key: c.key}
}

// managesAccount is the key of a tenant that manages its account too, in an unmanaged project.
func managesAccount(tn *tenant) *keyFixture {
	tn.Helper()
	managed := *tn
	sa := tn.accountObject("managed")
	tn.create(sa)
	tn.awaitReady(sa)
	managed.account = meta.GetExternalName(sa)
	h := managesKey(&managed)
	h.objects = append(h.objects, sa)
	return h
}

// managesKey is the key of a tenant that manages only the key. The account and the project are
// unmanaged.
func managesKey(tn *tenant) *keyFixture {
	tn.Helper()
	key := tn.key("key")
	tn.create(key)
	tn.awaitReady(key)
	return &keyFixture{tenant: tn, objects: []resource.Managed{key}, key: key}
}

// externalState is the external resources of a keyFixture, with the key that its consumers have.
type externalState struct {
	Project, Account, Value string
	Key                     simulator.KeySnapshot
	Names                   []string
	KeyState                map[string]string
	SecretUID               types.UID
}

func (h *keyFixture) externalState() externalState {
	h.Helper()
	p, err := h.openai.Get(context.Background(), h.project)
	h.must(err)
	is := externalState{Project: p.Name + " " + p.Status}
	// An archived project lists no accounts.
	if p.Status == "active" && h.accountExists(h.account) {
		is.Account = fmt.Sprint(h.nameAndRole(h.account))
	}
	for _, o := range h.objects {
		h.get(o)
		is.Names = append(is.Names, meta.GetExternalName(o))
	}
	if s := h.secret("key"); s != nil {
		is.Value, is.SecretUID, is.KeyState = string(s.Data["OPENAI_API_KEY"]), s.UID, keyState(s)
	}
	is.Key, _ = sim.KeyByValue(is.Value)
	// Anybody with the value can use the key, for example to verify it.
	is.Key.LastUsedAt = time.Time{}
	return is
}

// assertUntouched asserts that a fixture is unchanged, also after further reconciles, and that the
// key works.
func (h *keyFixture) assertUntouched(reason string, was externalState) {
	h.Helper()
	for range 2 {
		if diff := cmp.Diff(was, h.externalState()); diff != "" {
			h.Fatalf("%s\nwhat another tenant has: -before, +after:\n%s", reason, diff)
		}
		h.reconcileAgain(1, h.objects...)
	}
	h.awaitReady(h.objects...)
	h.workingKey("key")
}

// confidential values must not be disclosed to other tenants.
func (h *keyFixture) confidential() []string {
	s := h.secret("key")
	k, _ := sim.KeyByValue(string(s.Data["OPENAI_API_KEY"]))
	return []string{h.namespace, h.project, h.account, k.ID, k.Name, k.RedactedValue, string(s.Data["OPENAI_API_KEY"])}
}

// assertNotDisclosed asserts that an object of another tenant, and its events, contain no
// confidential value except those that this tenant wrote itself.
func (h *keyFixture) assertNotDisclosed(reason string, by *tenant, o resource.Managed, written ...string) {
	h.Helper()
	by.get(o)
	all := []string{asJSON(h.T, o)}
	for _, e := range by.eventsOf(o) {
		all = append(all, e.Message)
	}
	said := strings.Join(all, "\n")
	for _, secret := range h.confidential() {
		knew := slices.ContainsFunc(written, func(w string) bool { return strings.Contains(w, secret) })
		if by.namespace == h.namespace || knew || !strings.Contains(said, secret) {
			continue
		}
		h.Errorf("%s\n%T discloses another tenant's %q:\n%s", reason, o, secret, said)
	}
}

// isRefused reports whether an object's current generation is not Synced, and isWaiting whether it
// is Synced and waits for what it refers to.
func isRefused(o resource.Managed) bool {
	c := o.GetCondition(xpv2.TypeSynced)
	return c.Status == corev1.ConditionFalse && c.ObservedGeneration == o.GetGeneration()
}

func isWaiting(o resource.Managed) bool {
	ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
	return ready.Status == corev1.ConditionFalse && ready.Reason == xpv2.ReasonCreating &&
		strings.HasPrefix(strings.ToLower(ready.Message), "waiting for") &&
		synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == o.GetGeneration()
}

func isReady(o resource.Managed) bool {
	ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
	return ready.Status == corev1.ConditionTrue && synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == o.GetGeneration()
}

// awaitReconciled awaits that objects are Ready, refused or waiting, twice in succession.
func (tn *tenant) awaitReconciled(objects ...resource.Managed) {
	tn.Helper()
	for range 2 {
		for _, o := range objects {
			tn.await(fmt.Sprintf("a decision on %T %q", o, o.GetName()), func() (bool, string) {
				tn.get(o)
				return isReady(o) || isRefused(o) || isWaiting(o), tn.conditionMessages(o)
			})
		}
		tn.reconcileAgain(1, objects...)
	}
}

// conditionMessages formats the conditions of an object.
func (tn *tenant) conditionMessages(o resource.Managed) string {
	return fmt.Sprintf("%+v %+v", o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced))
}

// A denial is a way in which the provider denies an object access to another tenant's resource.
type denial struct {
	name string
	is   func(o resource.Managed) bool
}

var (
	waits    = denial{"wait, as for what does not exist", isWaiting}
	refused  = denial{"be refused", isRefused}
	hindered = denial{"wait or be refused", func(o resource.Managed) bool { return isWaiting(o) || isRefused(o) }}
)

// assertDenied asserts that an object is denied access, also after another reconcile.
func (tn *tenant) assertDenied(reason string, want denial, o resource.Managed) {
	tn.Helper()
	tn.awaitReconciled(o)
	if !want.is(o) {
		tn.Errorf("%s\n%T %q should %s, but it says: %s", reason, o, o.GetName(), want.name, tn.conditionMessages(o))
	}
}

// deleteAndAwait deletes an object, and awaits that it is gone.
func (tn *tenant) deleteAndAwait(o client.Object) {
	tn.Helper()
	tn.delete(o)
	tn.awaitGone(o)
}

// ownerHashOf is the hash of an object's UID in the names of its keys. It is no secret: anybody who
// knows the UID can compute it.
func ownerHashOf(o client.Object) string {
	sum := sha256.Sum256([]byte(o.GetUID()))
	return hex.EncodeToString(sum[:5])
}
