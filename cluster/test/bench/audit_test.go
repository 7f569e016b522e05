// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// auditLine is a line of kube-apiserver's audit log without the unused fields.
const auditLine = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","stage":"ResponseComplete","requestURI":"/apis/openai.crossplane.io/v1alpha1/namespaces/team-0/projectapikeys/key-00000/status","verb":"update","user":{"username":"provider","groups":["system:masters"]},"objectRef":{"resource":"projectapikeys","namespace":"team-0","name":"key-00000","apiGroup":"openai.crossplane.io","subresource":"status"},"responseStatus":{"code":200}}`

func TestParseAudit(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		line   string
		want   write
	}{
		"Subresource": {
			reason: "writes of the status are distinguished from those of the object",
			line:   auditLine,
			want:   write{user: userProvider, verb: "update", resource: "projectapikeys/status"},
		},
		"Resource": {
			reason: "a creation has no name yet",
			line:   `{"verb":"create","user":{"username":"floor"},"objectRef":{"resource":"secrets","namespace":"team-0"}}`,
			want:   write{user: userFloor, verb: "create", resource: "secrets"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseAudit([]byte(tc.line))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(write{})); diff != "" {
				t.Errorf("\n%s\nparseAudit: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
	if _, err := parseAudit([]byte("no JSON")); err == nil {
		t.Error("a line that is no JSON: want an error, got none")
	}
}

func TestTheAuditLogIsCountedAsItGrows(t *testing.T) {
	t.Parallel()
	l := &auditLog{path: filepath.Join(t.TempDir(), "audit.log"), total: writes{}}
	status := write{user: userProvider, verb: "update", resource: "projectapikeys/status"}
	steps := []struct {
		reason string
		adds   string
		want   writes
	}{
		{"before the first request there is no file", "", writes{}},
		{"whole lines count, and a beginning does not", auditLine + "\n" + auditLine[:40], writes{status: 1}},
		{"the rest of a line completes it", auditLine[40:] + "\n", writes{status: 2}},
		{"nothing new changes nothing", "", writes{status: 2}},
	}
	for _, step := range steps {
		if step.adds != "" {
			f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteString(step.adds); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		got, err := l.count()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, got, cmp.AllowUnexported(write{})); diff != "" {
			t.Errorf("\n%s\ncount: -want, +got:\n%s", step.reason, diff)
		}
	}
}

func TestEventsAndLeasesAreNoWritesOfObjects(t *testing.T) {
	t.Parallel()
	before := writes{{userProvider, "create", "secrets"}: 1}
	w := writes{
		{userProvider, "create", "secrets"}:        3,
		{userProvider, "update", "projectapikeys"}: 1,
		{userProvider, "create", "events"}:         4,
		{userProvider, "patch", "events"}:          1,
		{userProvider, "update", "leases"}:         7,
		{userFloor, "create", "secrets"}:           9,
	}.since(before)
	if got := w.objects(userProvider); got != 3 {
		t.Errorf("writes of objects: want 3, got %d", got)
	}
	if got := w.events(userProvider); got != 5 {
		t.Errorf("events: want 5, got %d", got)
	}
	want := map[string]int{"create secrets": 2, "update projectapikeys": 1, "create events": 4, "patch events": 1, "update leases": 7}
	if diff := cmp.Diff(want, w.named(userProvider)); diff != "" {
		t.Errorf("writes by name: -want, +got:\n%s", diff)
	}
}
