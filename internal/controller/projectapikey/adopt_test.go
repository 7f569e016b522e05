// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// importing has the object adopt the key with a value.
func (f *fixture) importing(t *testing.T, value string) {
	t.Helper()
	s := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: f.cr.Namespace, Name: "existing"},
		Data:       map[string][]byte{"key": []byte(value)},
	}
	if err := f.kube.Create(t.Context(), s); err != nil {
		t.Fatalf("cannot create Secret: %v", err)
	}
	f.cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "existing", Key: "key"}
}

func TestAdopt(t *testing.T) {
	f := newFixture(t)
	id, value := f.issueBehindItsBack(t, "made by hand")
	f.issueBehindItsBack(t, "another")
	f.importing(t, value+"\n")
	f.mustReconcile(t)

	f.holds(t, id)
	if got := meta.GetExternalName(f.cr); got != id {
		t.Errorf("external name: want %q, got %q", id, got)
	}
	if diff := cmp.Diff([]string{"Adopted"}, f.events); diff != "" {
		t.Errorf("events: -want, +got:\n%s", diff)
	}
	if d := decide(f.observe(t)); !d.upToDate() {
		t.Errorf("after the adoption: want nothing to do, got %+v", d)
	}
	if n := f.CountCalls(simulator.RouteUpdateProjectAPIKey); n != 0 {
		t.Errorf("updates of a key whose permissions nobody asked to change: want none, got %d", n)
	}
}

// TestAdoptedKeyGoesWithItsObject as the API's documentation says.
func TestAdoptedKeyGoesWithItsObject(t *testing.T) {
	f := newFixture(t)
	_, value := f.issueBehindItsBack(t, "made by hand")
	f.importing(t, value)
	f.mustReconcile(t)
	if !f.deleted(t, 2) {
		t.Error("it does not go")
	}
	if diff := cmp.Diff([]string{}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}

func TestAdoptRefuses(t *testing.T) {
	const from = `Secret "team-a/existing" key "key"`
	cases := map[string]struct {
		reason  string
		arrange func(t *testing.T, f *fixture)
		want    func(f *fixture) string
	}{
		"NoSuchSecret": {
			"The user may have forgotten it.",
			func(_ *testing.T, f *fixture) {
				f.cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "existing", Key: "key"}
			},
			func(*fixture) string {
				return `importSecretRef names Secret "team-a/existing", which does not exist: create it, or remove importSecretRef to have a new key issued`
			},
		},
		"Empty": {
			"There is no value to go by.",
			func(t *testing.T, f *fixture) { f.importing(t, " \n") },
			func(*fixture) string {
				return "importSecretRef names " + from + ", which is empty or missing: store the key's value there"
			},
		},
		"InQuotes": {
			"It was copied from a script, and looks like no key of the project.",
			func(t *testing.T, f *fixture) {
				_, value := f.issueBehindItsBack(t, "made by hand")
				f.importing(t, `"`+value+`"`)
			},
			func(*fixture) string {
				return "importSecretRef names " + from + ", which holds the key in quotes or brackets: store it without them"
			},
		},
		"NoSuchKey": {
			"The key was revoked, or is another project's.",
			func(t *testing.T, f *fixture) { f.importing(t, "sk-svcacct-FAKE-gone") },
			func(f *fixture) string {
				return `cannot adopt the key of ` + from + ` in project "` + f.project + `": no key of the project looks like it: check that it was not revoked, and correct forProvider.projectID`
			},
		},
		"AnotherOwner": {
			"The spec says whose key it is.",
			func(t *testing.T, f *fixture) {
				_, value := f.issueBehindItsBack(t, "made by hand")
				f.importing(t, value)
				f.cr.Spec.ForProvider.ServiceAccountID = new("user-other")
			},
			func(f *fixture) string {
				return `cannot adopt key "` + f.Keys(f.project)[0].ID + `": it belongs to service account "` + f.account + `" (robot): correct forProvider.serviceAccountID or serviceAccountName`
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			tc.arrange(t, f)
			before := f.live()
			err := f.reconcile(t)
			if diff := cmp.Diff(tc.want(f), text(err)); diff != "" {
				t.Errorf("\n%s\nreconcile: -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(before, f.live()); diff != "" {
				t.Errorf("\n%s\nlive keys: -before, +after:\n%s", tc.reason, diff)
			}
			if f.secret(t) != nil {
				t.Errorf("\n%s\na Secret was written", tc.reason)
			}
		})
	}
}

// TestAdoptWhoseWriteFails shows that somebody's key is not revoked because it
// could not be stored.
func TestAdoptWhoseWriteFails(t *testing.T) {
	f := newFixture(t)
	id, value := f.issueBehindItsBack(t, "made by hand")
	f.importing(t, value)
	f.intercept(interceptor.Funcs{Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error {
		return errBoom
	}})
	if err := f.reconcile(t); !strings.Contains(text(err), errBoom.Error()) {
		t.Errorf("reconcile: want what the API server said, got %v", err)
	}
	if diff := cmp.Diff([]string{id}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}

// TestExternalNameWithoutAValue shows that a key in use is never replaced by
// surprise.
func TestExternalNameWithoutAValue(t *testing.T) {
	f := newFixture(t)
	id, _ := f.issueBehindItsBack(t, "made by hand")
	f.ResetCalls()
	meta.SetExternalName(f.cr, id)
	want := `the value of key "` + id + `" cannot be read back: give it with forProvider.importSecretRef, set rotation.trigger to replace the key, or set managementPolicies: [Observe] to only watch it`
	if diff := cmp.Diff(want, text(f.reconcile(t))); diff != "" {
		t.Errorf("reconcile: -want error, +got error:\n%s", diff)
	}
	if n := f.CountMutating(); n != 0 {
		t.Errorf("changes at OpenAI: want none, got %d", n)
	}
}
