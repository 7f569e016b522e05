// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
)

const keyVariable = "OPENAI_API_KEY"

// A use is a request that a consumer makes with its key.
type use struct{ method, path, body string }

var (
	listModels = use{method: http.MethodGet, path: "models"}
	chat       = use{method: http.MethodPost, path: "chat/completions", body: `{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}`}
)

// answer returns OpenAI's status for a use of a key.
func (w *environment) answer(ctx context.Context, u use, key string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, u.method, w.sim.BaseURL()+u.path, strings.NewReader(u.body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if u.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("cannot use a key: %w", err)
	}
	return res.StatusCode, res.Body.Close()
}

// answered checks OpenAI's status for a use of a key.
func (w *environment) answered(u use, key string, want int) check {
	return func(ctx context.Context) (string, error) {
		got, err := w.answer(ctx, u, key)
		if got == want || err != nil {
			return "", err
		}
		return fmt.Sprintf("%s %s with the key is answered %d, want %d", u.method, u.path, got, want), nil
	}
}

// keyIn returns the value of the key that a Secret holds.
func (w *environment) keyIn(ctx context.Context, namespace, secret string) (string, *corev1.Secret, error) {
	s := &corev1.Secret{}
	if err := w.kube.Get(ctx, types.NamespacedName{Namespace: namespace, Name: secret}, s); err != nil {
		return "", nil, fmt.Errorf("cannot read Secret %q: %w", secret, err)
	}
	value := string(s.Data[keyVariable])
	if value == "" {
		return "", nil, fmt.Errorf("the Secret %q holds no %s", secret, keyVariable)
	}
	return value, s, nil
}

// admin is a client of OpenAI for changes outside of the provider.
func (w *environment) admin() openai.AdminOrganizationProjectService {
	return admin.Projects(w.sim.BaseURL())
}

// makeProject creates a project outside of the provider.
func (w *environment) makeProject(ctx context.Context, name string) (string, error) {
	projects := w.admin()
	p, err := projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: name})
	if err != nil {
		return "", fmt.Errorf("cannot make the project %q: %w", name, err)
	}
	return p.ID, nil
}

func (w *environment) renameProject(ctx context.Context, id, name string) error {
	if id == "" {
		return errors.New("the status of the Project has no ID")
	}
	projects := w.admin()
	if _, err := projects.Update(ctx, id, openai.AdminOrganizationProjectUpdateParams{Name: openai.String(name)}); err != nil {
		return fmt.Errorf("cannot rename the project %q: %w", id, err)
	}
	return nil
}

// projectIs checks the name and status of a project at OpenAI.
func (w *environment) projectIs(id, name, status string) check {
	return func(ctx context.Context) (string, error) {
		projects := w.admin()
		p, err := projects.Get(ctx, id)
		if err != nil {
			return "", fmt.Errorf("cannot get the project %q: %w", id, err)
		}
		if p.Name != name || p.Status != status {
			return fmt.Sprintf("the project %q at OpenAI is called %q and %s, want %q and %s", id, p.Name, p.Status, name, status), nil
		}
		return "", nil
	}
}
