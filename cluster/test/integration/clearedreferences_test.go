// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestAnIDThatIsClearedWhileItsReferenceStaysComesBack(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]func(c *chain){"ByReference": byReference, "BySelector": bySelector} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTenant(t).newChain(link)
			had := c.ids()
			for _, clear := range []struct {
				reason string
				of     resource.Managed
				fields map[string]any
			}{
				{"An account's only ID.", c.account, map[string]any{"projectID": nil}},
				{"One of a key's two.", c.key, map[string]any{"projectID": nil}},
				{"The other one.", c.key, map[string]any{"serviceAccountID": nil}},
				{"Both.", c.key, map[string]any{"projectID": nil, "serviceAccountID": nil}},
			} {
				if err := c.patch(clear.of, clear.fields); err != nil {
					t.Errorf("%s\ncannot clear it: %v", clear.reason, err)
					continue
				}
				c.await("the IDs", func() (bool, string) {
					c.get(c.account)
					c.get(c.key)
					got := []*string{c.account.Spec.ForProvider.ProjectID, c.key.Spec.ForProvider.ProjectID, c.key.Spec.ForProvider.ServiceAccountID}
					diff := cmp.Diff([]*string{&had.Project, &had.Project, &had.Account}, got)
					return diff == "", clear.reason + "\n" + diff
				})
				c.awaitReady(c.account, c.key)
				c.assertHas(had)
			}
		})
	}
}

func TestTheQuickstartReplacedByItsOriginalManifestsGoesOnAsItWas(t *testing.T) {
	t.Parallel()
	tn := newTenant(t).withDefaultConfig()
	unique := "checkout-" + tn.namespace // other tests have projects called checkout
	var manifests strings.Builder
	for _, file := range []string{"2-project.yaml", "3-projectserviceaccount.yaml", "4-projectapikey.yaml"} {
		manifests.WriteString("---\n" + tn.example("quickstart/"+file, "checkout", unique))
	}
	manifest := manifests.String()
	at := metav1.ObjectMeta{Namespace: tn.namespace, Name: unique}
	c := &chain{tenant: tn, project: &v1alpha1.Project{ObjectMeta: at}, account: &v1alpha1.ProjectServiceAccount{ObjectMeta: at}, key: &v1alpha1.ProjectAPIKey{ObjectMeta: at}}
	if out, err := tn.kubectl(manifest, "apply", "-f", "-"); err != nil {
		t.Fatalf("the manifests are refused: %v\n%s", err, out)
	}
	tn.awaitReady(c.project, c.account, c.key)
	had := c.ids()

	if out, err := tn.kubectl(manifest, "replace", "-f", "-"); err != nil {
		t.Fatalf("the manifests are refused when they replace what they made: %v\n%s", err, out)
	}
	want := []string{had.Project, had.Account, had.Key}
	tn.await("their names and finalizers", func() (bool, string) {
		var got []string
		finalizers := true
		for _, o := range []resource.Managed{c.project, c.account, c.key} {
			tn.get(o)
			got = append(got, meta.GetExternalName(o))
			finalizers = finalizers && len(o.GetFinalizers()) > 0
		}
		diff := cmp.Diff(want, got)
		return diff == "" && finalizers, diff
	})
	tn.awaitReady(c.project, c.account, c.key)
	c.assertHas(had)
	if diff := cmp.Diff([]string{had.Project}, tn.projectsNamed(unique)); diff != "" {
		t.Errorf("projects of the name: -want, +got:\n%s", diff)
	}
}
