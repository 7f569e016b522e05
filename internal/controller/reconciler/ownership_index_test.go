// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// newOwnership knows the projects that are stored.
func newOwnership(t *testing.T, stored ...client.Object) *Ownership {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{apiextensionsv1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatalf("cannot build scheme: %v", err)
		}
	}
	c := NewOwnership(fake.NewClientBuilder().WithScheme(s).WithObjects(stored...).WithIndex(&v1alpha1.Project{}, indexManaged, managedIDs).Build())
	c.kinds["Project"] = managedKind{object: &v1alpha1.Project{}, list: &v1alpha1.ProjectList{}}
	return c
}

// projectOf a namespace, whose status may say that it manages proj_1.
func projectOf(namespace string, mods ...func(*v1alpha1.Project)) *v1alpha1.Project {
	o := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "checkout", UID: types.UID("uid-of-" + namespace)}}
	for _, mod := range mods {
		mod(o)
	}
	return o
}

func manages(o *v1alpha1.Project)  { o.Status.ManagedIDs = []string{"proj_1"} }
func observes(o *v1alpha1.Project) { o.Spec.ManagementPolicies = xpv2.ManagementPolicies{"Observe"} }
func created(o *v1alpha1.Project)  { o.Status.CreationProof = creationProof(o, "proj_1") }
func saysCreated(o *v1alpha1.Project) {
	o.Annotations = map[string]string{annotationCreated: "uid-of-team-b/proj_1"}
}

func allowing(namespaces string) func(*v1alpha1.Project) {
	return func(o *v1alpha1.Project) { o.Annotations = map[string]string{annotationAllow: namespaces} }
}

func TestAnIDBelongsToOneObject(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		stored  []*v1alpha1.Project
		earlier *v1alpha1.Project
		by      *v1alpha1.Project
		want    string
	}{
		"Nobodys":               {"There is no owner, as after a restore.", nil, nil, projectOf("team-a"), ""},
		"Its":                   {"It manages it already.", []*v1alpha1.Project{projectOf("team-a", manages)}, nil, projectOf("team-a", manages), ""},
		"AnotherManages":        {"Its status says so. The error does not name it.", []*v1alpha1.Project{projectOf("team-b", manages)}, nil, projectOf("team-a"), "another object:"},
		"AnotherOfTheNamespace": {"Whoever is in the namespace may know.", []*v1alpha1.Project{projectOf("team-a", manages, func(o *v1alpha1.Project) { o.Name, o.UID = "other", "uid-2" })}, nil, projectOf("team-a"), `another object, "other":`},
		"AnotherObserves":       {"An observer manages nothing, whatever its status said once.", []*v1alpha1.Project{projectOf("team-b", manages, observes)}, nil, projectOf("team-a"), ""},
		"AnotherSaysSo":         {"Annotations prove nothing.", []*v1alpha1.Project{projectOf("team-b", saysCreated)}, nil, projectOf("team-a"), ""},
		"AnotherWasQuicker":     {"The status that says so may not be in the cache yet.", []*v1alpha1.Project{projectOf("team-b")}, projectOf("team-b"), projectOf("team-a"), "another object:"},
		"AnotherIsGone":         {"It managed it and ended.", nil, projectOf("team-b"), projectOf("team-a"), ""},
		"AnotherWasMadeAnew":    {"It has its name, and not its UID.", []*v1alpha1.Project{projectOf("team-b", func(o *v1alpha1.Project) { o.UID = "new" })}, projectOf("team-b"), projectOf("team-a"), ""},
		"ItsCopy":               {"A backup was restored with its status beside the original, which created it.", []*v1alpha1.Project{projectOf("team-a", manages, created), projectOf("team-b", manages)}, nil, projectOf("team-a", manages, created), ""},
		"TheCopyItself":         {"As above.", []*v1alpha1.Project{projectOf("team-a", manages, created), projectOf("team-b", manages)}, nil, projectOf("team-b", manages), "another object:"},
		"ACopyThatForgesIt":     {"Whoever edits the copy can write its annotations.", []*v1alpha1.Project{projectOf("team-a", manages), projectOf("team-b", manages, saysCreated)}, nil, projectOf("team-b", manages, saysCreated), "another object:"},
		"BesideAForgedCopy":     {"As above.", []*v1alpha1.Project{projectOf("team-a", manages, created), projectOf("team-b", manages, saysCreated)}, nil, projectOf("team-a", manages, created), ""},
		"TwoThatImportedIt":     {"Nothing shows which of them was there first, so that neither acts.", []*v1alpha1.Project{projectOf("team-a", manages), projectOf("team-b", manages)}, nil, projectOf("team-b", manages), "another object:"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stored []client.Object
			for _, o := range tc.stored {
				stored = append(stored, o)
			}
			c := newOwnership(t, stored...)
			if tc.earlier != nil {
				if err := c.SetManager(t.Context(), "Project", tc.earlier, "proj_1"); err != nil {
					t.Fatal(err)
				}
			}
			err := c.SetManager(t.Context(), "Project", tc.by, "proj_1")
			if tc.want == "" {
				if err != nil {
					t.Errorf("%s\nSetManager: %v", tc.reason, err)
				}
				return
			}
			var taken *ManagedByOtherError
			if !errors.As(err, &taken) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s\nSetManager: want a *ManagedByOtherError with %q, got %v", tc.reason, tc.want, err)
			}
		})
	}
}

func TestOwnershipEndsWithWhatItWasFor(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		end    func(c *Ownership, o *v1alpha1.Project)
		want   bool
	}{
		"ItsStatusSaysSo": {"The object manages it.", func(c *Ownership, o *v1alpha1.Project) { manages(o); c.keepProven(o) }, true},
		"NotObserved":     {"What it names does not exist.", func(c *Ownership, o *v1alpha1.Project) { c.keepProven(o) }, false},
		"OnlyObserves":    {"Its policies were changed.", func(c *Ownership, o *v1alpha1.Project) { manages(o); observes(o); c.keepProven(o) }, false},
		"Gone":            {"Its finalizer was removed.", func(c *Ownership, o *v1alpha1.Project) { c.forget(o.UID) }, false},
		"Released":        {"It had no right to it.", func(c *Ownership, o *v1alpha1.Project) { c.Release("Project", o, "proj_1") }, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := projectOf("team-a")
			c := newOwnership(t, o.DeepCopy())
			if err := c.SetManager(t.Context(), "Project", o, "proj_1"); err != nil {
				t.Fatal(err)
			}
			tc.end(c, o)
			if got := c.isManager(externalID{"Project", "proj_1"}, o); got != tc.want {
				t.Errorf("%s\nmanaged: want %t, got %t", tc.reason, tc.want, got)
			}
			if len(c.byUID) != len(c.managers) {
				t.Errorf("%s\nwant nothing left behind, got %v", tc.reason, c.byUID)
			}
		})
	}
}

func TestWhatAnotherNamespaceManagesNeedsItsConsent(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		stored []*v1alpha1.Project
		want   bool
	}{
		"NobodyManagesIt": {"An ID that no object manages is limited by the configuration alone.", nil, true},
		"ItsOwnNamespace": {"Objects of a namespace trust each other.", []*v1alpha1.Project{projectOf("team-a", manages)}, true},
		"Without":         {"Nobody allowed it.", []*v1alpha1.Project{projectOf("team-b", manages)}, false},
		"WithAList":       {"Blanks do not matter.", []*v1alpha1.Project{projectOf("team-b", manages, allowing("team-c, team-a"))}, true},
		"WithAll":         {"All may.", []*v1alpha1.Project{projectOf("team-b", manages, allowing("*"))}, true},
		"ForAnother":      {"A name that begins with the namespace's is another.", []*v1alpha1.Project{projectOf("team-b", manages, allowing("team-ab,team"))}, false},
		"Empty":           {"An empty list allows nobody.", []*v1alpha1.Project{projectOf("team-b", manages, allowing(""))}, false},
		"ItsObserver":     {"An observer gives no consent, and needs none.", []*v1alpha1.Project{projectOf("team-b", manages, observes)}, true},
		"ACopyElsewhere":  {"Who restores a copy with its status beside the original takes it from nobody.", []*v1alpha1.Project{projectOf("team-a", manages, created), projectOf("team-b", manages)}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stored []client.Object
			for _, o := range tc.stored {
				stored = append(stored, o)
			}
			from := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "x"}}
			err := newOwnership(t, stored...).CheckReference(t.Context(), from, "Project", "proj_1", "spec.forProvider.projectID")
			var refused *ConsentError
			if got := err == nil; got != tc.want || (err != nil && !errors.As(err, &refused)) {
				t.Errorf("%s\nCheckReference: %v", tc.reason, err)
			}
			if err != nil && strings.Contains(err.Error(), "proj_1") {
				t.Errorf("%s\nthe refusal quotes the ID: %v", tc.reason, err)
			}
		})
	}
}

// The controllers of the kinds start one by one.
func TestAKindWhoseObjectsAreNotKnownYetIsNotTakenForOneWithoutObjects(t *testing.T) {
	t.Parallel()
	crd := &apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: "projectserviceaccounts.openai.crossplane.io"}}
	crd.Spec.Group, crd.Spec.Names.Kind = v1alpha1.SchemeGroupVersion.Group, "ProjectServiceAccount"
	crd.Status.Conditions = []apiextensionsv1.CustomResourceDefinitionCondition{{Type: apiextensionsv1.Established, Status: apiextensionsv1.ConditionTrue}}
	going := crd.DeepCopy()
	going.DeletionTimestamp, going.Finalizers = &metav1.Time{Time: time.Now()}, []string{"customresourcecleanup.apiextensions.k8s.io"}
	cases := map[string]struct {
		reason string
		stored []client.Object
		want   bool
	}{
		"NotInstalled": {"There can be no object.", nil, true},
		"Starting":     {"There can be one.", []client.Object{crd}, false},
		"Going":        {"It has no controller, and its objects go with it.", []client.Object{going}, true},
	}
	got := map[string]bool{}
	want := map[string]bool{}
	for name, tc := range cases {
		from := projectOf("team-a")
		got[name] = newOwnership(t, tc.stored...).CheckReference(t.Context(), from, "ProjectServiceAccount", "user-1", "it") == nil
		want[name] = tc.want
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("whether it may be used: -want, +got:\n%s", diff)
	}
}

// TestWhatWasCreatedStaysManagedUntilTheStatusShowsIt shows that nobody takes over what was just
// created because the status could not be written.
func TestWhatWasCreatedStaysManagedUntilTheStatusShowsIt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		name   string
		id     string
		want   bool
	}{
		"AssignedByOpenAI": {"The external name is the ID.", "rule_1", "rule_1", true},
		"ASingleton":       {"Its ID is its project's.", "proj_1", "proj_1", true},
		"InAProject":       {"The ID begins with the project.", "rl-test", "proj_1/rl-test", true},
		"AnAssignment":     {"It has two parts more.", "user-1/role_1", "proj_1/user-1/role_1", true},
		"Another":          {"It was created by nobody that is known.", "rl-test", "proj_1/other-rl-test", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := projectOf("team-a")
			c := newOwnership(t, o)
			if err := c.SetManager(t.Context(), "Project", o, tc.id); err != nil {
				t.Fatal(err)
			}
			meta.SetExternalName(o, tc.name)
			MarkCreated(o, tc.name)
			c.keepProven(o)
			if got := c.isManager(externalID{"Project", tc.id}, o); got != tc.want {
				t.Errorf("\n%s\nstays managed: want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}
