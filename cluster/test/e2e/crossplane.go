// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	authv1 "k8s.io/api/authentication/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

const (
	// clientTLS is the name of core's Secret with the client certificate that functions require.
	clientTLS = "crossplane-tls-client"

	// rbacMetrics is the address of the RBAC manager's metrics. No flag changes it.
	rbacMetrics = ":8080"

	// circuitBreakerBurst is how many events of composed resources core takes at once before it
	// ignores them until its next poll. The platform example has more of them than the default of
	// 100, and each composite resource would be Ready a minute late.
	circuitBreakerBurst = "1000"

	// tokenSeconds is the lifetime of tokens, which is longer than a run.
	tokenSeconds = 3600
)

// startCrossplane does what Crossplane's Helm chart does, except that core and the RBAC manager are
// processes. Core has the chart's permissions, so that a missing permission fails here as in a
// cluster.
func (w *environment) startCrossplane(ctx context.Context) error {
	if err := w.applyFile(ctx, filepath.Join("cluster", "test", "e2e", "testdata", "crossplane.yaml")); err != nil {
		return err
	}
	path, err := controlplane.Tool(ctx, "crossplane")
	if err != nil {
		return err
	}
	admin := filepath.Join(w.dir, "admin.kubeconfig")
	if err := w.plane.WriteKubeConfig(admin); err != nil {
		return err
	}
	crds, err := moduleDir(ctx, "crossplane", "github.com/crossplane/crossplane/v2")
	if err != nil {
		return err
	}
	env := []string{"HOME=" + w.dir, "ENABLE_WEBHOOKS=false"}
	if err := w.initialise(ctx, path, append(env, "KUBECONFIG="+admin, "CRDS_PATH="+filepath.Join(crds, "cluster", "crds"),
		"TLS_CA_SECRET_NAME=crossplane-root-ca", "TLS_CLIENT_SECRET_NAME="+clientTLS)); err != nil {
		return err
	}
	certs := filepath.Join(w.dir, clientTLS)
	if err := w.writeSecret(ctx, systemNamespace, clientTLS, certs); err != nil {
		return err
	}

	if err := w.startRBAC(ctx, path, append(env, "KUBECONFIG="+admin)); err != nil {
		return err
	}
	kubeconfig := filepath.Join(w.dir, "crossplane.kubeconfig")
	if err := w.writeKubeConfig(ctx, kubeconfig, systemNamespace, "crossplane", nil); err != nil {
		return err
	}
	// Core calls functions by the names of their Services, which are resolved by a cluster's DNS
	// and network. This proxy replaces both.
	env = append(env, "KUBECONFIG="+kubeconfig, "HTTPS_PROXY="+w.network.url())
	return w.startCore(ctx, path, certs, env)
}

// initialise the cluster. Like the chart's init container it is repeated until it succeeds, because
// it uses CRDs that it has just created.
func (w *environment) initialise(ctx context.Context, path string, env []string) error {
	log, err := os.Create(w.log("crossplane-init"))
	if err != nil {
		return fmt.Errorf("cannot make a log for crossplane core init: %w", err)
	}
	defer func() { _ = log.Close() }()
	return await(ctx, func(ctx context.Context) (string, error) {
		cmd := exec.CommandContext(ctx, path, "core", "init")
		cmd.Env, cmd.Stdout, cmd.Stderr = env, log, log
		if err := cmd.Run(); err != nil {
			return fmt.Sprintf("crossplane core init fails, see %q: %v", log.Name(), err), nil
		}
		return "", nil
	})
}

func (w *environment) startRBAC(ctx context.Context, path string, env []string) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", rbacMetrics)
	if err != nil {
		return fmt.Errorf("port 8080 is taken, and Crossplane's RBAC manager has no flag for another: end what listens there: %w", err)
	}
	if err := l.Close(); err != nil {
		return err
	}
	rbac, err := process.Start(ctx, process.Command{
		Path: path, Name: "crossplane rbac", Log: w.log("crossplane-rbac"), Args: []string{"rbac", "start", "--debug"}, Env: env,
	})
	if err != nil {
		return err
	}
	w.processes = append(w.processes, rbac)
	return nil
}

func (w *environment) startCore(ctx context.Context, path, certs string, env []string) error {
	var ports []string
	for range 3 {
		address, err := process.FreeAddress(ctx)
		if err != nil {
			return err
		}
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		ports = append(ports, port)
	}
	cache := filepath.Join(w.dir, "cache")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return fmt.Errorf("cannot make a folder for packages: %w", err)
	}
	core, err := process.Start(ctx, process.Command{
		Path: path, Name: "crossplane core", Log: w.log("crossplane-core"),
		Args: []string{"core", "start", "--debug", "--circuit-breaker-burst=" + circuitBreakerBurst},
		Env: append(env, "CACHE_DIR="+cache, "TLS_CLIENT_SECRET_NAME="+clientTLS, "TLS_CLIENT_CERTS_DIR="+certs,
			"METRICS_PORT="+ports[0], "HEALTH_PROBE_PORT="+ports[1], "WEBHOOK_PORT="+ports[2]),
	})
	if err != nil {
		return err
	}
	w.processes = append(w.processes, core)
	return core.Await(ctx, process.Answers(http.DefaultClient, "http://127.0.0.1:"+ports[1]+"/readyz"))
}

// moduleDir is the folder with the source of a tool's module.
func moduleDir(ctx context.Context, tool, module string) (string, error) {
	out, err := execute(ctx, filepath.Join("cluster", "tools", tool), "go", "list", "-mod=mod", "-m", "-f", "{{.Dir}}", module)
	if err != nil {
		return "", err
	}
	dir := strings.TrimSpace(out)
	if dir == "" {
		return "", fmt.Errorf("the source of module %q is not in the module cache: run \"go mod download %[1]s\" in cluster/tools/%s", module, tool)
	}
	return dir, nil
}

// writeKubeConfig writes a kubeconfig for a ServiceAccount. Its only credential is a token of the
// ServiceAccount, bound to the pod if there is one.
func (w *environment) writeKubeConfig(ctx context.Context, path, namespace, account string, pod *authv1.BoundObjectReference) error {
	seconds := int64(tokenSeconds)
	token, err := requestToken(ctx, w.kube, namespace, account, authv1.TokenRequestSpec{ExpirationSeconds: &seconds, BoundObjectRef: pod})
	if err != nil {
		return err
	}
	c := clientcmdapi.NewConfig()
	c.Clusters[account] = &clientcmdapi.Cluster{Server: w.plane.Config.Host, CertificateAuthorityData: w.plane.Config.CAData}
	c.AuthInfos[account] = &clientcmdapi.AuthInfo{Token: token.Token}
	c.Contexts[account] = &clientcmdapi.Context{Cluster: account, AuthInfo: account, Namespace: namespace}
	c.CurrentContext = account
	if err := clientcmd.WriteToFile(*c, path); err != nil {
		return fmt.Errorf("cannot write a kubeconfig for ServiceAccount %q: %w", account, err)
	}
	return nil
}
