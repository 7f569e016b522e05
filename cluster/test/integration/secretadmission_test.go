// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A keyValueRecorder records the values of all keys in OpenAI's replies through a gateway.
type keyValueRecorder struct {
	mu     sync.Mutex
	values []string
}

func (l *keyValueRecorder) record(_ *http.Request, body map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, ok := body["value"].(string); ok {
		l.values = append(l.values, v)
	}
}

// assertNotExposed asserts that no event, log or object other than a Secret holds a key.
func (l *keyValueRecorder) assertNotExposed(tn *tenant, key *v1alpha1.ProjectAPIKey) {
	tn.Helper()
	tn.get(key)
	texts := []string{asJSON(tn.T, key), logs.String()}
	for _, e := range tn.eventsOf(key) {
		texts = append(texts, e.Message)
	}
	if s := tn.secret(key.Name); s != nil {
		texts = append(texts, asJSON(tn.T, s.ObjectMeta))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.values) == 0 {
		tn.Error("no value was ever in a reply")
	}
	for _, text := range texts {
		if slices.ContainsFunc(l.values, func(v string) bool { return strings.Contains(text, v) }) || wholeKey.MatchString(text) {
			tn.Errorf("a text holds a key, %.40s…", text)
		}
	}
}

// wholeKey matches a complete key. What is shorter may be an external name that another test made up,
// which the runtime logs.
var wholeKey = regexp.MustCompile(`\bsk-[a-zA-Z]+-[A-Za-z0-9_-]{16,}`)

// refusedByPolicy is the message of admission for refused Secrets.
const refusedByPolicy = "keys belong in the vault"

// refuseSecrets makes admission refuse Secrets of the tenant unless an expression holds, until end
// is called.
func (tn *tenant) refuseSecrets(unless string, probe *corev1.Secret) (end func()) {
	tn.Helper()
	policy := &admissionv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}}
	policy.Spec.MatchConstraints = &admissionv1.MatchResources{ResourceRules: []admissionv1.NamedRuleWithOperations{{
		RuleWithOperations: admissionv1.RuleWithOperations{
			Operations: []admissionv1.OperationType{admissionv1.Create, admissionv1.Update},
			Rule:       admissionv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"secrets"}},
		},
	}}}
	policy.Spec.Validations = []admissionv1.Validation{{Expression: unless, Message: refusedByPolicy}}
	binding := &admissionv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}}
	binding.Spec.PolicyName = policy.Name
	binding.Spec.ValidationActions = []admissionv1.ValidationAction{admissionv1.Deny}
	binding.Spec.MatchResources = &admissionv1.MatchResources{
		NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: tn.namespace}},
	}
	tn.create(policy)
	tn.create(binding)
	awaitRefused := func(want bool) {
		tn.await(fmt.Sprintf("admission that refuses: %t", want), func() (bool, string) {
			trial := probe.DeepCopy()
			err := kube.Create(context.Background(), trial, client.DryRunAll)
			if kerrors.IsAlreadyExists(err) {
				err = kube.Update(context.Background(), trial, client.DryRunAll)
			}
			return (err != nil && strings.Contains(err.Error(), refusedByPolicy)) == want, fmt.Sprint(err)
		})
	}
	awaitRefused(true)
	return func() {
		tn.delete(binding)
		tn.delete(policy)
		awaitRefused(false)
	}
}

func TestAKeyThatAdmissionKeepsOutOfItsSecretIsIssuedOnceAndRevoked(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		unless string
		// rotates reports that there is a key already, which is rotated.
		rotates bool
	}{
		"AnyKey":     {"Keys have no place in Secrets.", `!has(object.data) || !("OPENAI_API_KEY" in object.data)`, false},
		"ASuccessor": {"Secrets are not to change.", `oldObject == null || !has(oldObject.data) || !("OPENAI_API_KEY" in oldObject.data) || object.data["OPENAI_API_KEY"] == oldObject.data["OPENAI_API_KEY"]`, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, l := newGateway(t), &keyValueRecorder{}
			tn := newTenant(t, g.serve)
			g.intercept(interception{matches: issuesKey, rewrite: l.record})
			key := tn.key("refused")
			probe := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "probe"}}
			before, existing := 0, []string(nil)
			if tc.rotates {
				tn.create(key)
				tn.awaitReady(key)
				before, existing, probe = 1, tn.liveIDs(), tn.secret("refused")
			}
			probe.ResourceVersion, probe.Data = "", map[string][]byte{"OPENAI_API_KEY": []byte("probe")}
			end := tn.refuseSecrets(tc.unless, probe)
			if !tc.rotates {
				tn.create(key)
			} else {
				change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
					cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
				})
			}
			if got := tn.awaitProblem(key); !strings.Contains(got, refusedByPolicy) {
				t.Errorf("%s\nthe problem does not repeat the policy's message: %q", tc.reason, got)
			}
			tn.reconcileAgain(6, key)
			if got := tn.awaitProblem(key); !strings.Contains(strings.ToLower(got), "admission") {
				t.Errorf("%s\nthe problem does not say that admission refuses the Secret: %q", tc.reason, got)
			}
			if n := tn.issueCalls() - before; n != 1 {
				t.Errorf("%s\n%d keys were issued, want one until the policy is known", tc.reason, n)
			}
			tn.await("the end of the key", func() (bool, string) {
				diff := cmp.Diff(existing, tn.liveIDs(), equateEmpty)
				return diff == "", diff
			})
			l.assertNotExposed(tn, key)

			end()
			tn.await("a new key", func() (bool, string) {
				tn.reconcileAgain(1, key)
				return tn.issueCalls()-before == 2, fmt.Sprintf("%+v", key.GetCondition(xpv2.TypeSynced))
			})
			tn.awaitReady(key)
			tn.workingKey("refused")
			if diff := cmp.Diff(append(existing, meta.GetExternalName(key)), tn.liveIDs()); diff != "" {
				t.Errorf("%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
			l.assertNotExposed(tn, key)
		})
	}
}

func TestKeysWhoseValueAGatewayMasksAreFewAndRevoked(t *testing.T) {
	t.Parallel()
	for name, rotates := range map[string]bool{"TheFirstOne": false, "ASuccessor": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			key := tn.key("masked")
			before, existing := 0, []string(nil)
			if rotates {
				tn.create(key)
				tn.awaitReady(key)
				before, existing = 1, tn.liveIDs()
			}
			g.intercept(interception{matches: issuesKey, rewrite: maskedValues})
			if !rotates {
				tn.create(key)
			} else {
				change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
					cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
				})
			}
			if got := tn.awaitProblem(key); !strings.Contains(got, "gateway") {
				t.Errorf("the problem does not name its cause: %q", got)
			}
			for range 8 {
				tn.reconcileAgain(1, key)
				if n := len(tn.liveIDs()); n > issuedAtMost+1 {
					t.Errorf("%d keys live at once", n)
				}
			}
			if n := tn.issueCalls() - before; n > issuedAtMost {
				t.Errorf("%d keys were issued, want %d at most", n, issuedAtMost)
			}
			tn.await("the end of what nobody can use", func() (bool, string) {
				diff := cmp.Diff(existing, tn.liveIDs(), equateEmpty)
				return diff == "", diff
			})
			if s := tn.secret("masked"); rotates {
				tn.workingKey("masked")
			} else if s != nil && len(s.Data["OPENAI_API_KEY"]) != 0 {
				t.Error("the Secret holds what is no key")
			}
		})
	}
}
