// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	// consumerImage is the image of examples/keyless.
	consumerImage = "registry.example.org/checkout:v1"

	// signingKeysInterval is how often the provider looks at the API server's keys, and
	// retireKeysAfter how long OpenAI keeps one that is not published any more: the least that
	// is allowed.
	signingKeysInterval = 10 * time.Second
	retireKeysAfter     = 10 * time.Second

	// platformNamespace has the WorkloadIdentityProvider of the example. Rules of keylessTenant and otherTenant may
	// refer to it, and those of stranger may not.
	platformNamespace = "platform"
	keylessTenant     = "keyless"
	otherTenant       = "keyless-other"
	stranger          = "keyless-stranger"

	// keylessName is the name of a tenant's objects and of its ServiceAccount, and keylessVariables
	// that of its ConfigMap.
	keylessName      = "checkout"
	keylessVariables = "checkout-openai"
	keylessAudience  = "openai"
)

// keylessPods are pods of a tenant that exchange their tokens, and what they need.
type keylessPods struct {
	*environment
	keys     *controlplane.SigningKeys
	provider *v1alpha1.WorkloadIdentityProvider
	rule     *v1alpha1.FederationRule
	openAI   *http.Client
	// retired is a token whose key is retired by the first rotation.
	retired string

	exchanges, failed int
	// changes are the calls that changed something at OpenAI because of rotations, and earlier
	// those before them.
	changes, earlier int
	// uploaded is the longest time from the restart that publishes a key to its upload, and outage
	// the time without exchanges when a key signed at once.
	uploaded, outage time.Duration
	// looked is when the provider looked at the API server's keys, and uploaded one.
	looked time.Time
}

// keyless tests pods that need no key, while the API server's signing key is rotated.
func (w *environment) keyless(ctx context.Context, s *suite) error {
	s.heading("Pods without keys")
	k := &keylessPods{
		environment: w,
		provider:    &v1alpha1.WorkloadIdentityProvider{ObjectMeta: metav1.ObjectMeta{Namespace: platformNamespace, Name: "this-cluster"}},
		rule:        &v1alpha1.FederationRule{ObjectMeta: metav1.ObjectMeta{Namespace: keylessTenant, Name: keylessName}},
	}
	var err error
	if err := w.restart(func() error {
		k.keys, err = w.plane.RotatingKeys()
		return err
	}); err != nil {
		return err
	}
	if k.openAI, err = w.network.client(); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *suite) error{
		k.trusts, k.binds, k.runs, k.idles, k.refuses, k.disables, k.separates, k.unbinds,
		// From here on, caches of the cluster's state lag behind.
		k.rotates, k.signsAtOnce, k.retires, k.ends,
	} {
		if err := step(ctx, s); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintf(s.out, "    %d rotations, %d exchanges, %d failed; %.1f changes at OpenAI per rotation; keys uploaded at most %.1fs after "+
		"the restart that published them began; %.1fs without exchanges when a key signed at once; a look every %s\n",
		w.rotations, k.exchanges, k.failed, float64(k.changes)/float64(w.rotations+1), k.uploaded.Seconds(), k.outage.Seconds(), signingKeysInterval)
	return nil
}

// applyKeyless applies a manifest of examples/keyless, changed.
func (w *environment) applyKeyless(ctx context.Context, file string, mods ...func(*unstructured.Unstructured)) error {
	return w.applyFile(ctx, filepath.Join("examples", "keyless", file), mods...)
}

// trusts tests the platform's part.
func (k *keylessPods) trusts(ctx context.Context, s *suite) error {
	for _, namespace := range []string{keylessTenant, otherTenant, stranger} {
		if err := k.create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
			return err
		}
	}
	if err := k.applyKeyless(ctx, "1-platform.yaml", func(o *unstructured.Unstructured) {
		if o.GetKind() == "WorkloadIdentityProvider" {
			o.SetAnnotations(map[string]string{"openai.crossplane.io/allow-references-from": keylessTenant + "," + otherTenant})
			// It fails only if these are no objects.
			_ = unstructured.SetNestedField(o.Object, retireKeysAfter.String(), "spec", "forProvider", "verification", "thisCluster", "retireKeysAfter")
		}
	}); err != nil {
		return err
	}
	return s.ok(ctx, "a WorkloadIdentityProvider has the keys of this cluster, which the pod read as its own ServiceAccount", func(ctx context.Context) error {
		return await(ctx, all(k.is(k.provider, "Ready", "Synced"), k.shows(k.keys.Current())))
	})
}

// shows checks whether the status says that OpenAI has a signing key.
func (k *keylessPods) shows(keyID string) check {
	return func(ctx context.Context) (string, error) {
		if err := k.kube.Get(ctx, client.ObjectKeyFromObject(k.provider), k.provider); err != nil {
			return "", err
		}
		o := k.provider.Status.AtProvider
		if !o.ThisCluster || !slices.ContainsFunc(o.Keys, func(key v1alpha1.SigningKey) bool { return key.ID == keyID }) {
			return fmt.Sprintf("the status does not show that OpenAI has key %q: %+v", keyID, o), nil
		}
		return "", nil
	}
}

// binds tests the tenant's part. Other tenants have the same, but for the rule.
func (k *keylessPods) binds(ctx context.Context, s *suite) error {
	for _, namespace := range []string{otherTenant, stranger} {
		if err := k.addTenant(ctx, namespace, "Project", "ProjectServiceAccount", "ServiceAccount"); err != nil {
			return err
		}
	}
	return s.ok(ctx, "a tenant's FederationRule that refers to it is Ready, and its ConfigMap has what pods need", func(ctx context.Context) error {
		if err := k.addTenant(ctx, keylessTenant, "Project", "ProjectServiceAccount", "ServiceAccount", "FederationRule"); err != nil {
			return err
		}
		if err := await(ctx, k.is(k.rule, "Ready", "Synced")); err != nil {
			return err
		}
		variables := &corev1.ConfigMap{}
		if err := k.kube.Get(ctx, client.ObjectKey{Namespace: keylessTenant, Name: keylessVariables}, variables); err != nil {
			return fmt.Errorf("cannot read the ConfigMap of a rule: %w", err)
		}
		if diff := cmp.Diff(map[string]string{
			"OPENAI_IDENTITY_PROVIDER_ID": k.provider.Status.AtProvider.ID,
			"OPENAI_SERVICE_ACCOUNT_ID":   k.rule.Status.AtProvider.ServiceAccountID,
			"OPENAI_IDENTITY_TOKEN_FILE":  "/var/run/secrets/openai/token",
			"OPENAI_BASE_URL":             strings.TrimSuffix(k.sim.BaseURL(), "/"),
		}, variables.Data); diff != "" {
			return fmt.Errorf("the ConfigMap: -want, +got:\n%s", diff)
		}
		return nil
	})
}

// addTenant creates objects of some kinds of the example in a namespace.
func (k *keylessPods) addTenant(ctx context.Context, namespace string, kinds ...string) error {
	objects, err := read(filepath.Join("examples", "keyless", "2-tenant.yaml"))
	if err != nil {
		return err
	}
	for _, o := range objects {
		if !slices.Contains(kinds, o.GetKind()) {
			continue
		}
		o.SetNamespace(namespace)
		if err := k.apply(ctx, o); err != nil {
			return err
		}
	}
	account := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: keylessName}}
	return await(ctx, k.is(account, "Ready", "Synced"))
}

// consumer changes examples/keyless to another namespace and more calls.
func consumer(namespace string) func(*unstructured.Unstructured) {
	return func(o *unstructured.Unstructured) {
		o.SetNamespace(namespace)
		path := []string{"spec", "template", "spec", "containers"}
		containers, _, _ := unstructured.NestedSlice(o.Object, path...)
		for _, c := range containers {
			if c, ok := c.(map[string]any); ok {
				c["args"] = []any{"--interval=100ms"}
			}
		}
		if len(containers) > 0 {
			_ = unstructured.SetNestedSlice(o.Object, containers, path...) // fails only if spec is no object
		}
	}
}

// loadConsumer builds the program of examples/keyless.
func (w *environment) loadConsumer(ctx context.Context) error {
	file := filepath.Join(w.dir, "app")
	if err := process.Build(ctx, ".", "./examples/keyless/app", file); err != nil {
		return err
	}
	w.kubelet.load(consumerImage, file)
	return nil
}

// runs tests the program of the example.
func (k *keylessPods) runs(ctx context.Context, s *suite) error {
	if err := k.loadConsumer(ctx); err != nil {
		return err
	}
	if err := k.applyKeyless(ctx, "3-deployment.yaml", consumer(keylessTenant)); err != nil {
		return err
	}
	if err := s.ok(ctx, "the unmodified program of the example exchanges its pod's token once, and lists models", func(ctx context.Context) error {
		if err := await(ctx, k.lists(0)); err != nil {
			return err
		}
		for _, e := range k.sim.Exchanges() {
			if e.Subject != "system:serviceaccount:"+keylessTenant+":"+keylessName || e.Result != simulator.ExchangeOK || e.FederationRuleID != k.rule.Status.AtProvider.ID {
				return fmt.Errorf("an exchange is not the pod's: %+v", e)
			}
		}
		if n := len(k.sim.Exchanges()); n != 1 {
			return fmt.Errorf("the program made %d exchanges, want 1", n)
		}
		return nil
	}); err != nil {
		return err
	}
	return s.ok(ctx, "the tenant's project has no key, and nothing in its namespace, Secrets included, opens OpenAI", func(ctx context.Context) error {
		if keys := k.sim.LiveKeys(k.rule.Status.AtProvider.ProjectID); len(keys) > 0 {
			return fmt.Errorf("the project has %d keys", len(keys))
		}
		return k.holdsNoKey(ctx)
	})
}

// holdsNoKey returns an error if etcd holds a key in the tenant's namespace.
func (k *keylessPods) holdsNoKey(ctx context.Context) error {
	var found []string
	seen := 0
	if err := k.plane.Stored(ctx, func(key, value []byte) {
		if !bytes.Contains(key, []byte("/"+keylessTenant+"/")) {
			return
		}
		seen++
		if canary.Reveals(value) {
			found = append(found, string(key))
		}
	}); err != nil {
		return err
	}
	if len(found) > 0 || seen == 0 {
		return fmt.Errorf("keys were found in %q of %d objects", found, seen)
	}
	return nil
}

// lists checks whether the program has listed models since its log had a length, and fails once a
// call of it has failed since then.
func (k *keylessPods) lists(since int) check {
	return func(context.Context) (string, error) {
		log, err := k.consumerLog()
		if err != nil {
			return "", err
		}
		text := log[since:]
		if i := strings.Index(text, "cannot"); i >= 0 {
			failure, _, _ := strings.Cut(text[i:], "\n")
			return "", fmt.Errorf("a call of the program failed: %s", failure)
		}
		if !strings.Contains(text, " models\n") {
			return "the program has listed no models", nil
		}
		return "", nil
	}
}

// consumerLog is the log of the tenant's pod, which may not run yet.
func (k *keylessPods) consumerLog() (string, error) {
	pods := k.kubelet.running(keylessTenant, map[string]string{"app": "checkout-keyless"})
	if len(pods) != 1 {
		return "", nil
	}
	log, err := os.ReadFile(k.log("pod-" + pods[0].name))
	if err != nil {
		return "", fmt.Errorf("cannot read the log of the program: %w", err)
	}
	return string(log), nil
}

// identityProviders is the path of the list at OpenAI.
const identityProviders = "/v1/organization/workload_identity_providers"

// idles tests polls without changes.
func (k *keylessPods) idles(ctx context.Context, s *suite) error {
	polls := func(interval string) error {
		patch := fmt.Sprintf(`{"metadata":{"annotations":{"crossplane.io/poll-interval":%s}}}`, interval)
		return errors.Join(k.patch(ctx, k.rule, patch), k.patch(ctx, k.provider, patch))
	}
	from := len(k.sim.Calls())
	if err := polls(`"1s"`); err != nil {
		return err
	}
	if err := s.ok(ctx, "polls without changes read pages of lists, and nothing else", func(ctx context.Context) error {
		rules := identityProviders + "/" + k.provider.Status.AtProvider.ID + "/federation_rules"
		return await(ctx, func(context.Context) (string, error) {
			lists := map[string]int{}
			for _, c := range k.sim.Calls()[from:] {
				if !strings.HasPrefix(c.Path, "/v1/organization/") {
					continue
				}
				if c.Mutating() || (c.Path != identityProviders && c.Path != rules) {
					return "", fmt.Errorf("a poll made another call than for a list: %+v", c)
				}
				lists[c.Path]++
			}
			if lists[identityProviders] < 5 || lists[rules] < 5 {
				return fmt.Sprintf("lists were read %v times, want 5 times each", lists), nil
			}
			return "", nil
		})
	}); err != nil {
		return err
	}
	return polls("null")
}

// tokenOf requests a token of a ServiceAccount; without an audience it is one for the API server.
func (k *keylessPods) tokenOf(ctx context.Context, namespace, account string, audiences ...string) (string, error) {
	seconds := int64(600)
	t, err := requestToken(ctx, k.kube, namespace, account, authv1.TokenRequestSpec{Audiences: audiences, ExpirationSeconds: &seconds})
	return t.Token, err
}

// exchanger of the tenant's tokens.
func (k *keylessPods) exchanger() *exchanger {
	return &exchanger{
		identityProviderID: k.provider.Status.AtProvider.ID, serviceAccountID: k.rule.Status.AtProvider.ServiceAccountID, http: k.openAI,
		subject: func(ctx context.Context) (string, error) {
			return k.tokenOf(ctx, keylessTenant, keylessName, keylessAudience)
		},
	}
}
