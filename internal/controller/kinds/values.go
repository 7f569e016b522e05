// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"time"

	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
)

// found picks from a list, as it is now, what match says is looked for.
func found[O any](ctx context.Context, col *adminapi.Collection[*adminapi.Connection, O], c *adminapi.Connection, match func(o *O) (kind.Found, bool)) ([]kind.Found, error) {
	all, err := col.List(ctx, c, c.Project, time.Now())
	if err != nil {
		return nil, err
	}
	var out []kind.Found
	for o := range all.All() {
		if f, ok := match(o); ok {
			out = append(out, f)
		}
	}
	return out, nil
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
