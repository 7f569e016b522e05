// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"strings"
	"time"

	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TextIf returns the text if a condition holds, and else an empty one.
func TextIf(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

// JoinSentences joins those of two texts that are not empty.
func JoinSentences(a, b string) string { return strings.Trim(a+"; "+b, "; ") }

// TimeOf returns the time of an observation; zero: there is none.
func TimeOf(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}

// NonEmpty returns a pointer to a text; nil if it is empty.
func NonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Name is the name to create a resource with: the one in the spec, or else metadata.name.
func Name(o metav1.Object, given *string) string { return ValueOr(given, o.GetName()) }

// Value of a field; zero if it is left out.
func Value[T any](v *T) T { return ValueOr(v, *new(T)) }

// ValueOr is the value of a field, or another one if it is left out.
func ValueOr[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}

// Optional is a parameter of the SDK that is left out if the field is.
func Optional[T comparable](v *T) param.Opt[T] {
	if v == nil {
		return param.Opt[T]{}
	}
	return param.NewOpt(*v)
}
