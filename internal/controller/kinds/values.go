// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"time"

	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

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

// timestamp converts the API's Unix seconds; 0 stands for null.
func timestamp(unix int64) *metav1.Time {
	if unix == 0 {
		return nil
	}
	t := metav1.NewTime(time.Unix(unix, 0))
	return &t
}
