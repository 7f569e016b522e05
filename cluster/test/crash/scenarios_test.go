// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A scenario is something that users do.
type scenario struct {
	name string

	// prepare creates the initial state, without faults. Nil: it is empty.
	prepare func(ctx context.Context, p *environment) error

	// trigger starts the scenario.
	trigger func(ctx context.Context, p *environment) error

	// desired is the state to converge to.
	desired desiredState

	// cleanUp removes what would count against a quota of the organization. Nil: nothing does.
	cleanUp func(ctx context.Context, p *environment) error

	// inUse are Secrets. At any time one of them must exist with a key that works.
	inUse []string

	// flags of the provider.
	flags []string

	// unlisted is the label of lists at OpenAI that are answered with 404 at first, and once more
	// after the fault. Empty: none.
	unlisted string

	// points selects points, and sets how often their faults happen. Nil: every request in every
	// mode, once.
	points func(point) (point, bool)
}

var oneKey = map[string]string{keyName: keyName}

var scenarios = slices.Concat(commonScenarios, deletionScenarios, listNotFoundScenarios, guardrailScenarios, workloadIdentityScenarios)

// commonScenarios cover the lifecycle of every object.
var commonScenarios = []scenario{
	{
		name: "create a Project",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newProject())
		},
		desired: desiredState{projects: []string{projectName}},
	},
	{
		name: "create a ProjectServiceAccount",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newAccount())
		},
		desired: desiredState{accounts: []string{accountName}},
	},
	{
		name: "create a ProjectAPIKey",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newKey())
		},
		desired: desiredState{keys: oneKey},
	},
	{
		name: "create all three by references",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.linkedObjects()...)
		},
		desired: desiredState{projects: []string{projectName}, accounts: []string{accountName}, keys: oneKey},
	},
	{
		name: "create a key while its Secret cannot be written",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newKey())
		},
		desired: desiredState{keys: oneKey},
		points: func(pt point) (point, bool) {
			pt.times = 4
			return pt, strings.Contains(pt.label, " secrets") && !pt.mode.kills()
		},
	},
	{
		name: "create a key under leader election",
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newKey())
		},
		desired: desiredState{keys: oneKey},
		flags:   []string{"--leader-election"},
		points: func(pt point) (point, bool) {
			// A killed leader's Lease takes 15 s to expire.
			return pt, pt.mode.kills() && (pt.side == openAI || strings.Contains(pt.label, " secrets"))
		},
	},
	{
		name:    "change scopes and expiry in place",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newKey(), `{"spec": {"forProvider": {"scopes": ["model.read"], "expiresIn": "48h"}}}`)
		},
		desired: desiredState{keys: oneKey, additional: inPlace([]string{"model.read"}, 48*time.Hour)},
		inUse:   []string{keyName},
	},
	{
		name:    "delete a key",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.delete(ctx, p.newKey())
		},
	},
	{
		name:    "delete a key that is just being created",
		trigger: createAndDelete(metav1.DeletePropagationBackground),
	},
	{
		name: "delete all three at once",
		prepare: func(ctx context.Context, p *environment) error {
			return prepareAll(ctx, p, nil)
		},
		trigger: func(ctx context.Context, p *environment) error {
			return p.delete(ctx, p.linkedObjects()...)
		},
	},
	{
		name: "adopt a key by its value",
		prepare: func(ctx context.Context, p *environment) error {
			k, err := p.openai.ServiceAccounts.APIKeys.New(ctx, p.project, p.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
				Name: openai.String("made-elsewhere"), Scopes: []string{"model.read"},
			})
			if err != nil {
				return fmt.Errorf("cannot make a key to adopt: %w", err)
			}
			p.before["id"], p.before["value"] = k.ID, k.Value
			return p.create(ctx, &corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: "existing"},
				StringData: map[string]string{"value": k.Value},
			})
		},
		trigger: func(ctx context.Context, p *environment) error {
			return p.create(ctx, p.newKey(func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "existing", Key: "value"}
			}))
		},
		desired: desiredState{keys: oneKey, additional: inPlace([]string{"model.read"}, 0)},
	},
	{
		name:    "Secret deleted by hand",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.delete(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: keyName}})
		},
		desired: desiredState{keys: oneKey, additional: replaced},
	},
	{
		name:    "Secret's value overwritten by hand",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: keyName}},
				`{"stringData": {"OPENAI_API_KEY": "sk-test-overwritten-by-hand"}}`)
		},
		desired: desiredState{keys: oneKey, additional: replaced},
	},
	{
		name:    "rotation by trigger",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newKey(), `{"spec": {"forProvider": {"rotation": {"trigger": "now"}}}}`)
		},
		desired: desiredState{keys: oneKey, additional: replaced},
		inUse:   []string{keyName},
	},
	{
		name: "rotation by interval",
		prepare: func(ctx context.Context, p *environment) error {
			if err := prepareKey(ctx, p, func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Interval: &metav1.Duration{Duration: 15 * time.Second}, Overlap: &metav1.Duration{Duration: 2 * time.Minute}}
			}); err != nil {
				return err
			}
			return p.await(ctx, "a rotation that is near", func(ctx context.Context) ([]finding, error) {
				cr := p.newKey()
				err := kube.Get(ctx, client.ObjectKeyFromObject(cr), cr)
				if next := cr.Status.AtProvider.NextRotation; next == nil || time.Until(next.Time) > time.Second {
					return []finding{{stuck, fmt.Sprintf("the next rotation is at %v", next)}}, err
				}
				return nil, err
			})
		},
		trigger: func(context.Context, *environment) error { return nil },
		desired: desiredState{keys: oneKey, additional: replaced},
		inUse:   []string{keyName},
	},
	{
		name: "rotation with a short overlap, to its end",
		prepare: func(ctx context.Context, p *environment) error {
			return prepareKey(ctx, p, func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: &metav1.Duration{Duration: 4 * time.Second}}
			})
		},
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newKey(), `{"spec": {"forProvider": {"rotation": {"trigger": "now"}}}}`)
		},
		desired: desiredState{keys: oneKey, additional: retired},
		inUse:   []string{keyName},
	},
	{
		name:    "change of name",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newKey(), `{"spec": {"forProvider": {"name": "renamed"}}}`)
		},
		desired: desiredState{keys: oneKey, additional: replaced},
		inUse:   []string{keyName},
	},
	{
		name:    "another Secret is named",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newKey(), `{"spec": {"writeConnectionSecretToRef": {"name": "other"}}}`)
		},
		desired: desiredState{keys: map[string]string{keyName: "other"}, additional: sameKeyIn("other")},
		inUse:   []string{keyName, "other"},
	},
	{
		name:    "the Delete policy is removed",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.patch(ctx, p.newKey(), `{"spec": {"managementPolicies": ["Observe", "Create", "Update"]}}`)
		},
		desired: desiredState{keys: oneKey, unowned: true, additional: sameKeyIn(keyName)},
		inUse:   []string{keyName},
	},
	{
		name: "orphan a key",
		prepare: func(ctx context.Context, p *environment) error {
			if err := p.create(ctx, p.newKey(func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate}
			})); err != nil {
				return err
			}
			if err := p.awaitState(ctx, desiredState{keys: oneKey, unowned: true}); err != nil {
				return err
			}
			return p.rememberKey(ctx)
		},
		trigger: func(ctx context.Context, p *environment) error {
			return p.delete(ctx, p.newKey())
		},
		desired: desiredState{orphans: []string{keyName}, additional: sameKeyIn(keyName)},
		inUse:   []string{keyName},
	},
	{
		// The provider sees both changes at once.
		name:    "orphan a key at the last moment",
		prepare: prepareOneKey,
		trigger: func(ctx context.Context, p *environment) error {
			return p.withoutProvider(ctx, func() error {
				if err := p.patch(ctx, p.newKey(), `{"spec": {"managementPolicies": ["Observe", "Create", "Update"]}}`); err != nil {
					return err
				}
				return p.delete(ctx, p.newKey())
			})
		},
		desired: desiredState{orphans: []string{keyName}, additional: sameKeyIn(keyName)},
		inUse:   []string{keyName},
	},
}

// inPlace checks that the key is the same as before, with these scopes and this expiry; 0: none.
func inPlace(scopes []string, expiresIn time.Duration) func(context.Context, *environment) ([]finding, error) {
	return func(ctx context.Context, p *environment) ([]finding, error) {
		s, err := p.secret(ctx, keyName)
		if err != nil {
			return nil, client.IgnoreNotFound(err)
		}
		k, _ := sim.KeyByValue(string(s.Data["OPENAI_API_KEY"]))
		var f []finding
		if k.ID != p.before["id"] || s.Annotations[annotationRetiring] != "" {
			f = append(f, finding{broken, fmt.Sprintf("key %q was replaced by %q", p.before["id"], k.ID)})
		}
		if diff := cmp.Diff(scopes, k.Scopes); diff != "" {
			f = append(f, finding{stuck, "scopes -want +got: " + diff})
		}
		left := k.ExpiresAt.Sub(sim.Now())
		if (expiresIn == 0) != k.ExpiresAt.IsZero() || expiresIn > 0 && (left > expiresIn || left < expiresIn-5*time.Minute) {
			f = append(f, finding{stuck, fmt.Sprintf("the key expires in %s, want %s", left, expiresIn)})
		}
		return f, nil
	}
}

// replaced checks that there is a new key, and that the previous one still works.
func replaced(ctx context.Context, p *environment) ([]finding, error) {
	s, err := p.secret(ctx, keyName)
	if err != nil {
		return nil, client.IgnoreNotFound(err)
	}
	if s.Annotations[annotationKeyID] == p.before["id"] {
		return []finding{{stuck, "the key was not replaced"}}, nil
	}
	if !sim.Works(p.before["value"]) {
		return []finding{{refused, fmt.Sprintf("the previous key %q was revoked while consumers still use it", p.before["id"])}}, nil
	}
	if !strings.Contains(s.Annotations[annotationRetiring], p.before["id"]) {
		return []finding{{leaked, fmt.Sprintf("the previous key %q is not retiring", p.before["id"])}}, nil
	}
	return nil, nil
}

// retired checks that there is a new key, and that the previous one was revoked after its overlap.
func retired(ctx context.Context, p *environment) ([]finding, error) {
	s, err := p.secret(ctx, keyName)
	if err != nil {
		return nil, client.IgnoreNotFound(err)
	}
	if s.Annotations[annotationKeyID] == p.before["id"] {
		return []finding{{stuck, "the key was not replaced"}}, nil
	}
	if _, there := sim.KeyByValue(p.before["value"]); there || s.Annotations[annotationRetiring] != "" {
		return []finding{{leaked, fmt.Sprintf("the previous key %q is there still, retiring: %s", p.before["id"], s.Annotations[annotationRetiring])}}, nil
	}
	return nil, nil
}

// sameKeyIn checks that a Secret holds the key from before the scenario.
func sameKeyIn(secret string) func(context.Context, *environment) ([]finding, error) {
	return func(ctx context.Context, p *environment) ([]finding, error) {
		s, err := p.secret(ctx, secret)
		if err != nil {
			return []finding{{dead, fmt.Sprintf("Secret %q cannot be read: %v", secret, err)}}, nil
		}
		if got := string(s.Data["OPENAI_API_KEY"]); got != p.before["value"] || s.Annotations[annotationKeyID] != p.before["id"] {
			return []finding{{broken, fmt.Sprintf("key %q was replaced by %q", p.before["id"], s.Annotations[annotationKeyID])}}, nil
		}
		return nil, nil
	}
}

// pointsOf lists the points of a scenario, given its requests.
func (s scenario) pointsOf(requests []request) []point {
	var out []point
	for _, r := range requests {
		for _, m := range r.modes() {
			pt, ok := point{request: r, mode: m, times: 1}, true
			if s.points != nil {
				pt, ok = s.points(pt)
			}
			// A repeated fault covers the requests that follow.
			if ok && (pt.times == 1 || r.nth == 1) {
				out = append(out, pt)
			}
		}
	}
	return slices.Clip(out)
}
