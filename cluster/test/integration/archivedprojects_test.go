// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// archive a project outside of the provider.
func (tn *tenant) archive(id string) {
	tn.Helper()
	_, err := tn.openai.Archive(tn.Context(), id)
	tn.must(err)
}

// deleteAccount deletes a service account outside of the provider.
func (tn *tenant) deleteAccount(id string) {
	tn.Helper()
	_, err := tn.openai.ServiceAccounts.Delete(tn.Context(), tn.project, id)
	tn.must(err)
}

func TestAProjectThatSomebodyArchivedSaysSoWithItsAccountsAndKeys(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	p := tn.projectObject(tn.namespace + "-doomed")
	sa := tn.accountObject("doomed", func(cr *v1alpha1.ProjectServiceAccount) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ProjectIDRef = nil, referenceTo(p)
	})
	key := tn.key("doomed", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ProjectIDRef = nil, referenceTo(p)
		cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountIDRef = nil, referenceTo(sa)
	})
	all := []resource.Managed{p, sa, key}
	for _, o := range all {
		tn.create(o)
	}
	tn.awaitReady(all...)
	id := meta.GetExternalName(p)
	issued := len(sim.Keys(id))

	tn.archive(id)
	tn.awaitNotReady("archived", all...)
	tn.reconcileAgain(2, all...)
	tn.awaitNotReady("archived", all...)
	if made := tn.projectsNamed(p.Name); len(made) != 0 || meta.GetExternalName(p) != id {
		t.Errorf("projects %v were made, and the object has %q: want none, and %q still", made, meta.GetExternalName(p), id)
	}
	if n := len(sim.Keys(id)); n != issued {
		t.Errorf("%d keys in the archived project, want %d still", n, issued)
	}
	for _, o := range all {
		tn.delete(o)
	}
	tn.awaitGone(key, sa, p)
}

// imported sets the external name of an object to the ID of an existing resource.
func imported[T resource.Managed](o T, id string) T {
	meta.SetExternalName(o, id)
	return o
}

func TestWhatAnObjectDidNotMakeIsNotReplacedOnceItEnded(t *testing.T) {
	t.Parallel()
	project := func(tn *tenant) (resource.Managed, func(), func() []string) {
		id := tn.newProjectID("imported")
		o := tn.projectObject(tn.namespace + "-imported")
		return imported(o, id), func() { tn.archive(id) }, func() []string { return tn.projectsNamed(o.Name) }
	}
	account := func(tn *tenant) (resource.Managed, func(), func() []string) {
		id := tn.newAccount("made elsewhere")
		o := tn.accountObject("imported")
		return imported(o, id), func() { tn.deleteAccount(id) }, func() []string { return tn.accountsNamed(o.Name) }
	}
	key := func(tn *tenant) (resource.Managed, func(), func() []string) {
		return imported(tn.key("imported"), "key_gone"), func() {}, tn.liveIDs
	}
	cases := map[string]struct {
		reason string
		// object returns an object with the ID of an existing resource, a func that deletes this
		// resource, and one that lists whatever was created in its place.
		object func(tn *tenant) (o resource.Managed, end func(), made func() []string)
		// before reports that the resource was deleted before the object was created.
		before bool
		// restored reports that a backup tool created the object.
		restored bool
		want     string
	}{
		"Project":                    {"Accounts and keys are bound to it.", project, false, false, "archived"},
		"ProjectArchivedBefore":      {"Git held an old external name.", project, true, false, "archived"},
		"ProjectOfABackup":           {"The backup says that a project was created, but not by this object.", project, true, true, "archived"},
		"ServiceAccount":             {"Somebody's account was imported, and somebody deleted it.", account, false, false, "does not exist"},
		"ServiceAccountThatNeverWas": {"A typo in the external name.", account, true, false, "does not exist"},
		"ServiceAccountOfABackup":    {"The backup says that an account was created, but not by this object.", account, true, true, "does not exist"},
		"Key":                        {"A backup without its Secret, say: nobody asked for another key.", key, true, false, "does not exist"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			o, end, made := tc.object(tn)
			id := meta.GetExternalName(o)
			if tc.restored {
				o = backupOf(o)
			}
			if tc.before {
				end()
			}
			tn.create(o)
			if !tc.before {
				tn.awaitReady(o)
				end()
			}
			tn.awaitStopped(tc.want, o)
			for range 3 {
				tn.annotate(o, annotations{meta.AnnotationKeyExternalName: id})
				tn.reconcileAgain(1, o)
				tn.awaitStopped(tc.want, o)
			}
			if got := made(); len(got) != 0 || meta.GetExternalName(o) != id {
				t.Errorf("\n%s\n%v were made, and the object has %q: want none, and %q still", tc.reason, got, meta.GetExternalName(o), id)
			}

			tn.delete(o)
			tn.awaitGone(o)
			if got := made(); len(got) != 0 {
				t.Errorf("\n%s\n%v outlive the object", tc.reason, got)
			}
		})
	}
}

func TestAnOldExternalNameThatGitPutsBackMakesNothing(t *testing.T) {
	t.Parallel()
	for name, k := range externallyNamed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			old := k.elsewhere(tn, "old")
			k.end(tn, old)
			i := k.object(tn)
			tn.create(i.object)
			tn.awaitReady(i.object)
			id := meta.GetExternalName(i.object)

			for range 3 {
				tn.annotate(i.object, annotations{meta.AnnotationKeyExternalName: old})
				tn.awaitStopped(k.ended, i.object)
				tn.reconcileAgain(1, i.object)
				if diff := cmp.Diff([]string{id}, i.alive()); diff != "" {
					t.Fatalf("at OpenAI: -want, +got:\n%s", diff)
				}
			}
			tn.annotate(i.object, annotations{meta.AnnotationKeyExternalName: id})
			tn.awaitReady(i.object)
			tn.delete(i.object)
			tn.awaitGone(i.object)
			if alive := i.alive(); len(alive) != 0 {
				t.Errorf("at OpenAI %v outlive the object", alive)
			}
		})
	}
}
