// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// acceptsExamples tests that the API server accepts the examples unchanged.
func (w *environment) acceptsExamples(ctx context.Context, s *suite) error {
	s.heading("Examples")
	accepted, unknown := 0, []string{}
	sentence := "the API server accepts every manifest in examples/"
	return s.ok(ctx, sentence, func(ctx context.Context) error {
		err := filepath.WalkDir("examples", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			objects, err := read(path)
			if err != nil {
				return err
			}
			for _, o := range objects {
				switch err := w.dryRun(ctx, o); {
				case meta.IsNoMatchError(err) && isOfOtherProject(o):
					unknown = append(unknown, path)
				case err != nil:
					return fmt.Errorf("%s: %w", path, err)
				default:
					accepted++
				}
			}
			return nil
		})
		if err == nil && accepted == 0 {
			err = errors.New("there are none")
		}
		if err == nil {
			_, _ = fmt.Fprintf(s.out, "    %d manifests; %d of kinds that are not installed here %v\n", accepted, len(unknown), unknown)
		}
		return err
	})
}

// isOfOtherProject reports whether a kind is neither Kubernetes's, nor Crossplane's, nor the example's.
func isOfOtherProject(o *unstructured.Unstructured) bool {
	group := o.GroupVersionKind().Group
	return strings.Contains(group, ".") && !strings.HasSuffix(group, "crossplane.io") && !strings.HasSuffix(group, "k8s.io") && group != "platform.example.org"
}

// dryRun applies an object as kubectl apply --server-side --dry-run=server does, but fails for
// unknown fields.
func (w *environment) dryRun(ctx context.Context, o *unstructured.Unstructured) error {
	if o.GetKind() == "Namespace" {
		// What an example has in it is refused without it, even in a dry run.
		if err := client.IgnoreAlreadyExists(w.kube.Create(ctx, o.DeepCopy())); err != nil {
			return fmt.Errorf("cannot create namespace %q: %w", o.GetName(), err)
		}
	}
	strict := client.WithFieldValidation(w.kube, "Strict")
	if err := strict.Apply(ctx, client.ApplyConfigurationFromUnstructured(o), client.ForceOwnership, client.DryRunAll, client.FieldOwner("e2e-dry-run")); err != nil {
		return fmt.Errorf("the API server refuses %s %q: %w", o.GetKind(), o.GetName(), err)
	}
	return nil
}
