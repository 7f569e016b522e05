// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
)

// pageSize is the largest that OpenAI allows for most lists (openai-go, list
// parameters).
const pageSize = 100

// found collects, over all pages of a list, what match says is looked for.
func found[O any](pages interface {
	Next() bool
	Current() O
	Err() error
}, match func(o O) (kind.Found, bool),
) ([]kind.Found, error) {
	var out []kind.Found
	for pages.Next() {
		if f, ok := match(pages.Current()); ok {
			out = append(out, f)
		}
	}
	return out, pages.Err()
}

// name at OpenAI: the one given, else the object's own.
func name(o metav1.Object, given *string) string { return valueOr(given, o.GetName()) }

func value(s *string) string { return valueOr(s, "") }

func valueOr(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

func optional(s *string) param.Opt[string] {
	if s == nil {
		return param.Opt[string]{}
	}
	return param.NewOpt(*s)
}
