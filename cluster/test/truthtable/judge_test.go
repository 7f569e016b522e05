// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kstatus "sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

// The tools that assess an object, in the order of the table's columns.
const (
	kubectlWait = iota
	kstatusLibrary
	argoCD326
	argoCD330
	tools
)

// notRun is the answer of a tool that is not available.
const notRun = "not run"

// answers of the tools about an object.
type answers [tools]string

// A judge runs the tools.
type judge struct {
	*environment

	checks [len(argoCDs)]string
}

// maxLooks limits how often objects are read until two reads are equal.
const maxLooks = 10

// judge objects by all tools, which see the same state of them.
func (j judge) judge(tn *tenant, objects []client.Object) []answers {
	tn.Helper()
	before := tn.fetch(objects)
	for range maxLooks {
		ready := j.kubectlWait(tn.T, before)
		verdicts := make([]answers, len(objects))
		for i, u := range before {
			verdicts[i] = j.offline(tn.T, u)
			verdicts[i][kubectlWait] = ready[i]
		}
		after := tn.fetch(objects)
		if cmp.Equal(judged(before), judged(after)) {
			for _, u := range after {
				tn.Logf("%s: %s", u.GetKind(), asJSON(tn.T, judged([]*unstructured.Unstructured{u})[0]))
			}
			return verdicts
		}
		before = after
	}
	tn.Fatalf("the objects do not come to rest: %s", asJSON(tn.T, judged(before)))
	return nil
}

// offline runs the tools that need no API server.
func (j judge) offline(t *testing.T, u *unstructured.Unstructured) (v answers) {
	t.Helper()
	result, err := kstatus.Compute(u)
	if err != nil {
		t.Fatal(err)
	}
	v[kstatusLibrary] = string(result.Status)
	for i, check := range j.checks {
		if check == "" {
			v[argoCD326+i] = notRun
			continue
		}
		if v[argoCD326+i], _, err = runHealthCheck(check, u.Object); err != nil {
			t.Fatalf("Argo CD %s: %v", argoCDs[i].version, err)
		}
	}
	return v
}

// fetch objects from the API server.
func (tn *tenant) fetch(objects []client.Object) []*unstructured.Unstructured {
	tn.Helper()
	var fetched []*unstructured.Unstructured
	for _, o := range objects {
		gvk, err := apiutil.GVKForObject(o, tn.kube.Scheme())
		tn.must(err)
		u := &unstructured.Unstructured{}
		u.SetGroupVersionKind(gvk)
		u.SetNamespace(o.GetNamespace())
		u.SetName(o.GetName())
		tn.get(u)
		fetched = append(fetched, u)
	}
	return fetched
}

// judged returns the fields of objects that the tools evaluate.
func judged(objects []*unstructured.Unstructured) []map[string]any {
	var all []map[string]any
	for _, u := range objects {
		conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
		observed, _, _ := unstructured.NestedInt64(u.Object, "status", "observedGeneration")
		all = append(all, map[string]any{
			"generation": u.GetGeneration(), "observedGeneration": observed, "deletionTimestamp": u.GetDeletionTimestamp(), "conditions": conditions,
		})
	}
	return all
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
