// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// An applier is a way to apply manifests with kubectl.
type applier struct {
	// manager is the field manager of the writes.
	manager string
	flags   []string
	// again is what kubectl prints for an object that was applied again.
	again string
}

var (
	serverSide = applier{manager: "team", flags: []string{"--server-side", "--field-manager=team"}, again: "serverside-applied"}
	clientSide = applier{manager: "kubectl-client-side-apply", again: "unchanged"}
)

func (a applier) run(tn *tenant, command, manifest string) (string, error) {
	tn.Helper()
	return tn.kubectl(manifest, append([]string{command, "-f", "-"}, a.flags...)...)
}

func TestManifestsCanBeAppliedAgainAndChangeNothing(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		by      applier
		objects func(tn *tenant) []*unstructured.Unstructured
	}{
		"TheExamplesServerSide":  {"As Argo CD and Flux apply them.", serverSide, exampleObjects},
		"TheExamplesClientSide":  {"As the README says.", clientSide, exampleObjects},
		"EveryFieldServerSide":   {"No field is left out, whatever the examples show.", serverSide, everyField},
		"EveryFieldClientSide":   {"The same for users of kubectl.", clientSide, everyField},
		"TheCompositeServerSide": {"As Crossplane applies what an OpenAIAccess is made of, all the time.", serverSide, composedObjects},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t).withAdminKey().withDefaultConfig()
			objects := tc.objects(tn)
			manifest := tn.manifest(objects)
			if out, err := tc.by.run(tn, "apply", manifest); err != nil {
				t.Fatalf("%s\nthe first apply fails: %v\n%s", tc.reason, err, out)
			}
			for _, o := range objects {
				tn.awaitSteadyState(o)
			}
			for _, o := range objects {
				assertAsWritten(tn, o, tc.by.manager)
			}
			if out, err := tn.diff(tc.by, objects); err != nil {
				t.Errorf("%s\nkubectl diff after the first apply: %v\n%s", tc.reason, err, out)
			}

			out, err := tc.by.run(tn, "apply", manifest)
			if err != nil {
				t.Errorf("%s\nthe second apply fails: %v\n%s", tc.reason, err, out)
			}
			for line := range strings.Lines(out) {
				if err == nil && !strings.HasSuffix(strings.TrimSpace(line), " "+tc.by.again) {
					t.Errorf("%s\nthe second apply changes something: %s", tc.reason, line)
				}
			}
			if out, err := tn.diff(tc.by, objects); err != nil {
				t.Errorf("%s\nkubectl diff after the second apply: %v\n%s", tc.reason, err, out)
			}
		})
	}
}

// awaitSteadyState awaits that the provider makes no further writes to an object.
func (tn *tenant) awaitSteadyState(written *unstructured.Unstructured) {
	tn.Helper()
	o, err := kube.Scheme().New(written.GroupVersionKind())
	tn.must(err)
	typed := o.(client.Object)
	typed.SetNamespace(written.GetNamespace())
	typed.SetName(written.GetName())
	mg, ok := typed.(resource.Managed)
	policies, explicit, _ := unstructured.NestedSlice(written.Object, "spec", "managementPolicies")
	switch {
	case ok && explicit && len(policies) == 0:
		tn.await("a reconcile of paused "+mg.GetName(), func() (bool, string) {
			tn.get(mg)
			return mg.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcilePaused, asJSON(tn.T, mg)
		})
	case ok:
		tn.awaitReady(mg)
	case written.GetKind() != "Namespace":
		tn.await("a reconcile of configuration "+typed.GetName(), func() (bool, string) {
			tn.get(typed)
			return len(typed.GetFinalizers()) > 0, asJSON(tn.T, typed)
		})
	}
}

// assertAsWritten asserts that a spec holds exactly what was applied, and that no other field
// manager owns these fields.
func assertAsWritten(tn *tenant, written *unstructured.Unstructured, manager string) {
	tn.Helper()
	stored := tn.stored(written)
	if diff := cmp.Diff(written.Object["spec"], storedOf(stored.Object["spec"], written.Object["spec"])); diff != "" {
		tn.Errorf("spec of %s %q: -written, +stored:\n%s", written.GetKind(), written.GetName(), diff)
	}
	for _, m := range stored.GetManagedFields() {
		if m.Manager == manager {
			continue
		}
		var fields map[string]any
		tn.must(json.Unmarshal(m.FieldsV1.Raw, &fields))
		for _, path := range managedFieldPaths(fields, written.Object, "spec") {
			tn.Errorf("%s of %s %q is the user's, and %q claims to have written it", path, written.GetKind(), written.GetName(), m.Manager)
		}
	}
}

// storedOf reduces a stored object to the fields that were applied: the API server adds defaults,
// and the provider resolved IDs.
func storedOf(stored, written any) any {
	s, isMap := stored.(map[string]any)
	w, wasMap := written.(map[string]any)
	if written == nil {
		return nil
	}
	if !isMap || !wasMap {
		return stored
	}
	both := map[string]any{}
	for key := range w {
		if v, ok := s[key]; ok {
			both[key] = storedOf(v, w[key])
		}
	}
	return both
}

// managedFieldPaths lists the paths below a key that were applied and are among a field manager's
// fields. A list counts as a whole, an object by its fields or, if it has none, by itself.
func managedFieldPaths(fields, written map[string]any, key string) []string {
	child, ok := fields["f:"+key].(map[string]any)
	if !ok {
		return nil
	}
	value, isMap := written[key].(map[string]any)
	_, itself := child["."]
	if len(value) == 0 && (!isMap || itself || len(child) == 0) {
		return []string{key}
	}
	var paths []string
	for k := range value {
		for _, path := range managedFieldPaths(child, value, k) {
			paths = append(paths, key+"."+path)
		}
	}
	return paths
}

// diff is the output of kubectl diff. It reads an object twice, so that it is run again if the
// provider wrote to one in the meantime.
func (tn *tenant) diff(by applier, objects []*unstructured.Unstructured) (out string, err error) {
	tn.Helper()
	versions := func() string {
		var all []string
		for _, o := range objects {
			all = append(all, tn.stored(o).GetResourceVersion())
		}
		return strings.Join(all, " ")
	}
	for range 5 {
		before := versions()
		if out, err = by.run(tn, "diff", tn.manifest(objects)); err == nil || versions() == before {
			break
		}
	}
	return out, err
}
