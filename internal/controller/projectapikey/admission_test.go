// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// refusing has the API server refuse Secrets as a function of the value and of whether it is a dry
// run says.
func refusing(refuse func(value string, trial bool) error) interceptor.Funcs {
	return interceptor.Funcs{Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
		if s, ok := o.(*corev1.Secret); ok {
			u := &client.UpdateOptions{}
			u.ApplyOptions(opts)
			if err := refuse(string(s.Data[dataAPIKey]), len(u.DryRun) > 0); err != nil {
				return err
			}
		}
		return c.Update(ctx, o, opts...)
	}}
}

func TestAdmissionThatRefusesAKey(t *testing.T) {
	t.Parallel()
	forbidden := func(value string) error {
		return kerrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, "checkout-openai", fmt.Errorf("no keys here, such as %s", value))
	}
	cases := map[string]struct {
		reason string
		refuse func(value string, trial bool) error
		// made is how many keys three tries make.
		made int
	}{
		"Policy": {"No second key is issued only to be revoked.", func(value string, _ bool) error {
			if value != "" {
				return forbidden(value)
			}
			return nil
		}, 1},
		"BadRequest": {"A webhook has a code of its own.", func(value string, _ bool) error {
			if value != "" {
				return kerrors.NewBadRequest("no")
			}
			return nil
		}, 1},
		"WebhookWithoutTrials": {"A trial tells nothing: the floor alone limits what is issued.", func(value string, trial bool) error {
			switch {
			case trial:
				return kerrors.NewBadRequest("admission webhook does not support dry run")
			case value != "":
				return forbidden(value)
			}
			return nil
		}, 3},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.intercept(refusing(tc.refuse))
			for range 3 {
				if err := f.reconcile(t); err == nil {
					t.Errorf("\n%s\nwant an error that says what is refused", tc.reason)
				}
			}
			if n := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey); n != tc.made {
				t.Errorf("\n%s\nkeys issued: want %d, got %d", tc.reason, tc.made, n)
			}
			if diff := cmp.Diff([]string{}, f.live()); diff != "" {
				t.Errorf("\n%s\nliving keys: -want, +got:\n%s", tc.reason, diff)
			}

			f.intercept(interceptor.Funcs{})
			f.Advance(firstWait + InFlightGrace)
			f.mustReconcile(t)
			f.holds(t, f.keyState(t).keyID)
		})
	}
}

func TestAnErrorDoesNotTellAValue(t *testing.T) {
	const value = "sk-svcacct-FAKE-0123456789abcdef"
	cases := map[string]struct {
		reason string
		err    error
		want   string
	}{
		"None":    {"Nothing failed.", nil, ""},
		"Other":   {"It says nothing of the value.", errors.New("no"), "no"},
		"Plain":   {"A webhook quotes what it refuses.", errors.New("no " + value + " here"), "no sk-… here"},
		"Encoded": {"As the API server stores it.", errors.New("no " + base64.StdEncoding.EncodeToString([]byte(value))), "no …"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := text(redactValues(tc.err, value))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\nerror: -want, +got:\n%s", tc.reason, diff)
			}
			if strings.Contains(got, value) {
				t.Errorf("\n%s\nthe error tells the value", tc.reason)
			}
		})
	}
}
