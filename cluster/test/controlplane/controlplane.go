// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package controlplane starts a real Kubernetes control plane on this machine:
// etcd, kube-apiserver and, where wanted, the two controllers of
// kube-controller-manager that a provider can feel: garbage collection by owner
// reference, and namespace deletion. Nothing runs in containers and nothing
// schedules pods. Tests and the demo share it.
//
// # Outliving the program that started it
//
// A program that exits without calling Stop leaves its control plane running,
// and StopDetached ends it later from any other program. Three properties
// make that work without a supervisor. Every part writes its log to a file of its
// own rather than to a pipe that would break. Every part is in a process group
// of its own, so Ctrl-C in a terminal does not reach it. And every part carries
// the path of the state directory on its command line, which is how it
// is found again: unlike a recorded process ID, a command line cannot have gone
// stale and name somebody else's process.
package controlplane

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// Timeouts are generous because the machine may be compiling at the same time;
// an idle one needs about two seconds for either.
const (
	startTimeout = 60 * time.Second
	stopTimeout  = 30 * time.Second
)

// etcdQuota is how much etcd stores, in bytes, before it refuses writes: the most that it
// recommends. Tests may fill more than the default, which counts what was overwritten too.
const etcdQuota = "8589934592"

// Options say what to start, and where it keeps its files.
type Options struct {
	// CRDDirectories hold the CustomResourceDefinitions that are installed
	// before Start returns. It is an error if one does not exist.
	CRDDirectories []string

	// ControllerManager starts garbage collection and namespace deletion too.
	// The garbage collector learns of kinds that are defined after
	// Start within 30 seconds.
	ControllerManager bool

	// Controllers are further controllers of kube-controller-manager, by its names
	// for them, such as deployment-controller. They need ControllerManager.
	Controllers []string

	// StateDir holds etcd's data, certificates and kubeconfigs. What an
	// earlier control plane left there is deleted: Start always begins with
	// an empty cluster. Leave it empty for a temporary directory, which Stop
	// removes.
	StateDir string

	// LogDir holds one log file per program. It defaults to StateDir/logs.
	LogDir string
}

// A ControlPlane is a running Kubernetes API.
type ControlPlane struct {
	// Config connects as a cluster administrator, without a client-side rate
	// limit. Copy it before changing it.
	Config *rest.Config

	// KubeConfig is what Config says, as a kubeconfig file for kubectl and for
	// other programs. WriteKubeConfig writes it.
	KubeConfig []byte

	// StateDir is where the control plane keeps its files, and what
	// StopDetached needs to find it.
	StateDir string

	// LogDir holds etcd.log, kube-apiserver.log and kube-controller-manager.log.
	LogDir string

	env               *envtest.Environment
	controllerManager *process.Process
	temporary         bool
}

// Start starts a control plane and returns once it answers. It cannot be
// interrupted while etcd and the API server come up; a context that ends by then
// stops them again.
func Start(ctx context.Context, o Options) (*ControlPlane, error) {
	c, err := prepare(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := c.start(ctx, o); err != nil {
		// The directory stays, temporary or not, because the logs are in it.
		c.temporary = false
		err = fmt.Errorf("cannot start a control plane, its logs are in %q: %w", c.LogDir, err)
		return nil, errors.Join(err, c.Stop()) //nolint:contextcheck // Stop goes on when the context has ended.
	}
	return c, nil
}

// prepare makes the directories, and makes sure that nothing is using them.
func prepare(ctx context.Context, o Options) (*ControlPlane, error) {
	c := &ControlPlane{StateDir: o.StateDir, LogDir: o.LogDir}
	if c.StateDir == "" {
		dir, err := os.MkdirTemp("", "controlplane-")
		if err != nil {
			return nil, fmt.Errorf("cannot make a directory for the control plane's state: %w", err)
		}
		c.StateDir, c.temporary = dir, true
	}
	dir, err := filepath.Abs(c.StateDir)
	if err != nil {
		return nil, fmt.Errorf("cannot make the state directory %q absolute: %w", c.StateDir, err)
	}
	c.StateDir = dir
	if c.LogDir == "" {
		c.LogDir = filepath.Join(c.StateDir, "logs")
	}

	running, err := Detached(ctx, c.StateDir)
	if err != nil {
		return nil, err
	}
	if len(running) > 0 {
		return nil, fmt.Errorf("a control plane is already running in %q (processes %v): stop it first, or use another state directory", c.StateDir, running)
	}

	for _, stale := range []string{etcdDir(c.StateDir), apiServerDir(c.StateDir), controllerManagerDir(c.StateDir)} {
		if err := os.RemoveAll(stale); err != nil {
			return nil, fmt.Errorf("cannot delete what an earlier control plane left in %q: %w", stale, err)
		}
		if err := os.MkdirAll(stale, 0o700); err != nil {
			return nil, fmt.Errorf("cannot make a directory for the control plane's state: %w", err)
		}
	}
	if err := os.MkdirAll(c.LogDir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make a directory for the control plane's logs: %w", err)
	}
	return c, nil
}

func (c *ControlPlane) start(ctx context.Context, o Options) error {
	// Every path is set here, and an existing cluster ruled out, because
	// envtest would otherwise take both from the environment: a test must
	// never run against whatever cluster the developer happens to use.
	existing := false
	c.env = &envtest.Environment{
		UseExistingCluster:       &existing,
		ControlPlaneStartTimeout: startTimeout,
		ControlPlaneStopTimeout:  stopTimeout,
		CRDDirectoryPaths:        o.CRDDirectories,
		ErrorIfCRDPathMissing:    true,
		CRDInstallOptions:        envtest.CRDInstallOptions{MaxTime: startTimeout},
	}
	server := c.env.ControlPlane.GetAPIServer()
	server.CertDir = apiServerDir(c.StateDir)
	// Without it the API server waits a minute for watches to end before it ends itself.
	server.Configure().Set("shutdown-watch-termination-grace-period", "1s")
	c.env.ControlPlane.Etcd = &envtest.Etcd{DataDir: etcdDir(c.StateDir)}
	etcd := c.env.ControlPlane.Etcd
	etcd.Configure().Set("quota-backend-bytes", etcdQuota)

	var err error
	if etcd.Path, err = Program(ctx, "etcd"); err != nil {
		return err
	}
	if server.Path, err = Program(ctx, "kube-apiserver"); err != nil {
		return err
	}
	// The path is never called if there is no kubectl.
	if c.env.ControlPlane.KubectlPath, err = Program(ctx, "kubectl"); err != nil {
		c.env.ControlPlane.KubectlPath = "kubectl"
	}

	etcdLog, err := c.logFile("etcd")
	if err != nil {
		return err
	}
	defer closeLog(etcdLog)
	serverLog, err := c.logFile("kube-apiserver")
	if err != nil {
		return err
	}
	defer closeLog(serverLog)
	etcd.Out, etcd.Err = etcdLog, etcdLog
	server.Out, server.Err = serverLog, serverLog

	if c.Config, err = c.env.Start(); err != nil {
		return err
	}
	c.KubeConfig = c.env.KubeConfig
	unlimited(c.Config)
	if err := ctx.Err(); err != nil {
		return err
	}
	if !o.ControllerManager {
		return nil
	}
	c.controllerManager, err = c.startControllerManager(ctx, o.Controllers)
	return err
}

// restartAPIServer ends the API server and starts it again, as it is configured now.
func (c *ControlPlane) restartAPIServer() error {
	server := c.env.ControlPlane.GetAPIServer()
	if err := server.Stop(); err != nil {
		return fmt.Errorf("cannot stop the API server: %w", err)
	}
	log, err := os.OpenFile(c.logPath("kube-apiserver"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("cannot open the API server's log again: %w", err)
	}
	defer closeLog(log)
	server.Out, server.Err = log, log
	return server.Start()
}

// Stop ends every part of the control plane and waits until it is gone. A
// temporary state directory is deleted.
func (c *ControlPlane) Stop() error {
	if c.controllerManager != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		c.controllerManager.Terminate(ctx)
		cancel()
	}
	if c.env != nil {
		if err := c.env.Stop(); err != nil {
			return fmt.Errorf("cannot stop the control plane, its logs are in %q: %w", c.LogDir, err)
		}
	}
	if c.temporary {
		if err := os.RemoveAll(c.StateDir); err != nil {
			return fmt.Errorf("cannot delete the control plane's state: %w", err)
		}
	}
	return nil
}

// WriteKubeConfig writes KubeConfig to a file that only its owner can read.
func (c *ControlPlane) WriteKubeConfig(path string) error {
	if err := os.WriteFile(path, c.KubeConfig, 0o600); err != nil {
		return fmt.Errorf("cannot write a kubeconfig: %w", err)
	}
	return nil
}

// AddUser returns a configuration that connects as a new user, who may do what
// RBAC grants to the name and to the groups.
func (c *ControlPlane) AddUser(name string, groups ...string) (*rest.Config, error) {
	user, err := c.env.AddUser(envtest.User{Name: name, Groups: groups}, nil)
	if err != nil {
		return nil, fmt.Errorf("cannot add the user %q: %w", name, err)
	}
	config := user.Config()
	unlimited(config)
	return config, nil
}

// logFile opens a program's log. It is a file, never a pipe through
// this process, so that the program outlives it.
func (c *ControlPlane) logFile(program string) (*os.File, error) {
	f, err := os.Create(c.logPath(program))
	if err != nil {
		return nil, fmt.Errorf("cannot make a log file for %q: %w", program, err)
	}
	return f, nil
}

func (c *ControlPlane) logPath(program string) string {
	return filepath.Join(c.LogDir, program+".log")
}

// closeLog closes this process's copy of a log file that a program
// writes to. Nothing was written through it, so nothing can be lost.
func closeLog(f *os.File) { _ = f.Close() }

// unlimited turns off the client's own rate limit, which would distort measurements.
func unlimited(c *rest.Config) { c.QPS, c.Burst = -1, 0 }
