// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A template is the metadata that users want the Secret to have.
type template struct{ labels, annotations map[string]string }

// templateKeys are the keys of a Secret's labels and annotations that came from a template, sorted.
type templateKeys struct {
	Labels      []string `json:"labels,omitempty"`
	Annotations []string `json:"annotations,omitempty"`
}

func readTemplate(cr *v1alpha1.ProjectAPIKey) template {
	t := cr.Spec.SecretTemplate
	if t == nil {
		return template{}
	}
	return template{labels: withoutProviderPrefix(t.Metadata.Labels), annotations: withoutProviderPrefix(t.Metadata.Annotations)}
}

// withoutProviderPrefix leaves out the provider's own keys, which the CRD refuses as well.
func withoutProviderPrefix[V ~string](m map[string]V) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if !strings.HasPrefix(k, annotationPrefix) {
			out[k] = string(v)
		}
	}
	return out
}

// apply a template to a Secret, and remove what a previous one added.
func (t template) apply(s *corev1.Secret) { s.Labels, s.Annotations = t.metadata(s) }

// holds reports whether a Secret has what the template says, and nothing of a previous one.
func (t template) holds(s *corev1.Secret) bool {
	labels, annotations := t.metadata(s)
	return maps.Equal(labels, s.Labels) && maps.Equal(annotations, s.Annotations)
}

// metadata that a Secret has with the template.
func (t template) metadata(s *corev1.Secret) (labels, annotations map[string]string) {
	had := templateKeysOf(s)
	labels = mergeTemplate(s.Labels, had.Labels, t.labels)
	annotations = mergeTemplate(s.Annotations, had.Annotations, t.annotations)
	now := templateKeys{Labels: slices.Sorted(maps.Keys(t.labels)), Annotations: slices.Sorted(maps.Keys(t.annotations))}
	if len(now.Labels)+len(now.Annotations) == 0 {
		delete(annotations, annotationAppliedTemplate)
		return labels, annotations
	}
	text, _ := json.Marshal(now) //nolint:errchkjson // Names marshal.
	annotations[annotationAppliedTemplate] = string(text)
	return labels, annotations
}

// templateKeysOf a Secret; empty if the annotation was changed by hand. What a previous template
// added stays then.
func templateKeysOf(s *corev1.Secret) templateKeys {
	var t templateKeys
	if json.Unmarshal([]byte(s.Annotations[annotationAppliedTemplate]), &t) != nil {
		return templateKeys{}
	}
	own := func(k string) bool { return strings.HasPrefix(k, annotationPrefix) }
	t.Labels, t.Annotations = slices.DeleteFunc(t.Labels, own), slices.DeleteFunc(t.Annotations, own)
	return t
}

func mergeTemplate(have map[string]string, previous []string, desired map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, have)
	for _, k := range previous {
		delete(out, k)
	}
	maps.Copy(out, desired)
	return out
}
