// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// fieldManager of what the provider writes to Secrets.
const fieldManager = client.FieldOwner("provider-openai")

// dryRunValue has the form of a key's value, and is none.
const dryRunValue = "sk-svcacct-thisIsNoKeyButTheTestOfAnAdmissionPolicy0"

// checkAdmission fails if the API server would refuse to store a key's value in a Secret. It is
// called once a key could not be stored, so that no other is issued only to be revoked.
func (c *keyClient) checkAdmission(ctx context.Context, s *corev1.Secret, state keyState, details map[string][]byte) error {
	try := func(value string) error {
		trial := s.DeepCopy()
		if value != "" {
			fillSecret(trial, state, value, details)
		}
		return c.kube.Update(ctx, trial, fieldManager, client.DryRunAll)
	}
	err := try(dryRunValue)
	if err == nil || kerrors.IsConflict(err) {
		return err
	}
	if refusesAll := try("") != nil; refusesAll {
		// What was written a moment ago is refused as well: some webhook refuses all trials.
		return nil //nolint:nilerr // The refusal is not about the value.
	}
	return terminal.Errorf("the API server refuses to store a key in Secret %q, so that no new key was issued: %w", client.ObjectKeyFromObject(s), redactValues(err, dryRunValue))
}

// keyValueInText matches the value of a key wherever it is quoted.
var keyValueInText = regexp.MustCompile(`sk-[A-Za-z0-9_-]{8,}`)

// redactValues returns an error without values of keys, which whoever refuses a Secret may quote:
// without those given, plain or encoded, and without whatever has the form of one.
func redactValues(err error, values ...string) error {
	if err == nil {
		return nil
	}
	text := keyValueInText.ReplaceAllString(err.Error(), "sk-…")
	for _, value := range values {
		if value != "" {
			text = strings.NewReplacer(value, "…", base64.StdEncoding.EncodeToString([]byte(value)), "…").Replace(text)
		}
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

// redactWriteError is the error of a write of Secrets, without the values in them. What the API
// server calls invalid stays so until a user changes the object or a policy.
func redactWriteError(err error, secrets ...*corev1.Secret) error {
	var values []string
	for _, s := range secrets {
		if s != nil {
			values = append(values, string(s.Data[dataAPIKey]))
		}
	}
	redacted := redactValues(err, values...)
	if kerrors.IsInvalid(err) || kerrors.IsBadRequest(err) || kerrors.IsRequestEntityTooLargeError(err) {
		return terminal.Errorf("%w", redacted)
	}
	return redacted
}

// overwriter is the field manager other than the provider that wrote the value in a
// Secret last; empty if none did.
func overwriter(s *corev1.Secret) string {
	var by string
	var at metav1.Time
	for _, m := range s.GetManagedFields() {
		if m.Manager == string(fieldManager) || m.FieldsV1 == nil {
			continue
		}
		var fields struct {
			Data map[string]json.RawMessage `json:"f:data"`
		}
		if json.Unmarshal(m.FieldsV1.Raw, &fields) != nil {
			continue
		}
		if _, wrote := fields.Data["f:"+dataAPIKey]; wrote && (by == "" || m.Time != nil && at.Before(m.Time)) {
			by = m.Manager
			if m.Time != nil {
				at = *m.Time
			}
		}
	}
	return by
}
