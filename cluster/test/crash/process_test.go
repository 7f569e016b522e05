// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// grace is how long the provider does not revoke a key that no Secret names. Issuing a key takes a
// fraction of it here.
const grace = "3s"

// A provider runs the processes of a replay, one after the other.
type provider struct {
	dir     string
	flags   []string
	metrics string
	log     *os.File

	mu      sync.Mutex
	process *process.Process
	killed  bool
}

// newProvider prepares a provider that reaches the API server at an address.
func newProvider(dir, server, namespace string, flags ...string) (*provider, error) {
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	kubeconfig := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: replay, cluster: {server: %q}}]
contexts: [{name: replay, context: {cluster: replay, user: replay, namespace: %q}}]
users: [{name: replay, user: {}}]
current-context: replay
`, server, namespace)
	if err := os.WriteFile(filepath.Join(dir, "kubeconfig"), []byte(kubeconfig), 0o600); err != nil {
		return nil, fmt.Errorf("cannot write the provider's kubeconfig: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(dir, "provider.log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot make the provider's log: %w", err)
	}
	return &provider{dir: dir, metrics: metrics, log: log, flags: append([]string{
		"--debug",
		"--poll=1s", "--min-poll-interval=1s", "--poll-jitter-percentage=0", "--max-reconcile-rate=50",
		"--in-flight-grace=" + grace,
		"--leader-election-namespace=" + namespace,
		"--metrics-bind-address=" + metrics, "--health-probe-bind-address=0",
	}, flags...)}, nil
}

// ports for metrics, each used once. They are below the range for outgoing connections, which might
// otherwise take the port of a provider that is being killed.
var ports atomic.Uint32

const (
	firstPort = 20000
	portCount = 10000
)

// freeAddress on loopback.
func freeAddress() (string, error) {
	for range portCount {
		n := (uint32(os.Getpid())*97 + ports.Add(1)) % portCount
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+n)
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		return address, l.Close()
	}
	return "", fmt.Errorf("no port from %d on is free: end what listens there", firstPort)
}

// start a process, unless one is running.
func (p *provider) start(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil && p.process.Running() {
		return nil
	}
	_, _ = p.log.WriteString("---- a provider process starts ----\n")
	started, err := process.Start(ctx, process.Command{
		Path: binary, Name: "the provider", Args: p.flags, Log: p.log.Name(),
		// Nothing of this process's environment, which may hold credentials of the developer.
		Env: []string{"KUBECONFIG=" + filepath.Join(p.dir, "kubeconfig"), "HOME=" + p.dir},
	})
	if err != nil {
		return err
	}
	p.process, p.killed = started, false
	processes.add(started)
	return nil
}

// kill the process with SIGKILL, and return when it is gone.
func (p *provider) kill() {
	p.mu.Lock()
	running := p.process
	p.killed = true
	p.mu.Unlock()
	if running == nil {
		return
	}
	running.Kill()
	processes.remove(running)
}

// died returns an error if the process ended by itself.
func (p *provider) died() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil && !p.process.Running() && !p.killed {
		return errors.New("the provider ended by itself: see its log")
	}
	return nil
}

// metricsText returns the provider's metrics, once they can be read: after a kill the next process
// has to start first.
func (p *provider) metricsText(ctx context.Context) ([]byte, error) {
	var (
		text []byte
		last error
	)
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		text, last = process.Get(ctx, http.DefaultClient, "http://"+p.metrics+"/metrics")
		return last == nil, nil
	})
	return text, errors.Join(err, last)
}

// processes that run now, so that none is left behind.
var processes = &processSet{all: map[*process.Process]bool{}}

type processSet struct {
	mu  sync.Mutex
	all map[*process.Process]bool
}

func (s *processSet) add(p *process.Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[p] = true
}

func (s *processSet) remove(p *process.Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, p)
}

func (s *processSet) killAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.all {
		p.Kill()
	}
}

// removeLogs of a successful replay.
func removeLogs(t *testing.T, dir string) {
	t.Helper()
	if dir == "" {
		return
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Errorf("cannot delete logs: %v", err)
	}
}
