// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestClusterCredential(t *testing.T) {
	const (
		variable = "PROVIDER_OPENAI_TEST_ADMIN_KEY"
		noKey    = ` does not hold an admin key: it contains spaces or other characters that no key has`
		tooLong  = ` holds more than 4096 bytes, as no key does: store only the key's value`
		source   = `Secret "crossplane-system/openai" key "admin"`
	)
	longest := apitest.FakeKey + strings.Repeat("x", 4096-len(apitest.FakeKey))
	dir := t.TempDir()
	file := func(name, content string) v1alpha1.ClusterCredentials {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatalf("cannot write file: %v", err)
		}
		return v1alpha1.ClusterCredentials{Source: xpv2.CredentialsSourceFilesystem, Fs: &v1alpha1.File{Path: path}}
	}
	missing := filepath.Join(dir, "missing")
	env := v1alpha1.ClusterCredentials{Source: xpv2.CredentialsSourceEnvironment, Env: &v1alpha1.EnvironmentVariable{Name: variable}}
	ref := clusterConfig().Spec.Credentials
	holding := func(v string) *corev1.Secret {
		return secret("crossplane-system", "openai", map[string]string{"admin": v})
	}
	none := secret("elsewhere", "openai", nil)

	cases := map[string]struct {
		reason  string
		secret  *corev1.Secret
		env     string
		cred    v1alpha1.ClusterCredentials
		want    credential
		wantErr string
	}{
		"Secret": {
			reason: "The usual source.", secret: holding(apitest.FakeKey), cred: ref,
			want: credential{adminKey: apitest.FakeKey, origin: source},
		},
		"SourceLeftOutMeansSecret": {
			reason: "An older CRD may have set no default.", secret: holding(apitest.FakeKey), cred: v1alpha1.ClusterCredentials{SecretRef: ref.SecretRef},
			want: credential{adminKey: apitest.FakeKey, origin: source},
		},
		"SecretMissing": {
			reason: "The user must learn which Secret, and which key.", secret: none, cred: ref,
			wantErr: `Secret "crossplane-system/openai" with the admin key does not exist: create it, with the key under "admin"`,
		},
		"KeyMissing": {
			reason: "The Secret is there, the key is not.", secret: secret("crossplane-system", "openai", map[string]string{"other": apitest.FakeKey}), cred: ref,
			wantErr: `Secret "crossplane-system/openai" has no key "admin": add it, with an admin key as its value`,
		},
		"Empty": {
			reason: "An empty value would go out as no credential at all.", secret: holding(""), cred: ref,
			wantErr: source + " is empty: store an admin key there",
		},
		"OnlySpace": {
			reason: "What is left of it is empty.", secret: holding(" \n"), cred: ref,
			wantErr: source + " is empty: store an admin key there",
		},
		"NewlineAtTheEndIsTrimmed": {
			reason: "echo without -n is the most common mistake.", secret: holding(apitest.FakeKey + "\n"), cred: ref,
			want: credential{adminKey: apitest.FakeKey, origin: source},
		},
		"WindowsNewlineAtTheEndIsTrimmed": {
			reason: "Files from Windows end so.", secret: holding(apitest.FakeKey + "\r\n"), cred: ref,
			want: credential{adminKey: apitest.FakeKey, origin: source},
		},
		"SpaceInsideIsRefused": {
			reason: "Two values, or prose, were stored by mistake; the text must not quote them.", secret: holding(apitest.FakeKey + " " + apitest.FakeKey), cred: ref,
			wantErr: source + noKey,
		},
		"NewlineInsideIsRefused": {
			reason: "It would make another header.", secret: holding(apitest.FakeKey + "\nX-Injected: 1"), cred: ref,
			wantErr: source + noKey,
		},
		"LettersThatNoKeyHasAreRefused": {
			reason: "A typographic hyphen from a chat window breaks the key.", secret: holding("sk‑admin‑FAKE"), cred: ref,
			wantErr: source + noKey,
		},
		"SecretWithTheLongestKey": {
			reason: "A gateway's token may be long.", secret: holding(longest), cred: ref,
			want: credential{adminKey: longest, origin: source},
		},
		"SecretWithMoreThanAKey": {
			reason: "To look for mistakes in it would take long.", secret: holding(longest + "x"), cred: ref,
			wantErr: source + tooLong,
		},
		"SecretWithMoreBehindSpaces": {
			reason: "What follows is not seen, and must not be lost without a word.", secret: holding(apitest.FakeKey + strings.Repeat(" ", 5000) + apitest.FakeKey), cred: ref,
			wantErr: source + tooLong,
		},
		"FileWithMoreThanAKey": {
			reason: "No more of it is read than needed.", secret: none, cred: file("long", longest+"x"),
			wantErr: `file "` + filepath.Join(dir, "long") + `"` + tooLong,
		},
		"FileWithoutEnd": {
			reason: "A device must not fill the memory.", secret: none,
			cred:    v1alpha1.ClusterCredentials{Source: xpv2.CredentialsSourceFilesystem, Fs: &v1alpha1.File{Path: "/dev/zero"}},
			wantErr: `file "/dev/zero"` + tooLong,
		},
		"EnvironmentVariableWithMoreThanAKey": {
			reason: "As above.", secret: none, env: longest + "x", cred: env,
			wantErr: `environment variable "` + variable + `"` + tooLong,
		},
		"EnvironmentVariable": {
			reason: "A platform team may inject the key into the pod.", secret: none, env: apitest.FakeKey + "\n", cred: env,
			want: credential{adminKey: apitest.FakeKey, origin: `environment variable "` + variable + `"`},
		},
		"EnvironmentVariableEmpty": {
			reason: "Set, but to nothing.", secret: none, env: " ", cred: env,
			wantErr: `environment variable "` + variable + `" is empty: store an admin key there`,
		},
		"EnvironmentVariableMissing": {
			reason: "The remedy is not in the managed resource.", secret: none, cred: env,
			wantErr: `environment variable "` + variable + `" is not set: set it in the provider's pod, with a DeploymentRuntimeConfig`,
		},
		"EnvironmentGoesBeforeASecretThatIsNamedToo": {
			reason: "The source decides, not what else is filled in.", secret: holding("sk-admin-fake-other"), env: apitest.FakeKey,
			cred: v1alpha1.ClusterCredentials{Source: env.Source, Env: env.Env, SecretRef: ref.SecretRef},
			want: credential{adminKey: apitest.FakeKey, origin: `environment variable "` + variable + `"`},
		},
		"File": {
			reason: "A sidecar may write the key to a volume.", secret: none, cred: file("key", apitest.FakeKey+"\n"),
			want: credential{adminKey: apitest.FakeKey, origin: `file "` + filepath.Join(dir, "key") + `"`},
		},
		"FileEmpty": {
			reason: "The sidecar has not written it yet.", secret: none, cred: file("empty", ""),
			wantErr: `file "` + filepath.Join(dir, "empty") + `" is empty: store an admin key there`,
		},
		"FileMissing": {
			reason: "The remedy is not in the managed resource.", secret: none,
			cred:    v1alpha1.ClusterCredentials{Source: xpv2.CredentialsSourceFilesystem, Fs: &v1alpha1.File{Path: missing}},
			wantErr: `cannot read the admin key: mount the file into the provider's pod, with a DeploymentRuntimeConfig: open ` + missing + `: no such file or directory`,
		},
		"EnvironmentWithoutAName": {
			reason: "An older CRD may let this pass.", secret: none, cred: v1alpha1.ClusterCredentials{Source: xpv2.CredentialsSourceEnvironment},
			wantErr: `credentials of source "Environment" are incomplete: add secretRef, env or fs to match`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.env != "" {
				t.Setenv(variable, tc.env)
			}
			got, err := clusterCredential(t.Context(), newCachingReader(kubernetes(t, tc.secret).Build(), cacheTTL), tc.cred)
			if diff := cmp.Diff(tc.wantErr, apitest.Text(err)); diff != "" {
				t.Errorf("\n%s\nclusterCredential: -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(credential{})); diff != "" {
				t.Errorf("\n%s\nclusterCredential: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
