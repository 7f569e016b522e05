// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// missingScopes is a message that OpenAI was recorded to send.
const missingScopes = "You have insufficient permissions for this operation. Missing scopes: api.management.read. Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes."

// recordedError is an error in OpenAI's form; code may be empty.
func recordedError(status int, kind, code, message string) reply {
	quoted := "null"
	if code != "" {
		quoted = fmt.Sprintf("%q", code)
	}
	return reply{status, "application/json", fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":null,"code":%s}}`, message, kind, quoted)}
}

func anyCall(*http.Request) bool { return true }

func TestARefusalSaysWhatHelpsAndIsOverWhenItIs(t *testing.T) {
	t.Parallel()
	const invalid = "invalid_request_error"
	cases := map[string]struct {
		reason string
		reply  reply
		want   []string
		never  []string
		// slowRetry reports that the call is retried after minutes, or when a reconcile is
		// requested.
		slowRetry bool
	}{
		"MissingScopesWithoutACode401": {
			reason: "Most recordings are so.", reply: recordedError(http.StatusUnauthorized, invalid, "", missingScopes),
			want: []string{`openai-admin" key "key"`, "api.management.read", "give it these permissions"}, never: []string{"store a valid admin key", "policy"},
		},
		"MissingScopesWithoutACode403": {
			reason: "Most recordings are so.", reply: recordedError(http.StatusForbidden, invalid, "", missingScopes),
			want: []string{`openai-admin" key "key"`, "api.management.read", "give it these permissions"}, never: []string{"store a valid admin key", "policy"},
		},
		"AFirewallsPage": {
			reason: "It is over as soon as the firewall lets calls pass.", reply: reply{http.StatusForbidden, "text/html", "<html><title>403 Forbidden</title></html>"},
			want: []string{"gateway", "firewall"}, never: []string{"policy"},
		},
		"AMeshesText": {
			reason: "As above.", reply: reply{http.StatusForbidden, "text/plain", "RBAC: access denied"},
			want: []string{"gateway", "firewall"}, never: []string{"policy"},
		},
		"AGatewaysUnauthorized": {
			reason: "Whose key it refuses is not known.", reply: reply{http.StatusUnauthorized, "application/json", `{"message":"Unauthorized"}`},
			want: []string{"gateway"}, never: []string{"store a valid admin key"},
		},
		"NoCredit": {
			reason: "It is no rate limit.", reply: recordedError(http.StatusTooManyRequests, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."),
			want: []string{"Billing", "insufficient_quota"}, never: []string{"rate limit for"}, slowRetry: true,
		},
		"AnAccountThatIsNotPaid": {
			reason: "Recorded with code null.", reply: recordedError(http.StatusTooManyRequests, "billing_not_active", "", "Your account is not active, please check your billing details on our website."),
			want: []string{"Billing", "billing_not_active"}, never: []string{"rate limit for"}, slowRetry: true,
		},
		"AnotherHost": {
			reason: "Data residency.", reply: recordedError(http.StatusUnauthorized, invalid, "incorrect_hostname", "Attempted to access resource with incorrect regional hostname. Please make your request to us.api.openai.com"),
			want: []string{`"https://us.api.openai.com/v1"`, "baseURL"}, never: []string{"store a valid admin key"},
		},
		"AnAddressThatIsNotAllowed": {
			reason: "An IP allowlist.", reply: recordedError(http.StatusUnauthorized, invalid, "ip_not_authorized", "Your IP 203.0.113.7 is not authorized."),
			want: []string{"IP allowlist"}, never: []string{"store a valid admin key"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			g.intercept(interception{matches: anyCall, reply: tc.reply})
			key := tn.key("refused")
			tn.create(key)
			message := tn.awaitProblem(key)
			for _, want := range tc.want {
				if !strings.Contains(message, want) {
					t.Errorf("%s\nthe problem reads %q, want %q in it", tc.reason, message, want)
				}
			}
			for _, never := range tc.never {
				if strings.Contains(message, never) {
					t.Errorf("%s\nthe problem reads %q, want no %q in it", tc.reason, message, never)
				}
			}
			assertStable(tn, key)

			g.intercept()
			if tc.slowRetry {
				change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
					meta.AddAnnotations(cr, map[string]string{"crossplane.io/reconcile-requested-at": "paid"})
				})
			}
			tn.awaitReady(key)
			tn.workingKey("refused")
		})
	}
}

func TestAProjectsKeyInPlaceOfAnAdminKeyIsRecognized(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	other, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)
	tn.setAdminKey(other.Value)
	key := tn.key("refused")
	tn.create(key)
	message := tn.awaitProblem(key)
	for _, want := range []string{simulator.ScopeManagementRead, "project's API key", "begins with sk-admin-"} {
		if !strings.Contains(message, want) {
			t.Errorf("the problem reads %q, want %q in it", message, want)
		}
	}
	if canary.KeyLike.MatchString(message) {
		t.Errorf("the problem contains a key: %q", message)
	}
}

func TestARestrictedKeyThatMayNotListModelsIsAdopted(t *testing.T) {
	t.Parallel()
	listsModels := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/models") }
	cases := map[string]struct {
		reason string
		reply  *reply
	}{
		"WithoutACode403": {reason: "As the simulator, and most recordings, have it."},
		"WithoutACode401": {"The same with the other status.", new(recordedError(http.StatusUnauthorized, "invalid_request_error", "", missingScopes))},
		"AsABareString":   {"Some are so.", &reply{http.StatusForbidden, "application/json", fmt.Sprintf(`{"error":%q}`, missingScopes)}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
				Scopes: []string{"api.files.read"},
			})
			tn.must(err)
			tn.create(&corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "existing"},
				StringData: map[string]string{"value": existing.Value},
			})
			if tc.reply != nil {
				g.intercept(interception{matches: listsModels, reply: *tc.reply})
			}
			key := tn.key("adopted", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "existing", Key: "value"}
			})
			tn.create(key)
			tn.awaitReady(key)
			if got := tn.workingKey("adopted"); got != existing.Value {
				t.Errorf("%s\nthe Secret does not hold the adopted key", tc.reason)
			}
			if diff := cmp.Diff([]string{existing.ID}, tn.liveIDs()); diff != "" {
				t.Errorf("%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestADefaultProjectThatIsToBeChangedSaysThatItCannotBe(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	id := sim.DefaultProjectID(simulator.DefaultOrganizationID)
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "default"}}
	p.Spec.ProviderConfigReference = tn.configRef()
	p.Spec.ForProvider.Name = new("renamed")
	meta.SetExternalName(p, id)
	tn.create(p)
	if message := tn.awaitProblem(p); !strings.Contains(message, "Default project") || !strings.Contains(message, "managementPolicies: [Observe]") {
		t.Errorf("the problem reads %q, want what cannot be done, and what can", message)
	}
	change(tn, p, func(cr *v1alpha1.Project) {
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	})
	tn.awaitReady(p)
	tn.delete(p)
	tn.awaitGone(p)
	o, err := tn.openai.Get(t.Context(), id)
	tn.must(err)
	if o.Name != "Default project" || o.Status != "active" {
		t.Errorf("the Default project is %q and %q", o.Name, o.Status)
	}
}
