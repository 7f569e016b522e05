// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// pollInterval is how often a condition is looked at again.
const pollInterval = 50 * time.Millisecond

// A controllerManager is a running kube-controller-manager. envtest knows how to
// run etcd and kube-apiserver only.
type controllerManager struct {
	process *os.Process
	// exited is closed once the process is gone.
	exited chan struct{}
}

func (c *ControlPlane) startControllerManager(ctx context.Context, more []string) (*controllerManager, error) {
	path, err := Program(ctx, "kube-controller-manager")
	if err != nil {
		return nil, err
	}
	if err := c.WriteKubeConfig(controllerManagerKubeConfig(c.StateDir)); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	log, err := c.logFile("kube-controller-manager")
	if err != nil {
		return nil, err
	}
	defer closeLog(log)

	// The context ends when the caller's work does; the process ends with Stop,
	// or lives on after both.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), path,
		"--kubeconfig="+controllerManagerKubeConfig(c.StateDir),
		"--controllers="+strings.Join(append([]string{"garbage-collector-controller", "namespace-controller"}, more...), ","),
		"--leader-elect=false",
		"--kube-api-qps=500", "--kube-api-burst=1000",
		"--bind-address=127.0.0.1", "--secure-port="+strconv.Itoa(port),
		"--cert-dir="+controllerManagerDir(c.StateDir),
	)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start kube-controller-manager: %w", err)
	}
	m := &controllerManager{process: cmd.Process, exited: make(chan struct{})}
	go func() {
		defer close(m.exited)
		// How it ended is in its log, and that it ended is what matters here.
		_ = cmd.Wait()
	}()
	if err := m.waitUntilHealthy(ctx, port); err != nil {
		return m, err
	}
	return m, nil
}

func (m *controllerManager) waitUntilHealthy(ctx context.Context, port int) error {
	transport := &http.Transport{
		// It serves a certificate that it signed itself a moment ago.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // Loopback only, and no secret is sent.
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Second}
	url := fmt.Sprintf("https://127.0.0.1:%d/healthz", port)

	err := wait.PollUntilContextTimeout(ctx, pollInterval, startTimeout, true, func(ctx context.Context) (bool, error) {
		select {
		case <-m.exited:
			return false, fmt.Errorf("it exited")
		default:
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return false, err
		}
		response, err := client.Do(request)
		if err != nil {
			return false, nil //nolint:nilerr // It does not listen yet.
		}
		return response.StatusCode == http.StatusOK, response.Body.Close()
	})
	if err != nil {
		return fmt.Errorf("kube-controller-manager did not become healthy: %w", err)
	}
	return nil
}

func (m *controllerManager) stop() error {
	select {
	case <-m.exited:
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := Terminate(ctx, m.process.Pid); err != nil {
		return err
	}
	<-m.exited
	return nil
}

// freePort returns a port that nothing listens on right now.
func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("cannot find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil //nolint:forcetypeassert // A TCP listener has a TCP address.
}

func controllerManagerDir(stateDir string) string {
	return filepath.Join(stateDir, "controller-manager")
}

func controllerManagerKubeConfig(stateDir string) string {
	return filepath.Join(controllerManagerDir(stateDir), "kubeconfig")
}
