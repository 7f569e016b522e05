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

// neighbors are two tenants that share a ClusterProviderConfig, whose admin key neither
// can read. Each may change what is namespaced in its own namespace, but no status.
func neighbors(t *testing.T, mods ...func(*v1alpha1.ClusterProviderConfig)) (attacker, victim *tenant) {
	t.Helper()
	victim = newTenant(t, mods...)
	// Its name should not tell one tenant of the other's namespace.
	shared := victim.clusterConfig()
	victim.get(shared)
	shared.ObjectMeta = metav1.ObjectMeta{GenerateName: "shared-"}
	victim.create(shared)
	victim.config = shared.Name
	victim.withPlatformCredentials()
	attacker = victim.neighbor()
	return attacker, victim
}

// neighbor is another tenant that shares the tenant's ClusterProviderConfig. It has a
// project with a service account of its own.
func (tn *tenant) neighbor() *tenant {
	tn.Helper()
	other := *tn
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "tenant-"}}
	tn.create(ns)
	other.namespace = ns.Name
	other.Cleanup(other.rest)
	other.project = other.newProjectID(ns.Name)
	other.account = other.newAccount("backend")
	return &other
}

// A holding is a working key of a tenant, and what of its project and account the tenant
// manages. Its Secret is called "key".
type holding struct {
	// The tenant's project and account are those of the key.
	*tenant

	objects []resource.Managed
	key     *v1alpha1.ProjectAPIKey
}

// holdsAll is a tenant that manages the project and the account of its key as well.
func holdsAll(tn *tenant) *holding {
	tn.Helper()
	c, held := tn.newChain(byReference), *tn
	held.project, held.account = meta.GetExternalName(c.project), meta.GetExternalName(c.account)
	return &holding{tenant: &held, objects: []resource.Managed{c.project, c.account, c.key}, key: c.key}
}

// holdsAccount is a tenant that manages the account of its key, in a project that was made
// by other means.
func holdsAccount(tn *tenant) *holding {
	tn.Helper()
	held := *tn
	sa := tn.accountObject("managed")
	tn.create(sa)
	tn.awaitReady(sa)
	held.account = meta.GetExternalName(sa)
	h := holdsKey(&held)
	h.objects = append(h.objects, sa)
	return h
}

// holdsKey is a tenant that manages no more than its key. The account was made by other
// means, and is managed by nobody.
func holdsKey(tn *tenant) *holding {
	tn.Helper()
	key := tn.key("key")
	tn.create(key)
	tn.awaitReady(key)
	return &holding{tenant: tn, objects: []resource.Managed{key}, key: key}
}

// An estate is what there is of a holding at OpenAI, and what its consumers have.
type estate struct {
	Project, Account, Value string
	Key                     simulator.KeySnapshot
	Names                   []string
	Bookkeeping             map[string]string
	SecretUID               types.UID
}

func (h *holding) estate() estate {
	h.Helper()
	p, err := h.openai.Get(context.Background(), h.project)
	h.must(err)
	is := estate{Project: p.Name + " " + p.Status}
	// There is nothing in an archived project.
	if p.Status == "active" && h.accountLives(h.account) {
		is.Account = fmt.Sprint(h.nameAndRole(h.account))
	}
	for _, o := range h.objects {
		h.get(o)
		is.Names = append(is.Names, meta.GetExternalName(o))
	}
	if s := h.secret("key"); s != nil {
		is.Value, is.SecretUID, is.Bookkeeping = string(s.Data["OPENAI_API_KEY"]), s.UID, bookkeeping(s)
	}
	is.Key, _ = sim.KeyByValue(is.Value)
	// Whoever has the value can use it, as to prove that.
	is.Key.LastUsedAt = time.Time{}
	return is
}

// assertUntouched asserts that a holding is what it was, also once the provider has looked
// at it again, and that the key works.
func (h *holding) assertUntouched(reason string, was estate) {
	h.Helper()
	for range 2 {
		if diff := cmp.Diff(was, h.estate()); diff != "" {
			h.Fatalf("%s\nwhat another tenant has: -before, +after:\n%s", reason, diff)
		}
		h.reconcileAgain(1, h.objects...)
	}
	h.awaitReady(h.objects...)
	h.working("key")
}

// secrets of a holding are what no other tenant is to be told.
func (h *holding) secrets() []string {
	s := h.secret("key")
	k, _ := sim.KeyByValue(string(s.Data["OPENAI_API_KEY"]))
	return []string{h.namespace, h.project, h.account, k.ID, k.Name, k.RedactedValue, string(s.Data["OPENAI_API_KEY"])}
}

// assertNotTold asserts that an object of another tenant, and the events about it, tell
// nothing about a holding that the tenant did not write itself.
func (h *holding) assertNotTold(reason string, by *tenant, o resource.Managed, written ...string) {
	h.Helper()
	by.get(o)
	all := []string{asJSON(h.T, o)}
	for _, e := range by.eventsOf(o) {
		all = append(all, e.Message)
	}
	said := strings.Join(all, "\n")
	for _, secret := range h.secrets() {
		knew := slices.ContainsFunc(written, func(w string) bool { return strings.Contains(w, secret) })
		if by.namespace == h.namespace || knew || !strings.Contains(said, secret) {
			continue
		}
		h.Errorf("%s\n%T tells of another tenant's %q:\n%s", reason, o, secret, said)
	}
}

// isRefused reports whether an object's present generation is not Synced, and isWaiting
// whether it is Synced and waits for what it refers to.
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

// awaitOpinion awaits that the provider has an opinion of objects, and that it has acted
// upon it again.
func (tn *tenant) awaitOpinion(objects ...resource.Managed) {
	tn.Helper()
	for range 2 {
		for _, o := range objects {
			tn.await(fmt.Sprintf("a opinion of %T %q", o, o.GetName()), func() (bool, string) {
				tn.get(o)
				return isReady(o) || isRefused(o) || isWaiting(o), tn.said(o)
			})
		}
		tn.reconcileAgain(1, objects...)
	}
}

// said is what the conditions of an object say.
func (tn *tenant) said(o resource.Managed) string {
	return fmt.Sprintf("%+v %+v", o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced))
}

// A verdict is how an object is kept from what is not its tenant's.
type verdict struct {
	name string
	is   func(o resource.Managed) bool
}

var (
	waits    = verdict{"wait, as for what does not exist", isWaiting}
	refused  = verdict{"be refused", isRefused}
	hindered = verdict{"wait or be refused", func(o resource.Managed) bool { return isWaiting(o) || isRefused(o) }}
)

// assertVerdict asserts that an object is kept from what it is after, also when the
// provider looks at it again.
func (tn *tenant) assertVerdict(reason string, want verdict, o resource.Managed) {
	tn.Helper()
	tn.awaitOpinion(o)
	if !want.is(o) {
		tn.Errorf("%s\n%T %q should %s, but it says: %s", reason, o, o.GetName(), want.name, tn.said(o))
	}
}

// end an object as its tenant would.
func (tn *tenant) end(o client.Object) {
	tn.Helper()
	tn.delete(o)
	tn.awaitGone(o)
}

// tagOf is the mark that the keys of an object have at OpenAI. Everybody who knows the
// object's UID can tell it.
func tagOf(o client.Object) string {
	sum := sha256.Sum256([]byte(o.GetUID()))
	return hex.EncodeToString(sum[:5])
}
