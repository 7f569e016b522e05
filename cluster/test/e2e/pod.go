// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// A pod that the kubelet runs.
type pod struct {
	name    string
	uid     types.UID
	labels  map[string]string
	command process.Command
	// addresses by the names of ports.
	addresses map[string]string
	restarts  atomic.Int32

	mu      sync.Mutex
	process *process.Process
	ending  bool
}

// prepare what a pod's process needs: its program, credential, Secrets and environment.
func (k *kubelet) prepare(ctx context.Context, o *corev1.Pod) (*pod, error) {
	c := o.Spec.Containers[0]
	p := &pod{name: o.Name, uid: o.UID, labels: o.Labels, addresses: map[string]string{}}
	dir := filepath.Join(k.dir, o.Name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make its folder: %w", err)
	}
	prog, err := k.program(ctx, c.Image)
	if err != nil {
		return nil, err
	}
	kubeconfig := filepath.Join(dir, "kubeconfig")
	if err := k.writeKubeConfig(ctx, kubeconfig, o.Spec.ServiceAccountName, o); err != nil {
		return nil, err
	}
	mounts, err := k.mount(ctx, o, dir)
	if err != nil {
		return nil, err
	}
	args := append(append([]string{}, prog.args...), c.Args...)
	for port, flag := range prog.ports {
		if p.addresses[port], err = process.FreeAddress(ctx); err != nil {
			return nil, err
		}
		args = append(args, flag+"="+p.addresses[port])
	}
	p.command = process.Command{
		Path: prog.path, Name: "pod " + o.Name, Args: args, Log: k.log("pod-" + o.Name),
		// A kubeconfig replaces the files by which a pod finds its API server.
		Env: append(podEnvironment(o, mounts), "KUBECONFIG="+kubeconfig, "HOME="+dir),
	}
	return p, nil
}

// mount writes the Secrets of a pod to folders, and returns these by their paths in the container.
func (k *kubelet) mount(ctx context.Context, o *corev1.Pod, dir string) (map[string]string, error) {
	mounts := map[string]string{}
	for _, v := range o.Spec.Volumes {
		for _, m := range o.Spec.Containers[0].VolumeMounts {
			if v.Secret == nil || m.Name != v.Name {
				continue
			}
			mounts[m.MountPath] = filepath.Join(dir, v.Name)
			if err := k.writeSecret(ctx, v.Secret.SecretName, mounts[m.MountPath]); err != nil {
				return nil, err
			}
		}
	}
	return mounts, nil
}

// podEnvironment is the environment of a pod's spec, with the mounted folders. Nothing of this
// process's environment is passed on.
func podEnvironment(o *corev1.Pod, mounts map[string]string) []string {
	values := map[string]string{}
	var env []string
	for _, v := range o.Spec.Containers[0].Env {
		value := v.Value
		if v.ValueFrom != nil && v.ValueFrom.FieldRef != nil {
			value = field(o, v.ValueFrom.FieldRef.FieldPath)
		}
		for name, other := range values {
			value = strings.ReplaceAll(value, "$("+name+")", other)
		}
		for mount, dir := range mounts {
			if path.Clean(value) == path.Clean(mount) {
				value = dir
			}
		}
		values[v.Name] = value
		env = append(env, v.Name+"="+value)
	}
	return env
}

// field returns the value of a fieldRef.
func field(o *corev1.Pod, fieldPath string) string {
	switch fieldPath {
	case "metadata.name":
		return o.Name
	case "metadata.namespace":
		return o.Namespace
	}
	if label, ok := strings.CutPrefix(fieldPath, "metadata.labels['"); ok {
		return o.Labels[strings.TrimSuffix(label, "']")]
	}
	return ""
}

func (p *pod) start(ctx context.Context) error {
	started, err := process.Start(ctx, p.command)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.process = started
	return nil
}

// current process; nil if there was none.
func (p *pod) current() *process.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.process
}

func (p *pod) isRunning() bool {
	current := p.current()
	return current != nil && current.Running()
}

// ends marks the pod as ending, and reports whether it was not before.
func (p *pod) ends() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	isNew := !p.ending
	p.ending = true
	return isNew
}

func (p *pod) terminate(ctx context.Context) {
	if current := p.current(); current != nil {
		current.Terminate(ctx)
	}
}

// kill the process with SIGKILL.
func (p *pod) kill() {
	if current := p.current(); current != nil {
		current.Kill()
	}
}
