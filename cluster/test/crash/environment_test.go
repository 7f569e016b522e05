// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// Names of the objects of most scenarios.
const (
	projectName = "project"
	accountName = "account"
	keyName     = "key"
)

const (
	// patience is how long a state is awaited. It decides no test: what is awaited
	// comes within seconds, or never.
	patience = 75 * time.Second
	pause    = 150 * time.Millisecond
)

// An environment is for one replay: a namespace with a ClusterProviderConfig of the same name, and
// at OpenAI a project with a service account that were created outside of the provider.
type environment struct {
	namespace string
	project   string
	account   string
	openai    openai.AdminOrganizationProjectService
	tap       *tap
	provider  *provider

	// before has values of the state before the scenario began.
	before map[string]string
}

// newEnvironment creates an environment whose provider reaches OpenAI at a base URL.
func newEnvironment(ctx context.Context, baseURL func(namespace string) (string, error)) (*environment, error) {
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "replay-"}}
	if err := kube.Create(ctx, ns); err != nil {
		return nil, fmt.Errorf("cannot make a namespace: %w", err)
	}
	p := &environment{
		namespace: ns.Name,
		before:    map[string]string{},
		openai:    admin.Projects(sim.BaseURL()),
	}
	base, err := baseURL(ns.Name)
	if err != nil {
		return nil, err
	}
	if err := p.create(ctx, admin.Config(ns.Name, ns.Name, base), admin.Secret(ns.Name, simulator.DefaultAdminKey)); err != nil {
		return nil, err
	}
	p.project, p.account, err = admin.NewProject(ctx, p.openai, p.namespace, "made-elsewhere")
	return p, err
}

func (p *environment) configRef() *xpv2.ProviderConfigReference {
	return &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: p.namespace}
}

// newProject returns a Project with a name that is unique at OpenAI.
func (p *environment) newProject() *v1alpha1.Project {
	name := p.namespace + "-project"
	cr := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: projectName}}
	cr.Spec.ProviderConfigReference = p.configRef()
	cr.Spec.ForProvider.Name = &name
	return cr
}

func (p *environment) newAccount() *v1alpha1.ProjectServiceAccount {
	cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: accountName}}
	cr.Spec.ProviderConfigReference = p.configRef()
	cr.Spec.ForProvider.ProjectID = &p.project
	return cr
}

func (p *environment) newKey(mods ...func(*v1alpha1.ProjectAPIKey)) *v1alpha1.ProjectAPIKey {
	cr := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: keyName}}
	cr.Spec.ProviderConfigReference = p.configRef()
	cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: keyName}
	cr.Spec.ForProvider.ProjectID = &p.project
	cr.Spec.ForProvider.ServiceAccountID = &p.account
	for _, mod := range mods {
		mod(cr)
	}
	return cr
}

// linkedObjects returns a Project, a ProjectServiceAccount and a ProjectAPIKey that refer to each
// other, dependents first, as kubectl apply may create them.
func (p *environment) linkedObjects() []client.Object {
	account := p.newAccount()
	account.Spec.ForProvider.ProjectID = nil
	account.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: projectName}
	key := p.newKey(func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = nil, nil
		cr.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: projectName}
		cr.Spec.ForProvider.ServiceAccountIDRef = &xpv2.NamespacedReference{Name: accountName}
	})
	return []client.Object{key, account, p.newProject()}
}

func (p *environment) create(ctx context.Context, objects ...client.Object) error {
	for _, o := range objects {
		if err := kube.Create(ctx, o); err != nil {
			return fmt.Errorf("cannot create %T %q: %w", o, o.GetName(), err)
		}
	}
	return nil
}

func (p *environment) delete(ctx context.Context, objects ...client.Object) error {
	for _, o := range objects {
		if err := kube.Delete(ctx, o); err != nil {
			return fmt.Errorf("cannot delete %T %q: %w", o, o.GetName(), err)
		}
	}
	return nil
}

// patch an object as kubectl patch --type=merge does.
func (p *environment) patch(ctx context.Context, o client.Object, patch string) error {
	if err := kube.Patch(ctx, o, client.RawPatch(types.MergePatchType, []byte(patch))); err != nil {
		return fmt.Errorf("cannot patch %T %q with %s: %w", o, o.GetName(), patch, err)
	}
	return nil
}

func (p *environment) secret(ctx context.Context, name string) (*corev1.Secret, error) {
	s := &corev1.Secret{}
	if err := kube.Get(ctx, types.NamespacedName{Namespace: p.namespace, Name: name}, s); err != nil {
		return nil, err
	}
	return s, nil
}

// rememberKey stores the key of the Secret in before.
func (p *environment) rememberKey(ctx context.Context) error {
	s, err := p.secret(ctx, keyName)
	if err != nil {
		return fmt.Errorf("cannot read the Secret: %w", err)
	}
	p.before["value"] = string(s.Data["OPENAI_API_KEY"])
	p.before["id"] = s.Annotations[annotationKeyID]
	return nil
}

// await that a check has no findings.
func (p *environment) await(ctx context.Context, what string, check func(context.Context) ([]finding, error)) error {
	last := []finding{{broken, "it was not checked"}}
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		if err := p.provider.died(); err != nil {
			return false, err
		}
		found, err := check(ctx)
		if err != nil {
			// On a timeout, the last findings are the error.
			return false, err
		}
		last = found
		return len(last) == 0, nil
	})
	if wait.Interrupted(err) {
		return &notConvergedError{what: what, findings: last}
	}
	return err
}

// A notConvergedError has the findings at the time of a timeout.
type notConvergedError struct {
	what     string
	findings []finding
}

func (e *notConvergedError) Error() string {
	texts := make([]string, 0, len(e.findings))
	for _, f := range e.findings {
		texts = append(texts, f.String())
	}
	return e.what + " did not come about: " + strings.Join(texts, "; ")
}

func findingsOf(err error) []finding {
	var u *notConvergedError
	if errors.As(err, &u) {
		return u.findings
	}
	return []finding{{broken, err.Error()}}
}

// synced returns why an object is not Ready and Synced in its current generation; empty: it is.
func synced(o resource.Managed) string {
	ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
	switch {
	case synced.Status != corev1.ConditionTrue:
		return fmt.Sprintf("not Synced: %s %s", synced.Reason, synced.Message)
	case synced.ObservedGeneration != o.GetGeneration():
		return "not Synced in its present generation"
	case ready.Status != corev1.ConditionTrue:
		return fmt.Sprintf("not Ready: %s %s", ready.Reason, ready.Message)
	}
	return ""
}
