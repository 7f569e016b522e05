// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

const (
	annotationKeyID    = "openai.crossplane.io/key-id"
	annotationRetiring = "openai.crossplane.io/retiring-keys"
)

// A finding is a defect of the state after a replay.
type finding struct {
	kind fault
	text string
}

func (f finding) String() string { return string(f.kind) + ": " + f.text }

// A fault is a kind of finding.
type fault string

const (
	// leaked: a key lives that no Secret holds and that is not retiring.
	leaked fault = "leaked key"
	// dead: a Secret's key does not authenticate.
	dead fault = "dead secret"
	// stuck: an object is not what it should be, or still there.
	stuck fault = "stuck"
	// duplicate: more resources at OpenAI than objects.
	duplicate fault = "duplicate"
	// revealed: a key was found outside Secrets.
	revealed fault = "key revealed"
	// refused: a consumer's key was refused.
	refused fault = "refused use"
	// broken: anything else.
	broken fault = "broken"
)

// desiredState is the state that a scenario converges to.
type desiredState struct {
	projects []string
	accounts []string

	// keys are the names of ProjectAPIKeys, with the names of their Secrets.
	keys map[string]string

	// unowned reports that the Secrets are not owned by their ProjectAPIKeys.
	unowned bool

	// orphans are Secrets that outlive their objects.
	orphans []string

	// additional checks for this scenario only.
	additional func(ctx context.Context, p *environment) ([]finding, error)
}

// An inspection collects findings about an environment.
type inspection struct {
	*environment
	findings []finding

	// rightful are the IDs of keys that may be live.
	rightful map[string]bool
}

func (v *inspection) find(f fault, format string, args ...any) {
	v.findings = append(v.findings, finding{f, fmt.Sprintf(format, args...)})
}

// judge compares an environment with its desired state. It always makes all checks, so that a
// failure shows all consequences.
func (p *environment) judge(ctx context.Context, w desiredState) ([]finding, error) {
	v := &inspection{environment: p, rightful: map[string]bool{}}
	for _, look := range []func(context.Context, desiredState) error{v.projects, v.accounts, v.keys, v.secrets, v.atOpenAI} {
		if err := look(ctx, w); err != nil {
			return nil, err
		}
	}
	if len(v.findings) == 0 && w.additional != nil {
		return w.additional(ctx, p)
	}
	return v.findings, nil
}

// managed checks that exactly the desired objects of a kind exist, and that they are Ready and
// Synced.
func managed[L client.ObjectList, M resource.Managed](ctx context.Context, v *inspection, list L, items func() []M, want []string) error {
	if err := kube.List(ctx, list, client.InNamespace(v.namespace)); err != nil {
		return fmt.Errorf("cannot list: %w", err)
	}
	there := map[string]bool{}
	for _, o := range items() {
		there[o.GetName()] = true
		if !slices.Contains(want, o.GetName()) {
			v.find(stuck, "%T %q is still there, with finalizers %v: %s", o, o.GetName(), o.GetFinalizers(), synced(o))
			continue
		}
		if why := synced(o); why != "" {
			v.find(stuck, "%T %q is %s", o, o.GetName(), why)
		}
		if !o.GetDeletionTimestamp().IsZero() {
			v.find(stuck, "%T %q is being deleted", o, o.GetName())
		}
	}
	for _, name := range want {
		if !there[name] {
			v.find(stuck, "%T %q is missing", *new(M), name)
		}
	}
	return nil
}

func (v *inspection) projects(ctx context.Context, w desiredState) error {
	l := &v1alpha1.ProjectList{}
	return managed(ctx, v, l, func() []*v1alpha1.Project { return pointers(l.Items) }, w.projects)
}

func (v *inspection) accounts(ctx context.Context, w desiredState) error {
	l := &v1alpha1.ProjectServiceAccountList{}
	return managed(ctx, v, l, func() []*v1alpha1.ProjectServiceAccount { return pointers(l.Items) }, w.accounts)
}

func (v *inspection) keys(ctx context.Context, w desiredState) error {
	l := &v1alpha1.ProjectAPIKeyList{}
	names := slices.Collect(maps.Keys(w.keys))
	if err := managed(ctx, v, l, func() []*v1alpha1.ProjectAPIKey { return pointers(l.Items) }, names); err != nil {
		return err
	}
	for _, cr := range pointers(l.Items) {
		secret, ok := w.keys[cr.GetName()]
		if !ok {
			continue
		}
		if err := v.key(ctx, cr, secret, !w.unowned); err != nil {
			return err
		}
	}
	return nil
}

// key checks that a ProjectAPIKey and its Secret agree on a key that works.
func (v *inspection) key(ctx context.Context, cr *v1alpha1.ProjectAPIKey, secret string, owned bool) error {
	s, err := v.secret(ctx, secret)
	if kerrors.IsNotFound(err) {
		v.find(dead, "Secret %q is missing", secret)
		return nil
	}
	if err != nil {
		return err
	}
	current := v.holds(s)
	if current == "" {
		return nil
	}
	if got := metav1.IsControlledBy(s, cr); got != owned {
		v.find(stuck, "whether Secret %q goes with its ProjectAPIKey is %t, want %t", secret, got, owned)
	}
	if got := meta.GetExternalName(cr); got != current {
		v.find(stuck, "the external name is %q, and the Secret holds %q", got, current)
	}
	if got := cr.Status.AtProvider.ID; got != current {
		v.find(stuck, "the status shows %q, and the Secret holds %q", got, current)
	}
	reported := map[string]bool{}
	for _, r := range cr.Status.AtProvider.Retiring {
		reported[r.ID] = true
	}
	retiring, err := v.retiring(s)
	if err != nil {
		return err
	}
	if !maps.Equal(reported, retiring) {
		v.find(stuck, "the status shows retiring keys %v, and the Secret %v", reported, retiring)
	}
	return nil
}

// holds returns the ID of the key in a Secret. The key must work and be the one that the
// annotations name.
func (v *inspection) holds(s *corev1.Secret) string {
	value := string(s.Data["OPENAI_API_KEY"])
	k, ok := sim.KeyByValue(value)
	if !ok || !sim.Works(value) {
		v.find(dead, "Secret %q holds no key that OpenAI accepts (known: %t), and names %q", s.Name, ok, s.Annotations[annotationKeyID])
		return ""
	}
	if named := s.Annotations[annotationKeyID]; named != k.ID {
		v.find(stuck, "Secret %q holds key %q and names %q", s.Name, k.ID, named)
	}
	v.rightful[k.ID] = true
	return k.ID
}

// retiring returns the keys that a Secret lists as retiring. A key may retire, instead of being
// revoked at once, only if a consumer can have read it.
func (v *inspection) retiring(s *corev1.Secret) (map[string]bool, error) {
	ids := map[string]bool{}
	text, ok := s.Annotations[annotationRetiring]
	if !ok {
		return ids, nil
	}
	var at map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return nil, fmt.Errorf("cannot read annotation %q of Secret %q: %w", annotationRetiring, s.Name, err)
	}
	readable := map[string]bool{v.before["id"]: true}
	for _, value := range v.tap.everCommitted() {
		if k, ok := sim.KeyByValue(value); ok {
			readable[k.ID] = true
		}
	}
	for id := range at {
		ids[id] = true
		if readable[id] {
			v.rightful[id] = true
		}
	}
	return ids, nil
}

// secrets checks that only desired Secrets exist.
func (v *inspection) secrets(ctx context.Context, w desiredState) error {
	l := &corev1.SecretList{}
	if err := kube.List(ctx, l, client.InNamespace(v.namespace)); err != nil {
		return fmt.Errorf("cannot list Secrets: %w", err)
	}
	wanted := slices.Collect(maps.Values(w.keys))
	for i := range l.Items {
		s := &l.Items[i]
		switch {
		case s.Type != resource.SecretTypeConnection || slices.Contains(wanted, s.Name):
		case slices.Contains(w.orphans, s.Name):
			v.holds(s)
			if _, err := v.retiring(s); err != nil {
				return err
			}
			if len(s.OwnerReferences) > 0 {
				v.find(stuck, "orphaned Secret %q has owners, with which it goes: %v", s.Name, s.OwnerReferences)
			}
		default:
			v.find(stuck, "Secret %q is still there", s.Name)
		}
	}
	return nil
}

// atOpenAI checks that nothing is left at OpenAI that no object manages.
func (v *inspection) atOpenAI(ctx context.Context, w desiredState) error {
	projects, err := v.ownProjects(ctx)
	if err != nil {
		return err
	}
	// One project was created with the environment.
	if got, want := len(projects), 1+len(w.projects); got != want {
		v.find(duplicate, "%d projects at OpenAI, want %d: %v", got, want, projects)
	}
	accounts := 0
	for _, project := range projects {
		pages := v.openai.ServiceAccounts.ListAutoPaging(ctx, project, openai.AdminOrganizationProjectServiceAccountListParams{})
		for pages.Next() {
			accounts++
		}
		if err := pages.Err(); err != nil {
			// The project may have been archived since it was listed.
			v.find(broken, "cannot list the service accounts of project %q: %v", project, err)
		}
		for _, k := range sim.LiveKeys(project) {
			if !v.rightful[k.ID] {
				v.find(leaked, "key %q (%s, %s) of project %q lives, made %s", k.ID, k.Name, k.RedactedValue, project, k.CreatedAt.Format("15:04:05"))
			}
		}
	}
	if want := 1 + len(w.accounts); accounts != want {
		v.find(duplicate, "%d service accounts at OpenAI, want %d", accounts, want)
	}
	return nil
}

// ownProjects lists the active projects of this environment, whoever created them.
func (p *environment) ownProjects(ctx context.Context) ([]string, error) {
	ids := []string{p.project}
	pages := p.openai.ListAutoPaging(ctx, openai.AdminOrganizationProjectListParams{Limit: openai.Int(100)})
	for pages.Next() {
		if o := pages.Current(); strings.HasPrefix(o.Name, p.namespace+"-") && o.Status == "active" {
			ids = append(ids, o.ID)
		}
	}
	if err := pages.Err(); err != nil {
		return nil, fmt.Errorf("cannot list projects: %w", err)
	}
	return ids, nil
}

func pointers[T any](items []T) []*T {
	out := make([]*T, len(items))
	for i := range items {
		out[i] = &items[i]
	}
	return out
}
