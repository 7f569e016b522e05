// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// read the objects of a manifest.
func read(file string) ([]*unstructured.Unstructured, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read a manifest: %w", err)
	}
	var objects []*unstructured.Unstructured
	for documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data))); ; {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read manifest %q: %w", file, err)
		}
		o := &unstructured.Unstructured{}
		if err := utilyaml.Unmarshal(document, &o.Object); err != nil {
			return nil, fmt.Errorf("cannot read manifest %q: %w", file, err)
		}
		objects = append(objects, o)
	}
}

// applyFile applies a manifest as kubectl apply --server-side does.
func (w *environment) applyFile(ctx context.Context, file string, mods ...func(*unstructured.Unstructured)) error {
	objects, err := read(file)
	if err != nil {
		return err
	}
	for _, o := range objects {
		for _, mod := range mods {
			mod(o)
		}
	}
	return w.apply(ctx, objects...)
}

func (w *environment) apply(ctx context.Context, objects ...*unstructured.Unstructured) error {
	for _, o := range objects {
		if err := w.kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(o), client.ForceOwnership); err != nil {
			return fmt.Errorf("cannot apply %s %q: %w", o.GetKind(), o.GetName(), err)
		}
	}
	return nil
}

// object returns an empty object of a kind with a name.
func object(apiVersion, kind, namespace, name string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{}
	o.SetAPIVersion(apiVersion)
	o.SetKind(kind)
	o.SetNamespace(namespace)
	o.SetName(name)
	return o
}

// patch an object as kubectl patch --type=merge does.
func (w *environment) patch(ctx context.Context, o client.Object, patch string) error {
	if err := w.kube.Patch(ctx, o, client.RawPatch(types.MergePatchType, []byte(patch))); err != nil {
		return fmt.Errorf("cannot patch %T %q with %s: %w", o, o.GetName(), patch, err)
	}
	return nil
}

// is checks conditions of an object, such as Ready. All have to be true, and for its current
// generation where they have one.
func (w *environment) is(o client.Object, wanted ...string) check {
	return func(ctx context.Context) (string, error) {
		conditions, err := w.conditions(ctx, o)
		if err != nil {
			return "", err
		}
		var whys []string
		for _, name := range wanted {
			c := conditions.GetCondition(xpv2.ConditionType(name))
			switch {
			case c.Status != corev1.ConditionTrue:
				whys = append(whys, fmt.Sprintf("%q is not %s: %s %s", o.GetName(), name, c.Reason, c.Message))
			case c.ObservedGeneration != 0 && c.ObservedGeneration != o.GetGeneration():
				whys = append(whys, fmt.Sprintf("%q is not %s in its present generation", o.GetName(), name))
			}
		}
		return strings.Join(whys, "; "), nil
	}
}

// conditions of an object, which is read anew.
func (w *environment) conditions(ctx context.Context, o client.Object) (xpv2.ConditionedStatus, error) {
	var s struct {
		Status xpv2.ConditionedStatus `json:"status"`
	}
	if err := w.kube.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
		return s.Status, err
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err == nil {
		err = runtime.DefaultUnstructuredConverter.FromUnstructured(content, &s)
	}
	return s.Status, err
}

// gone checks whether an object does not exist any more.
func (w *environment) gone(o client.Object) check {
	return func(ctx context.Context) (string, error) {
		err := w.kube.Get(ctx, client.ObjectKeyFromObject(o), o)
		if kerrors.IsNotFound(err) {
			return "", nil
		}
		return fmt.Sprintf("%T %q is still there, with finalizers %v", o, o.GetName(), o.GetFinalizers()), err
	}
}
