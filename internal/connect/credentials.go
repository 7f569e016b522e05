// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// A credential is an admin key and its origin.
type credential struct {
	adminKey string
	// origin names where the key is stored, for errors, such as Secret "ns/name" key "k".
	origin string
	// secret is the UID of the Secret that it is from; empty: it is from none.
	secret types.UID
}

// clusterCredential reads the admin key of a ClusterProviderConfig.
func clusterCredential(ctx context.Context, apiReader *cachingReader, c v1alpha1.ClusterCredentials) (credential, error) {
	// The CRD demands the field that goes with the source.
	switch {
	case c.Source == xpv2.CredentialsSourceEnvironment && c.Env != nil:
		origin := fmt.Sprintf("environment variable %q", c.Env.Name)
		v, ok := os.LookupEnv(c.Env.Name)
		if !ok {
			return credential{}, terminal.Errorf("%s is not set: set it in the provider's pod, with a DeploymentRuntimeConfig", origin)
		}
		return parseCredential(v, origin)
	case c.Source == xpv2.CredentialsSourceFilesystem && c.Fs != nil:
		origin := fmt.Sprintf("file %q", c.Fs.Path)
		v, err := readBounded(c.Fs.Path)
		if err != nil {
			return credential{}, fmt.Errorf("cannot read the admin key: mount the file into the provider's pod, with a DeploymentRuntimeConfig: %w", err)
		}
		return parseCredential(string(v), origin)
	case c.SecretRef != nil:
		return secretCredential(ctx, apiReader, c.SecretRef.Namespace, c.SecretRef.LocalSecretKeyReference)
	}
	return credential{}, terminal.Errorf("credentials of source %q are incomplete: add secretRef, env or fs to match", c.Source)
}

// readBounded reads a file up to one byte more than a key may have.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // The author of a ClusterProviderConfig names it.
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, adminapi.MaxKeyBytes+1))
}

// secretCredential reads the admin key from a Secret in a namespace.
func secretCredential(ctx context.Context, apiReader *cachingReader, namespace string, ref v1alpha1.LocalSecretKeyReference) (credential, error) {
	nn := types.NamespacedName{Namespace: namespace, Name: ref.Name}
	v, err := apiReader.secretValue(ctx, nn, ref.Key)
	if err != nil {
		if kerrors.IsNotFound(err) {
			return credential{}, fmt.Errorf("Secret %q with the admin key does not exist: create it, with the key under %q", nn, ref.Key) //nolint:staticcheck // Secret is a kind.
		}
		return credential{}, fmt.Errorf("cannot read the admin key from Secret %q: %w", nn, err)
	}
	if !v.exists {
		return credential{}, fmt.Errorf("Secret %q has no key %q: add it, with an admin key as its value", nn, ref.Key) //nolint:staticcheck // Secret is a kind.
	}
	cred, err := parseCredential(v.value, fmt.Sprintf("Secret %q key %q", nn, ref.Key))
	cred.secret = v.secret
	return cred, err
}

// parseCredential validates the stored value of an admin key. Of a value longer than adminapi.MaxKeyBytes only one
// byte more need be given.
func parseCredential(adminKey, origin string) (credential, error) {
	// Before the value is trimmed, since it may have been cut.
	if len(adminKey) > adminapi.MaxKeyBytes {
		return credential{}, terminal.IfLastingErrorf("%s %s", origin, adminapi.KeyTooLong)
	}
	// Files and piped values tend to end in a newline, and Windows begins files with a
	// byte order mark.
	adminKey = strings.TrimSpace(strings.TrimPrefix(adminKey, "\ufeff"))
	if adminKey == "" {
		return credential{}, fmt.Errorf("%s is empty: store an admin key there", origin)
	}
	if wrong := KeyMistake(adminKey); wrong != "" {
		return credential{}, terminal.IfLastingErrorf("%s %s", origin, wrong)
	}
	if !adminapi.MayBeKey(adminKey) {
		return credential{}, terminal.IfLastingErrorf("%s does not hold an admin key: it contains spaces or other characters that no key has", origin)
	}
	return credential{adminKey: adminKey, origin: origin}, nil
}
