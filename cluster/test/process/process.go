// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package process runs programs for tests and the demo. Each has a process group of its own, so
// that Ctrl-C in a terminal does not reach it, and writes its log to a file rather than to a pipe,
// so that it can outlive its parent.
package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// startTimeout is generous because the machine may be compiling at the same time.
	startTimeout = 60 * time.Second
	pollInterval = 50 * time.Millisecond
)

// A Command says what to run.
type Command struct {
	// Path is the program's file.
	Path string

	// Name in errors. Default: the name of the file.
	Name string

	Args []string

	// Env is the complete environment of the process, as "NAME=value".
	Env []string

	// Log is the file to which the output is appended.
	Log string
}

// A Process is a started program.
type Process struct {
	name   string
	log    string
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start a program, which keeps running when the context ends.
func Start(ctx context.Context, c Command) (*Process, error) {
	if c.Name == "" {
		c.Name = filepath.Base(c.Path)
	}
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot make a log file for %s: %w", c.Name, err)
	}
	defer func() { _ = log.Close() }() // the process has its own descriptor
	cmd := exec.CommandContext(context.WithoutCancel(ctx), c.Path, c.Args...)
	cmd.Env = c.Env
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s from %q: %w", c.Name, c.Path, err)
	}
	p := &Process{name: c.Name, log: c.Log, cmd: cmd, exited: make(chan struct{})}
	go func() {
		defer close(p.exited)
		_ = cmd.Wait() // the log shows how it ended
	}()
	return p, nil
}

// PID of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Exited is closed once the process is gone.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Running reports whether the process has not ended.
func (p *Process) Running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// Await that a process is ready. It fails if the process exits before.
func (p *Process) Await(ctx context.Context, ready func(context.Context) bool) error {
	err := wait.PollUntilContextTimeout(ctx, pollInterval, startTimeout, true, func(ctx context.Context) (bool, error) {
		if !p.Running() {
			return false, errors.New("it exited")
		}
		return ready(ctx), nil
	})
	if err != nil {
		return fmt.Errorf("%s did not start, its log is %q: %w", p.name, p.log, err)
	}
	return nil
}

// Terminate sends SIGTERM, and kills the process if it still runs when the context ends. It returns
// when the process is gone.
func (p *Process) Terminate(ctx context.Context) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only if it is gone already
	select {
	case <-p.exited:
	case <-ctx.Done():
		p.Kill()
	}
}

// Kill the process with SIGKILL. It returns when the process is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // fails only if it is gone already
	<-p.exited
}

// FreeAddress returns an address on loopback that nothing listens on right now.
func FreeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("cannot find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}
