// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	"context"
	"errors"
	"testing"
	"time"

	authv1 "k8s.io/api/authorization/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

func TestThePermissionForSafeStartIsAwaited(t *testing.T) {
	down := errors.New("the API server is down")
	cases := map[string]struct {
		reason string
		// allowed answers the nth question.
		allowed  func(n int) (bool, error)
		patience time.Duration
		want     bool
		wantErr  error
	}{
		"Granted": {
			reason: "nothing has to be awaited", patience: time.Minute, want: true,
			allowed: func(int) (bool, error) { return true, nil },
		},
		"Granted a moment later": {
			reason: "the RBAC manager binds the role after the pod was made", patience: time.Minute, want: true,
			allowed: func(n int) (bool, error) { return n > 1, nil },
		},
		"Never granted": {
			reason: "the provider then needs all CRDs from the start", patience: time.Millisecond,
			allowed: func(int) (bool, error) { return false, nil },
		},
		"Not known": {
			reason: "what is not known must not be taken for a refusal", patience: time.Minute, wantErr: down,
			allowed: func(int) (bool, error) { return false, down },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			asked := 0
			c := fake.NewClientBuilder().WithInterceptorFuncs(interceptor.Funcs{
				Create: func(_ context.Context, _ client.WithWatch, o client.Object, _ ...client.CreateOption) error {
					review, ok := o.(*authv1.SelfSubjectAccessReview)
					if !ok {
						t.Fatalf("%T was created", o)
					}
					asked++
					var err error
					review.Status.Allowed, err = tc.allowed(asked)
					return err
				},
			}).Build()
			got, err := MayWatchCRDs(t.Context(), c, tc.patience)
			if got != tc.want || !errors.Is(err, tc.wantErr) {
				t.Errorf("%s: want %t and error %v, got %t and %v", tc.reason, tc.want, tc.wantErr, got, err)
			}
		})
	}
}
