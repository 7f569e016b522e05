// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/util/wait"
)

// grace is how long the provider leaves a key alone that no Secret names. A mint
// takes a fraction of it here.
const grace = "3s"

// A provider is the one process of a replay, one after the other.
type provider struct {
	dir     string
	flags   []string
	metrics string
	log     *os.File

	mu     sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{}
	killed bool
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

// ports for metrics, each given once. They are below those that systems give to
// outgoing connections, one of which might else take the port of a provider that
// is just being killed.
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
func (p *provider) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.exited != nil {
		select {
		case <-p.exited:
		default:
			return nil
		}
	}
	cmd := exec.Command(binary, p.flags...)
	// Nothing of the environment, which may hold credentials of the developer.
	cmd.Env = []string{"KUBECONFIG=" + filepath.Join(p.dir, "kubeconfig"), "HOME=" + p.dir}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	_, _ = p.log.WriteString("---- a provider process starts ----\n")
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start the provider: %w", err)
	}
	exited := make(chan struct{})
	p.cmd, p.exited, p.killed = cmd, exited, false
	processes.add(p)
	go func() {
		_ = cmd.Wait() // How it ended, its log tells.
		close(exited)
	}()
	return nil
}

// kill the process with SIGKILL, and return when it is gone.
func (p *provider) kill() {
	p.mu.Lock()
	cmd, exited := p.cmd, p.exited
	p.killed = true
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Kill() // Fails only if it is gone already.
	<-exited
	processes.remove(p)
}

// died says that the process ended by itself, as it never should.
func (p *provider) died() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.exited:
		if !p.killed {
			return errors.New("the provider ended by itself: see its log")
		}
	default:
	}
	return nil
}

// metricsText is what the provider's metrics say, once they can be read: a process
// may have been killed a moment ago, and the next one be starting.
func (p *provider) metricsText(ctx context.Context) ([]byte, error) {
	var (
		text []byte
		last error
	)
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(context.Context) (bool, error) {
		text, last = p.scrape()
		return last == nil, nil
	})
	return text, errors.Join(err, last)
}

// scrape the provider's metrics.
func (p *provider) scrape() ([]byte, error) {
	resp, err := http.Get("http://" + p.metrics + "/metrics")
	if err != nil {
		return nil, fmt.Errorf("cannot read the provider's metrics: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // Nothing is lost.
	return io.ReadAll(resp.Body)
}

// processes that run now, so that none is left behind.
var processes = &processSet{all: map[*provider]bool{}}

type processSet struct {
	mu  sync.Mutex
	all map[*provider]bool
}

func (s *processSet) add(p *provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[p] = true
}

func (s *processSet) remove(p *provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, p)
}

func (s *processSet) killAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.all {
		_ = p.cmd.Process.Kill() // Fails only if it is gone already.
	}
}

// removeLogs of a replay that went well.
func removeLogs(t *testing.T, dir string) {
	t.Helper()
	if dir == "" {
		return
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Errorf("cannot delete logs: %v", err)
	}
}
