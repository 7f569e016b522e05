// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package admin creates what administrators set up before the provider is used: a project with a
// service account at OpenAI, which is the simulator, and the provider configuration in Kubernetes.
package admin

import (
	"context"
	"fmt"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// The Secret that holds the admin key, and the entry in it.
const (
	SecretName = "openai-admin"
	SecretKey  = "key"
)

// Projects is a client of the simulator at a base URL, with the default admin key.
func Projects(baseURL string) openai.AdminOrganizationProjectService {
	return openai.NewAdminOrganizationProjectService(
		option.WithBaseURL(baseURL), option.WithAdminAPIKey(simulator.DefaultAdminKey), option.WithMaxRetries(0))
}

// NewProject creates a project, and in it a service account as NewAccount does. It returns their
// IDs.
func NewProject(ctx context.Context, projects openai.AdminOrganizationProjectService, name, accountName string) (project, account string, err error) {
	made, err := projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: name})
	if err != nil {
		return "", "", fmt.Errorf("cannot make the project %q: %w", name, err)
	}
	account, err = NewAccount(ctx, projects, made.ID, accountName)
	return made.ID, account, err
}

// NewAccount creates a service account that can use the API but has no key, and returns its ID.
func NewAccount(ctx context.Context, projects openai.AdminOrganizationProjectService, project, name string) (id string, err error) {
	made, err := projects.ServiceAccounts.New(ctx, project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: name, CreateServiceAccountOnly: openai.Bool(true),
	})
	if err != nil {
		return "", fmt.Errorf("cannot make the service account %q: %w", name, err)
	}
	// Without a role its keys would be refused.
	if _, err := projects.ServiceAccounts.Update(ctx, project, made.ID, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleMember,
	}); err != nil {
		return "", fmt.Errorf("cannot give the service account %q a role: %w", name, err)
	}
	return made.ID, nil
}

// Secret with an admin key.
func Secret(namespace, value string) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: SecretName},
		StringData: map[string]string{SecretKey: value},
	}
}

// Holds returns a func that replaces the data of a Secret by an admin key.
func Holds(value string) func(*corev1.Secret) {
	return func(s *corev1.Secret) { s.StringData, s.Data = nil, map[string][]byte{SecretKey: []byte(value)} }
}

// Config is a ClusterProviderConfig with a base URL, and with the admin key that Secret stores in a
// namespace.
func Config(name, namespace, baseURL string) *v1alpha1.ClusterProviderConfig {
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: name}}
	pc.Spec.BaseURL = new(strings.TrimSuffix(baseURL, "/"))
	pc.Spec.Credentials.SecretRef = &v1alpha1.SecretKeyReference{
		Namespace:               namespace,
		LocalSecretKeyReference: v1alpha1.LocalSecretKeyReference{Name: SecretName, Key: SecretKey},
	}
	return pc
}
