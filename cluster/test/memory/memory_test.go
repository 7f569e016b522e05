// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package memory runs the provider as a process, fills a namespace as a user with edit rights can,
// and measures the provider's memory.
//
//	go test -v ./cluster/test/memory -memory.secrets=1000
package memory

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
	"github.com/crossplane-contrib/provider-openai/cluster/test/rig"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var secrets = flag.Int("memory.secrets", 150, "how many Secrets of 1 MB there are")

const (
	// mostMiB is the provider's maximum memory, whatever tenants write. The example Deployment
	// limits it to 512 MiB.
	mostMiB = 150

	// size of each Secret in bytes, a little less than the API server's limit.
	size = 1_000_000

	namespace = "noisy"
	keyName   = "key"

	labelInUse = "openai.crossplane.io/in-use"
	labelOwner = "openai.crossplane.io/project-api-key-uid"

	// patience is the timeout for a condition. It decides no test: to relabel a thousand Secrets
	// takes etcd minutes.
	patience = 10 * time.Minute
)

// An environment is a control plane, a simulator and a provider.
type environment struct {
	kube     client.Client
	sim      *simulator.HTTP
	dir      string
	binary   string
	provider *process.Process
}

func newEnvironment(t *testing.T) *environment {
	t.Helper()
	r := &environment{dir: t.TempDir(), sim: simulator.NewHTTP()}
	t.Cleanup(r.sim.Close)
	r.binary = filepath.Join(r.dir, "provider")
	if err := process.Build(t.Context(), filepath.Join("..", "..", ".."), "./cmd/provider", r.binary); err != nil {
		t.Fatal(err)
	}
	ctrl.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	plane, err := rig.Start(t.Context(), rig.Options{ControllerManager: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Stop() })
	r.kube = plane.Kube
	if err := plane.WriteKubeConfig(filepath.Join(r.dir, "kubeconfig")); err != nil {
		t.Fatal(err)
	}
	return r
}

// start the provider.
func (r *environment) start(t *testing.T) {
	t.Helper()
	var err error
	r.provider, err = process.Start(t.Context(), process.Command{
		Path: r.binary, Log: filepath.Join(r.dir, "provider.log"),
		Args: []string{
			"--poll=10s", "--min-poll-interval=1s", "--leader-election-namespace=default", "--default-base-url=" + r.sim.BaseURL(),
			"--metrics-bind-address=0", "--health-probe-bind-address=0",
		},
		// Nothing of this process's environment, which may hold credentials of the developer.
		Env: []string{"KUBECONFIG=" + filepath.Join(r.dir, "kubeconfig"), "HOME=" + r.dir},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.provider.Kill)
}

// await a condition while the provider runs.
func (r *environment) await(t *testing.T, what string, is func(ctx context.Context) (bool, error)) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 100*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		if r.provider != nil && !r.provider.Running() {
			return false, errors.New("the provider ended by itself")
		}
		return is(ctx)
	})
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(r.dir, "provider.log"))
		t.Fatalf("%s did not come about: %v\nlog:\n%s", what, err, log[max(0, len(log)-4000):])
	}
}

// create objects.
func (r *environment) create(t *testing.T, objects ...client.Object) {
	t.Helper()
	for _, o := range objects {
		if err := r.kube.Create(t.Context(), o); err != nil {
			t.Fatalf("cannot create %T %q: %v", o, o.GetName(), err)
		}
	}
}

// key returns a ProjectAPIKey that uses the namespace's ProviderConfig, and creates its project and
// account at OpenAI.
func (r *environment) key(t *testing.T, name string) *v1alpha1.ProjectAPIKey {
	t.Helper()
	project, account, err := admin.NewProject(t.Context(), admin.Projects(r.sim.BaseURL()), name, name)
	if err != nil {
		t.Fatal(err)
	}
	cr := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ProviderConfigKind, Name: "own"}
	cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name}
	// Without the Delete policy the Secret remains, and is released by name.
	cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate}
	cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &project, &account
	return cr
}

// fill the namespace with Secrets that have the provider's labels.
func (r *environment) fill(t *testing.T, owner string) {
	t.Helper()
	junk := make([]byte, size)
	_, _ = rand.Read(junk) // never fails
	var wg sync.WaitGroup
	next := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range next {
				s := &corev1.Secret{
					ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("junk-%d", i), Labels: map[string]string{labelInUse: "true", labelOwner: owner}},
					Type:       resource.SecretTypeConnection, Data: map[string][]byte{"junk": junk},
				}
				if err := r.kube.Create(t.Context(), s); err != nil {
					t.Errorf("cannot create a Secret: %v", err)
				}
			}
		})
	}
	for i := range *secrets {
		next <- i
	}
	close(next)
	wg.Wait()
}

// inUse counts the Secrets that are labeled as credentials in use.
func (r *environment) inUse(ctx context.Context) (int, error) {
	l := &metav1.PartialObjectMetadataList{}
	l.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("SecretList"))
	err := r.kube.List(ctx, l, client.InNamespace(namespace), client.MatchingLabels{labelInUse: "true"})
	return len(l.Items), err
}

// holds reports whether the Secret of a ProjectAPIKey holds a value, other than a given one.
func (r *environment) holds(ctx context.Context, other string) (value string, ok bool, err error) {
	s := &corev1.Secret{}
	err = r.kube.Get(ctx, client.ObjectKey{Namespace: namespace, Name: keyName}, s)
	value = string(s.Data["OPENAI_API_KEY"])
	return value, value != "" && value != other, client.IgnoreNotFound(err)
}

// TestSecretsWithTheProvidersLabelsCostNoMemory shows that Secrets which look like the provider's
// neither get it killed nor delay it: at the start, when it searches for unused credentials, and
// for a key's Secret.
func TestSecretsWithTheProvidersLabelsCostNoMemory(t *testing.T) {
	r := newEnvironment(t)
	pc := &v1alpha1.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "own"}}
	pc.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: admin.SecretName, Key: admin.SecretKey}
	r.create(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, pc,
		admin.Secret(namespace, simulator.DefaultAdminKey))
	cr := r.key(t, keyName)
	r.create(t, cr)
	r.fill(t, string(cr.GetUID()))

	r.start(t)
	var first string
	r.await(t, "the key's Secret", func(ctx context.Context) (ok bool, err error) {
		first, ok, err = r.holds(ctx, "")
		return ok, err
	})
	r.await(t, "the removal of labels from what are no credentials", func(ctx context.Context) (bool, error) {
		n, err := r.inUse(ctx)
		return n == 1, err
	})

	// The provider searches for a Secret with another name that has the key.
	if err := r.kube.Delete(t.Context(), &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: keyName}}); err != nil {
		t.Fatal(err)
	}
	r.await(t, "another key after the Secret was deleted", func(ctx context.Context) (ok bool, err error) {
		_, ok, err = r.holds(ctx, first)
		return ok, err
	})

	// The provider releases the Secret, whatever its name is.
	if err := r.kube.Delete(t.Context(), cr); err != nil {
		t.Fatal(err)
	}
	r.await(t, "the end of the object", func(ctx context.Context) (bool, error) {
		err := r.kube.Get(ctx, client.ObjectKeyFromObject(cr), cr)
		return kerrors.IsNotFound(err), client.IgnoreNotFound(err)
	})
	r.await(t, "the release of the credentials", func(ctx context.Context) (bool, error) {
		n, err := r.inUse(ctx)
		return n == 0, err
	})
	s := &corev1.Secret{}
	if err := r.kube.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: keyName}, s); err != nil || meta.GetExternalName(s) != "" {
		t.Errorf("the Secret of a key that stays valid: %v", err)
	}

	usage, err := r.provider.Usage()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d Secrets of %s MB: the provider's peak is %.0f MiB", *secrets, strings.TrimSuffix(fmt.Sprintf("%.1f", float64(size)/1e6), ".0"), usage.PeakMiB)
	if usage.PeakMiB > mostMiB {
		t.Errorf("peak memory: want at most %d MiB, got %.0f", mostMiB, usage.PeakMiB)
	}
}
