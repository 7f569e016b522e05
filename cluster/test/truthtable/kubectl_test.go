// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
)

// kubectlWait runs the real kubectl wait, with a zero timeout, for objects of a namespace. It
// answers in the order of the objects.
func (p *environment) kubectlWait(t *testing.T, objects []*unstructured.Unstructured) []string {
	t.Helper()
	kubectl, err := controlplane.Program(t.Context(), "kubectl")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"wait", "--for=condition=Ready", "--timeout=0", "--namespace=" + objects[0].GetNamespace()}
	for _, o := range objects {
		args = append(args, resourceOf(o)+"/"+o.GetName())
	}
	cmd := exec.CommandContext(t.Context(), kubectl, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+p.kubeconfig, "KUBECACHEDIR="+filepath.Join(p.cp.StateDir, "kubectl-cache"))
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	said := string(out)
	answers := make([]string, len(objects))
	for i, o := range objects {
		// kubectl names objects that meet the condition by kind, and others by resource.
		met := strings.Contains(said, strings.ToLower(o.GetKind())+"."+o.GroupVersionKind().Group+"/"+o.GetName()+" condition met")
		notMet := strings.Contains(said, "condition not met for "+plural(o)+"/"+o.GetName())
		switch {
		case met && !notMet:
			answers[i] = "met"
		case notMet && !met:
			answers[i] = "not met"
		default:
			t.Fatalf("kubectl %s says nothing about the %s:\n%s", strings.Join(args, " "), o.GetKind(), said)
		}
	}
	return answers
}

func plural(o *unstructured.Unstructured) string { return strings.ToLower(o.GetKind()) + "s" }

func resourceOf(o *unstructured.Unstructured) string {
	return plural(o) + "." + o.GroupVersionKind().Group
}
