// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Each manifest is that of examples/keyless with one field changed.
func TestWhatWouldShowOpenAITheKeysToTheClusterIsRefused(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	const provider, rule = "WorkloadIdentityProvider", "FederationRule"
	files := map[string]string{provider: "keyless/1-platform.yaml", rule: "keyless/2-tenant.yaml"}
	cases := map[string]struct {
		reason string
		kind   string
		value  any
		path   string
		want   string
	}{
		"AsItIs":                  {"What follows is refused for what was changed.", provider, "openai", "forProvider.audience", ""},
		"ARuleAsItIs":             {"The same.", rule, "/var/run/secrets/tokens/openai", "writeConfigMapToRef.tokenFile", ""},
		"TheAudienceOfTheCluster": {"Whoever sees an exchange could use the API server.", provider, "https://kubernetes.default.svc", "forProvider.audience", "audience is the API server's own"},
		"TheLongAudience":         {"It is the default of kubeadm.", provider, "https://kubernetes.default.svc.cluster.local", "forProvider.audience", "audience is the API server's own"},
		"TheTokenFileOfTheClient": {"Its token opens the API server.", rule, "/var/run/secrets/kubernetes.io/serviceaccount/token", "writeConfigMapToRef.tokenFile", "where Kubernetes mounts the token that opens the API server"},
		"TheAttributeOfTheNamespace": {
			"It keeps rules to their namespaces.", provider,
			[]any{map[string]any{"attribute": "kubernetes_namespace", "expression": "'kube-system'"}},
			"forProvider.attributeTransformations", "choose another name",
		},
		"AnIssuerBesideThisCluster": {"The two could disagree.", provider, "https://elsewhere.example.com", "forProvider.issuer", "unless verification is thisCluster"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := tn.ofKind(tn.example(files[tc.kind]), tc.kind)
			o.SetNamespace(tn.namespace)
			tn.must(unstructured.SetNestedField(o.Object, tc.value, append([]string{"spec"}, strings.Split(tc.path, ".")...)...))
			err := kube.Create(t.Context(), o, client.DryRunAll)
			if tc.want == "" && err != nil || tc.want != "" && (!kerrors.IsInvalid(err) || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s\nwant a refusal with %q, got %v", tc.reason, tc.want, err)
			}
		})
	}
}
