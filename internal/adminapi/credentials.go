// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"fmt"
	"os"
	"strings"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// A credential is an admin key and where it came from.
type credential struct {
	adminKey string
	origin   string
}

// clusterCredential reads the admin key of a ClusterProviderConfig.
func clusterCredential(ctx context.Context, kube client.Reader, c v1alpha1.ClusterCredentials) (credential, error) {
	// The CRD demands the field that goes with the source.
	switch {
	case c.Source == xpv2.CredentialsSourceEnvironment && c.Env != nil:
		origin := fmt.Sprintf("environment variable %q", c.Env.Name)
		v, ok := os.LookupEnv(c.Env.Name)
		if !ok {
			return credential{}, terminal.Errorf("%s is not set: set it in the provider's pod, with a DeploymentRuntimeConfig", origin)
		}
		return checked(v, origin)
	case c.Source == xpv2.CredentialsSourceFilesystem && c.Fs != nil:
		origin := fmt.Sprintf("file %q", c.Fs.Path)
		v, err := os.ReadFile(c.Fs.Path)
		if err != nil {
			return credential{}, fmt.Errorf("cannot read the admin key: mount the file into the provider's pod, with a DeploymentRuntimeConfig: %w", err)
		}
		return checked(string(v), origin)
	case c.SecretRef != nil:
		return secretCredential(ctx, kube, c.SecretRef.Namespace, c.SecretRef.LocalSecretKeyReference)
	}
	return credential{}, terminal.Errorf("credentials of source %q are incomplete: add secretRef, env or fs to match", c.Source)
}

// secretCredential reads an admin key from a Secret.
func secretCredential(ctx context.Context, kube client.Reader, namespace string, ref v1alpha1.LocalSecretKeyReference) (credential, error) {
	nn := types.NamespacedName{Namespace: namespace, Name: ref.Name}
	s := &corev1.Secret{}
	if err := kube.Get(ctx, nn, s); err != nil {
		if kerrors.IsNotFound(err) {
			return credential{}, fmt.Errorf("Secret %q with the admin key does not exist: create it, with the key under %q", nn, ref.Key) //nolint:staticcheck // Secret is a kind.
		}
		return credential{}, fmt.Errorf("cannot read the admin key from Secret %q: %w", nn, err)
	}
	v, ok := s.Data[ref.Key]
	if !ok {
		return credential{}, fmt.Errorf("Secret %q has no key %q: add it, with an admin key as its value", nn, ref.Key) //nolint:staticcheck // Secret is a kind.
	}
	return checked(string(v), fmt.Sprintf("Secret %q key %q", nn, ref.Key))
}

func checked(adminKey, origin string) (credential, error) {
	// Files and piped values tend to end in a newline, and Windows begins files with a
	// byte order mark.
	adminKey = strings.TrimSpace(strings.TrimPrefix(adminKey, "\ufeff"))
	if adminKey == "" {
		return credential{}, fmt.Errorf("%s is empty: store an admin key there", origin)
	}
	if wrong := Mistaken(adminKey); wrong != "" {
		return credential{}, terminal.IfLastingErrorf("%s %s", origin, wrong)
	}
	if strings.ContainsFunc(adminKey, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return credential{}, terminal.IfLastingErrorf("%s does not hold an admin key: it contains spaces or other characters that no key has", origin)
	}
	return credential{adminKey: adminKey, origin: origin}, nil
}
