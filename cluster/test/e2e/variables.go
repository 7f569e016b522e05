// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// configMapVariables are the variables that a pod has from ConfigMaps, by envFrom. Until all of
// these are there it does not start.
func (k *kubelet) configMapVariables(ctx context.Context, o *corev1.Pod) (map[string]string, error) {
	variables := map[string]string{}
	for _, from := range o.Spec.Containers[0].EnvFrom {
		if from.ConfigMapRef == nil {
			return nil, fmt.Errorf("pod %q has an envFrom without a configMapRef", o.Name)
		}
		c := &corev1.ConfigMap{}
		if err := k.kube.Get(ctx, types.NamespacedName{Namespace: o.Namespace, Name: from.ConfigMapRef.Name}, c); err != nil {
			return nil, fmt.Errorf("cannot read ConfigMap %q: %w", from.ConfigMapRef.Name, err)
		}
		for name, value := range c.Data {
			variables[from.Prefix+name] = value
		}
	}
	return variables, nil
}

// podEnvironment is the environment of a pod's spec, after that of its ConfigMaps, with the mounted
// folders. Nothing of this process's environment is passed on.
func podEnvironment(o *corev1.Pod, configMaps, mounts map[string]string) []string {
	values := map[string]string{}
	var env []string
	add := func(name, value string) {
		values[name] = mounted(value, mounts)
		env = append(env, name+"="+values[name])
	}
	for _, name := range slices.Sorted(maps.Keys(configMaps)) {
		add(name, configMaps[name])
	}
	for _, v := range o.Spec.Containers[0].Env {
		value := v.Value
		if v.ValueFrom != nil && v.ValueFrom.FieldRef != nil {
			value = field(o, v.ValueFrom.FieldRef.FieldPath)
		}
		for name, other := range values {
			value = strings.ReplaceAll(value, "$("+name+")", other)
		}
		add(v.Name, value)
	}
	return env
}

// mounted returns where a path in the container is on this machine, if it is in a mounted folder,
// and otherwise the value itself.
func mounted(value string, mounts map[string]string) string {
	longest, found := "", value
	for mount, dir := range mounts {
		mount = path.Clean(mount)
		rest, isBelow := strings.CutPrefix(path.Clean(value)+"/", mount+"/")
		if isBelow && len(mount) > len(longest) {
			longest, found = mount, path.Join(dir, rest)
		}
	}
	return found
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
