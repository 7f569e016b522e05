// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// leaveRunningVariable makes the test binary a program that starts a control
// plane in the directory that it names and exits without stopping it.
const leaveRunningVariable = "TEST_LEAVE_CONTROL_PLANE_RUNNING_IN"

func TestMain(m *testing.M) {
	dir := os.Getenv(leaveRunningVariable)
	if dir == "" {
		os.Exit(m.Run())
	}
	c, err := Start(context.Background(), Options{StateDir: dir, ControllerManager: true})
	if err == nil {
		err = c.WriteKubeConfig(filepath.Join(dir, "kubeconfig"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func TestControllerManager(t *testing.T) {
	c := startForTest(t, Options{ControllerManager: true, CRDDirectories: []string{"testdata/crds"}})
	kube := newClient(t, c)

	cases := map[string]struct {
		reason string
		// create returns an object to delete, and one that must be deleted with it.
		create func(t *testing.T) (deleted, follows client.Object)
	}{
		"A dependent goes with its owner": {
			reason: "the garbage collector follows owner references",
			create: func(t *testing.T) (client.Object, client.Object) {
				t.Helper()
				owner := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "owner"}}
				create(t, kube, owner)
				return owner, createDependent(t, kube, owner, "v1", "ConfigMap")
			},
		},
		"A dependent goes with its owner of a custom kind": {
			reason: "the garbage collector knows the kinds that were installed by Start",
			create: func(t *testing.T) (client.Object, client.Object) {
				t.Helper()
				owner := newWidget("owner")
				create(t, kube, owner)
				return owner, createDependent(t, kube, owner, owner.GetAPIVersion(), owner.GetKind())
			},
		},
		"A namespace goes with all that is in it": {
			reason: "the namespace controller empties a namespace and then finishes its deletion",
			create: func(t *testing.T) (client.Object, client.Object) {
				t.Helper()
				namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "short-lived"}}
				create(t, kube, namespace)
				create(t, kube, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "short-lived", Name: "content"}})
				return namespace, namespace
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			deleted, follows := tc.create(t)
			if err := kube.Delete(t.Context(), deleted); err != nil {
				t.Fatalf("cannot delete %T %q: %v", deleted, deleted.GetName(), err)
			}
			err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
				err := kube.Get(ctx, client.ObjectKeyFromObject(follows), follows)
				return kerrors.IsNotFound(err), client.IgnoreNotFound(err)
			})
			if err != nil {
				t.Errorf("%s: %T %q is still there: %v", tc.reason, follows, follows.GetName(), err)
			}
		})
	}
}

func TestAUserMayDoOnlyWhatRBACGrants(t *testing.T) {
	c := startForTest(t, Options{})
	config, err := c.AddUser("nobody", "nothing")
	if err != nil {
		t.Fatal(err)
	}
	kube, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := kube.List(t.Context(), &corev1.SecretList{}); !kerrors.IsForbidden(err) {
		t.Errorf("a user without roles lists Secrets: want a refusal, got %v", err)
	}
}

func TestStopLeavesNothingBehind(t *testing.T) {
	c := startForTest(t, Options{ControllerManager: true})
	if got := detached(t, c.StateDir); len(got) != 3 {
		t.Errorf("a running control plane: want three processes, got %v", got)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := detached(t, c.StateDir); len(got) != 0 {
		t.Errorf("a stopped control plane: want no process, got %v", got)
	}
	if _, err := os.Stat(c.StateDir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary state directory %q of a stopped control plane is still there", c.StateDir)
	}
}

func TestAControlPlaneOutlivesTheProgramThatStartedIt(t *testing.T) {
	needsPrograms(t)
	dir := t.TempDir()
	t.Cleanup(func() {
		if err := StopDetached(context.WithoutCancel(t.Context()), dir); err != nil {
			t.Error(err)
		}
	})

	// A part that wrote to its parent's output pipe would keep Run from returning, or die when the
	// pipe breaks.
	var output bytes.Buffer
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), leaveRunningVariable+"="+dir)
	program.Stdout, program.Stderr = &output, &output
	if err := program.Run(); err != nil {
		t.Fatalf("%v: %s", err, output.String())
	}

	if got := detached(t, dir); len(got) != 3 {
		t.Errorf("after the program's end: want three processes, got %v", got)
	}
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(dir, "kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	kube, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := kube.Get(t.Context(), client.ObjectKey{Name: "default"}, &corev1.Namespace{}); err != nil {
		t.Errorf("the control plane does not answer after the end of the program that started it: %v", err)
	}

	_, err = Start(t.Context(), Options{StateDir: dir})
	if err == nil || !strings.Contains(err.Error(), "already running") {
		t.Errorf("a second control plane in a state directory in use: want a refusal, got %v", err)
	}

	if err := StopDetached(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if got := detached(t, dir); len(got) != 0 {
		t.Errorf("after StopDetached: want no process, got %v", got)
	}
}

func TestAStartThatFailsSaysWhereTheLogsAre(t *testing.T) {
	assets := t.TempDir()
	for _, program := range []string{"etcd", "kube-apiserver"} {
		script := "#!/bin/sh\necho this etcd is broken\nexit 1\n"
		if err := os.WriteFile(filepath.Join(assets, program), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(assetsVariable, assets)
	state := t.TempDir()

	_, err := Start(t.Context(), Options{StateDir: state})
	if err == nil {
		t.Fatal("a control plane of broken programs starts")
	}
	logs := filepath.Join(state, "logs")
	if !strings.Contains(err.Error(), logs) {
		t.Errorf("want an error that names %q, got %v", logs, err)
	}
	log, err := os.ReadFile(filepath.Join(logs, "etcd.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), "this etcd is broken") {
		t.Errorf("want the program's output in etcd.log, got %q", log)
	}
}

func needsPrograms(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs etcd and kube-apiserver: run make test")
	}
}

func startForTest(t *testing.T, o Options) *ControlPlane {
	t.Helper()
	needsPrograms(t)
	c, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func newClient(t *testing.T, c *ControlPlane) client.Client {
	t.Helper()
	kube, err := client.New(c.Config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return kube
}

func create(t *testing.T, kube client.Client, o client.Object) {
	t.Helper()
	if err := kube.Create(t.Context(), o); err != nil {
		t.Fatalf("cannot create %T %q: %v", o, o.GetName(), err)
	}
}

func createDependent(t *testing.T, kube client.Client, owner client.Object, apiVersion, kind string) client.Object {
	t.Helper()
	dependent := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Namespace:    "default",
		GenerateName: "dependent-",
		OwnerReferences: []metav1.OwnerReference{{
			APIVersion: apiVersion, Kind: kind, Name: owner.GetName(), UID: owner.GetUID(),
		}},
	}}
	create(t, kube, dependent)
	return dependent
}

func newWidget(name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "test.openai.crossplane.io/v1",
		"kind":       "Widget",
		"metadata":   map[string]any{"namespace": "default", "name": name},
	}}
}

func detached(t *testing.T, stateDir string) []int {
	t.Helper()
	pids, err := Detached(t.Context(), stateDir)
	if err != nil {
		t.Fatal(err)
	}
	return pids
}

func TestStoredShowsAllThatEtcdHolds(t *testing.T) {
	c := startForTest(t, Options{})
	kube := newClient(t, c)
	const many = storedPage + 20
	for i := range many {
		create(t, kube, &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: fmt.Sprintf("numbered-%d", i)},
			Data:       map[string]string{"content": "canary"},
		})
	}
	found := 0
	if err := c.Stored(t.Context(), func(key, value []byte) {
		if bytes.HasPrefix(key, []byte("/registry/configmaps/default/numbered-")) && bytes.Contains(value, []byte("canary")) {
			found++
		}
	}); err != nil {
		t.Fatal(err)
	}
	if found != many {
		t.Errorf("objects found in etcd: want %d, got %d", many, found)
	}
}
