// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// startControllerManager starts kube-controller-manager: envtest knows how to run etcd and
// kube-apiserver only.
func (c *ControlPlane) startControllerManager(ctx context.Context, more []string) (*process.Process, error) {
	path, err := Program(ctx, "kube-controller-manager")
	if err != nil {
		return nil, err
	}
	if err := c.WriteKubeConfig(controllerManagerKubeConfig(c.StateDir)); err != nil {
		return nil, err
	}
	address, err := process.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	p, err := process.Start(ctx, process.Command{
		Path: path,
		Log:  filepath.Join(c.LogDir, "kube-controller-manager.log"),
		Args: []string{
			"--kubeconfig=" + controllerManagerKubeConfig(c.StateDir),
			"--controllers=" + strings.Join(append([]string{"garbage-collector-controller", "namespace-controller"}, more...), ","),
			"--leader-elect=false",
			"--kube-api-qps=500", "--kube-api-burst=1000",
			"--bind-address=" + host, "--secure-port=" + port,
			"--cert-dir=" + controllerManagerDir(c.StateDir),
		},
		Env: []string{},
	})
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		// kube-controller-manager has a self-signed certificate.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // Loopback only, and no secret is sent.
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Second}
	err = p.Await(ctx, process.Answers(client, "https://"+address+"/healthz"))
	return p, err
}

func controllerManagerDir(stateDir string) string {
	return filepath.Join(stateDir, "controller-manager")
}

func controllerManagerKubeConfig(stateDir string) string {
	return filepath.Join(controllerManagerDir(stateDir), "kubeconfig")
}
