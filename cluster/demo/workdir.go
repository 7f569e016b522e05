// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// A workdir is the folder of a demo. It suffices to stop a demo that another process has started:
// each process of a demo has a path in this folder among its arguments.
type workdir struct{ dir string }

func newWorkdir(dir string) (workdir, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return workdir{}, fmt.Errorf("cannot make the demo's folder %q absolute: %w", dir, err)
	}
	return workdir{abs}, nil
}

func (w workdir) controlPlane() string { return filepath.Join(w.dir, "controlplane") }
func (w workdir) kubeConfig() string   { return filepath.Join(w.dir, "kubeconfig") }
func (w workdir) logs() string         { return filepath.Join(w.dir, "logs") }
func (w workdir) calls() string        { return filepath.Join(w.logs(), "simulator-calls.jsonl") }
func (w workdir) quickstart() string   { return filepath.Join(w.dir, "quickstart") }
func (w workdir) kubectlCache() string { return filepath.Join(w.dir, "kubectl-cache") }

// realProject is a file that exists while a project of the demo may exist in a real organization.
func (w workdir) realProject() string { return filepath.Join(w.dir, "real-project") }

func (w workdir) log(program string) string { return filepath.Join(w.logs(), program+".log") }

// create the folder, without the contents of an earlier demo.
func (w workdir) create() error {
	if err := w.remove(); err != nil {
		return err
	}
	if err := os.MkdirAll(w.logs(), 0o700); err != nil {
		return fmt.Errorf("cannot make the demo's folder: %w", err)
	}
	return nil
}

func (w workdir) remove() error {
	if err := os.RemoveAll(w.dir); err != nil {
		return fmt.Errorf("cannot delete the demo's folder: %w", err)
	}
	return nil
}

// removeState removes everything except the logs: etcd's data contain the admin key.
func (w workdir) removeState() error {
	for _, path := range []string{w.controlPlane(), w.kubeConfig(), w.quickstart(), w.kubectlCache()} {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("cannot delete the demo's state: %w", err)
		}
	}
	return nil
}

// The arguments by which the demo's own processes are found.
func (w workdir) simulatorMark() string { return "--call-log=" + w.calls() }

// providerMark has no effect: change logs are off.
func (w workdir) providerMark() string {
	return "--changelogs-socket-path=" + filepath.Join(w.dir, "changelogs.sock")
}

// own returns the processes of the demo except the control plane's, in the order in which they
// should be stopped.
func (w workdir) own(ctx context.Context) ([]int, error) {
	provider, err := process.Find(ctx, "provider", w.providerMark())
	if err != nil {
		return nil, err
	}
	simulator, err := process.Find(ctx, "simulator", w.simulatorMark())
	return append(provider, simulator...), err
}

// running returns all processes of the demo.
func (w workdir) running(ctx context.Context) ([]int, error) {
	own, err := w.own(ctx)
	if err != nil {
		return nil, err
	}
	others, err := controlplane.Detached(ctx, w.controlPlane())
	return append(own, others...), err
}

// stopProcesses ends all processes of the demo, whichever program started them.
func (w workdir) stopProcesses(ctx context.Context) error {
	own, err := w.own(ctx)
	if err != nil {
		return err
	}
	if err := process.TerminateAll(ctx, own...); err != nil {
		return err
	}
	return controlplane.StopDetached(ctx, w.controlPlane())
}

// stopAtOpenAI archives the project that a demo created in a real organization, if any.
func (w workdir) stopAtOpenAI(ctx context.Context, out io.Writer) error {
	made, err := w.madeAtOpenAI()
	if made == nil || err != nil {
		return err
	}
	byProvider := w.deleteManaged(ctx, out)
	key, err := adminKey()
	if err == nil {
		made.reach(key)
		return w.archiveReal(ctx, out, made)
	}
	if byProvider != nil {
		return fmt.Errorf("the project %q may still be active at OpenAI: run this again with OPENAI_ADMIN_KEY set, or archive it in OpenAI's dashboard and delete the file %q: %w", made.Project, w.realProject(), byProvider)
	}
	return w.forgetReal()
}

// rememberReal writes the name of the project to a file before the project is created.
func (w workdir) rememberReal(r *realOpenAI) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("cannot write down the name of the project: %w", err)
	}
	if err := os.WriteFile(w.realProject(), data, 0o600); err != nil {
		return fmt.Errorf("cannot write down the name of the project: %w", err)
	}
	return nil
}

// madeAtOpenAI returns what a demo may have created in a real organization; nil if nothing.
func (w workdir) madeAtOpenAI() (*realOpenAI, error) {
	data, err := os.ReadFile(w.realProject())
	if os.IsNotExist(err) {
		return nil, nil //nolint:nilnil // That is what nil stands for.
	}
	r := &realOpenAI{}
	if err == nil {
		err = json.Unmarshal(data, r)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read which project the demo made at OpenAI: %w", err)
	}
	return r, nil
}

// archiveReal archives the project, if the provider has not done so.
func (w workdir) archiveReal(ctx context.Context, out io.Writer, r *realOpenAI) error {
	if err := r.archive(ctx, out); err != nil {
		return fmt.Errorf("cannot archive the project %q: do it in OpenAI's dashboard, and delete the file %q: %w", r.Project, w.realProject(), err)
	}
	return w.forgetReal()
}

func (w workdir) forgetReal() error {
	if err := os.Remove(w.realProject()); err != nil {
		return fmt.Errorf("cannot forget the archived project: %w", err)
	}
	return nil
}

// deleteManaged lets the provider delete the external resources, if it still runs.
func (w workdir) deleteManaged(ctx context.Context, out io.Writer) error {
	own, err := w.own(ctx)
	if err != nil {
		return err
	}
	if len(own) == 0 {
		return fmt.Errorf("the provider is not running")
	}
	k, err := newKubectl(ctx, w, out)
	if err != nil {
		return err
	}
	return k.run(ctx, "delete", "managed", "--all", "-n", namespace, waitFlag)
}

// relative shortens a path for readers; the demo runs in the checkout's root.
func relative(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(wd, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return rel
}
