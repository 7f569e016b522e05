// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

const (
	// projectCount is the number of projects, and of namespaces, over which the keys are spread.
	projectCount = 10

	// systemNamespace is the provider's own namespace.
	systemNamespace = "bench-system"

	configName = "default"

	// administrators may do everything, and are exempt from the API server's fair queueing.
	administrators = "system:masters"
)

// An environment is for the measurement of one column: a new control plane, and a new organization
// at OpenAI.
type environment struct {
	dir     string
	state   string // folder of the control plane
	plane   *controlplane.ControlPlane
	scheme  *runtime.Scheme
	kube    client.Client
	floor   client.Client
	audit   *auditLog
	openai  *openAI
	parents []parent
}

// A parent is a project with the service account of all its keys.
type parent struct {
	namespace, project, account string
}

// newEnvironment starts a control plane whose files and logs are in dir.
func newEnvironment(ctx context.Context, dir string) (p *environment, err error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("cannot delete the results of an earlier run: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("cannot make a folder for logs: %w", err)
	}
	apiServer, err := controlplane.Program(ctx, "kube-apiserver")
	if err != nil {
		return nil, err
	}
	etcd, err := controlplane.Program(ctx, "etcd")
	if err != nil {
		return nil, err
	}
	state := filepath.Join(dir, "control-plane")
	assets, log, err := prepareAudit(state, apiServer)
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(etcd, filepath.Join(assets, "etcd")); err != nil {
		return nil, fmt.Errorf("cannot link etcd: %w", err)
	}
	restore, err := useAssets(assets)
	if err != nil {
		return nil, err
	}
	defer restore()

	p = &environment{dir: dir, state: state, audit: log, openai: newOpenAI()}
	defer func() { //nolint:contextcheck // Stop goes on when the context has ended.
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.plane, err = controlplane.Start(ctx, controlplane.Options{
		CRDDirectories: []string{filepath.Join("package", "crds")},
		StateDir:       state,
		LogDir:         dir,
	}); err != nil {
		return p, err
	}
	err = p.prepare(ctx)
	return p, err
}

// useAssets makes the control plane use the programs of a folder.
func useAssets(dir string) (restore func(), err error) {
	const variable = "KUBEBUILDER_ASSETS"
	before, set := os.LookupEnv(variable)
	if err := os.Setenv(variable, dir); err != nil {
		return nil, fmt.Errorf("cannot set %s: %w", variable, err)
	}
	return func() {
		if set {
			_ = os.Setenv(variable, before)
			return
		}
		_ = os.Unsetenv(variable)
	}, nil
}

func (p *environment) close() error {
	var err error
	if p.plane != nil {
		err = p.plane.Stop()
		// The data and the audit log are large, and the credentials are not needed any more.
		err = errors.Join(err, os.RemoveAll(p.plane.StateDir))
	}
	p.openai.close()
	return err
}

// prepare creates what has to exist before the keys: users, namespaces, credentials, and projects
// with service accounts at OpenAI.
func (p *environment) prepare(ctx context.Context) error {
	p.scheme = runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(p.scheme); err != nil {
			return fmt.Errorf("cannot make the scheme: %w", err)
		}
	}
	var err error
	if p.kube, err = client.New(p.plane.Config, client.Options{Scheme: p.scheme}); err != nil {
		return fmt.Errorf("cannot make a client for the control plane: %w", err)
	}
	config, err := p.plane.AddUser(userFloor, administrators)
	if err != nil {
		return err
	}
	if p.floor, err = client.New(config, client.Options{Scheme: p.scheme}); err != nil {
		return fmt.Errorf("cannot make a client for the floor: %w", err)
	}
	if config, err = p.plane.AddUser(userProvider, administrators); err != nil {
		return err
	}
	if err := writeKubeConfig(p.kubeConfig(), config); err != nil {
		return err
	}
	if err := p.prepareKubernetes(ctx); err != nil {
		return err
	}
	return p.prepareOpenAI(ctx)
}

func (p *environment) kubeConfig() string { return filepath.Join(p.plane.StateDir, "kubeconfig") }

func writeKubeConfig(path string, c *rest.Config) error {
	config := clientcmdapi.NewConfig()
	config.Clusters[configName] = &clientcmdapi.Cluster{Server: c.Host, CertificateAuthorityData: c.CAData}
	config.AuthInfos[configName] = &clientcmdapi.AuthInfo{ClientCertificateData: c.CertData, ClientKeyData: c.KeyData}
	config.Contexts[configName] = &clientcmdapi.Context{Cluster: configName, AuthInfo: configName, Namespace: systemNamespace}
	config.CurrentContext = configName
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		return fmt.Errorf("cannot write the provider's kubeconfig: %w", err)
	}
	return nil
}

func (p *environment) prepareKubernetes(ctx context.Context) error {
	objects := []client.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: systemNamespace}}}
	for i := range projectCount {
		objects = append(objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace(i)}})
	}
	objects = append(objects, admin.Secret(systemNamespace, simulator.DefaultAdminKey), admin.Config(configName, systemNamespace, p.openai.baseURL()))
	for _, o := range objects {
		if err := p.kube.Create(ctx, o); err != nil {
			return fmt.Errorf("cannot create %T %q: %w", o, o.GetName(), err)
		}
	}
	return nil
}

func namespace(i int) string { return "team-" + strconv.Itoa(i) }

func (p *environment) prepareOpenAI(ctx context.Context) error {
	projects := admin.Projects(p.openai.baseURL())
	for i := range projectCount {
		project, account, err := admin.NewProject(ctx, projects, namespace(i), "bench")
		if err != nil {
			return err
		}
		p.parents = append(p.parents, parent{namespace: namespace(i), project: project, account: account})
	}
	p.openai.take()
	return nil
}
