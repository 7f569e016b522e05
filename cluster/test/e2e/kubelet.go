// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// node is the name of the node that the kubelet stands for.
const node = "e2e"

// A kubelet runs pods as processes: those of the system namespace, and of other namespaces those
// whose image was loaded. Like the real one it binds them to its node, gives each a token of its
// ServiceAccount and the environment, Secrets and projected tokens of its spec, restarts what ended,
// and ends what is deleted with SIGTERM.
type kubelet struct {
	*environment
	dir string
	out io.WriteCloser
	say *slog.Logger

	// outside are the variables by which pods of other namespaces reach hosts outside of the cluster.
	outside []string

	cancel context.CancelFunc
	done   sync.WaitGroup

	// restarted counts the restarts of processes.
	restarted atomic.Int32

	mu   sync.Mutex
	pods map[types.UID]*pod
	// stopped is not restarted, as if its node was lost.
	stopped *pod
	// loaded are the files of programs, by the image that stands for them.
	loaded map[string]string
}

// load the program of an image that no registry has, as "kind load" does.
func (k *kubelet) load(image, file string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loaded[image] = file
}

// isLoaded returns the file of a program that was loaded.
func (k *kubelet) isLoaded(image string) (string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	file, ok := k.loaded[image]
	return file, ok
}

// runs reports whether a pod is the kubelet's.
func (k *kubelet) runs(o *corev1.Pod) bool {
	_, loaded := k.isLoaded(o.Spec.Containers[0].Image)
	return o.Namespace == systemNamespace || loaded
}

// keepStopped prevents restarts of a pod until it is called with another one, or nil.
func (k *kubelet) keepStopped(p *pod) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stopped = p
}

func newKubelet(w *environment) *kubelet {
	return &kubelet{environment: w, dir: filepath.Join(w.dir, "pods"), pods: map[types.UID]*pod{}, loaded: map[string]string{}}
}

func (k *kubelet) start(ctx context.Context) {
	ctx, k.cancel = context.WithCancel(ctx)
	k.say = slog.New(slog.NewTextHandler(os.Stderr, nil))
	if f, err := os.Create(k.log("kubelet")); err == nil {
		k.out, k.say = f, slog.New(slog.NewTextHandler(f, nil))
	}
	k.done.Go(func() { wait.UntilWithContext(ctx, k.sync, pause) })
}

// stop all processes of pods. The pods stay.
func (k *kubelet) stop(ctx context.Context) {
	if k.cancel != nil {
		k.cancel()
	}
	k.done.Wait()
	for _, p := range k.all() {
		p.terminate(ctx)
	}
	if k.out != nil {
		_ = k.out.Close()
	}
}

func (k *kubelet) all() []*pod {
	k.mu.Lock()
	defer k.mu.Unlock()
	var pods []*pod
	for _, p := range k.pods {
		pods = append(pods, p)
	}
	return pods
}

// running returns the pods of a namespace with these labels whose process runs.
func (k *kubelet) running(namespace string, selector map[string]string) []*pod {
	var found []*pod
	for _, p := range k.all() {
		if p.namespace == namespace && labels.SelectorFromSet(selector).Matches(labels.Set(p.labels)) && p.isRunning() {
			found = append(found, p)
		}
	}
	return found
}

// sync reconciles all pods once.
func (k *kubelet) sync(ctx context.Context) {
	l := &corev1.PodList{}
	if err := k.kube.List(ctx, l); err != nil {
		k.say.Error("cannot list pods", "error", err)
		return
	}
	there := map[types.UID]bool{}
	for i := range l.Items {
		there[l.Items[i].UID] = true
		if k.runs(&l.Items[i]) {
			k.tend(ctx, &l.Items[i])
		}
	}
	for _, p := range k.all() {
		if !there[p.uid] {
			k.say.Info("the pod is gone, and its process has to go", "pod", p.name)
			p.kill()
			k.forget(p)
		}
	}
}

func (k *kubelet) forget(p *pod) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.pods, p.uid)
}

// tend reconciles one pod.
func (k *kubelet) tend(ctx context.Context, o *corev1.Pod) {
	k.mu.Lock()
	p, held := k.pods[o.UID], k.stopped
	k.mu.Unlock()
	var err error
	switch {
	case o.DeletionTimestamp != nil && p == nil:
		err = k.kube.Delete(ctx, o, client.GracePeriodSeconds(0), client.Preconditions{UID: &o.UID})
	case o.DeletionTimestamp != nil:
		k.end(ctx, p, o)
	case p == nil:
		err = k.begin(ctx, o)
	case !p.isRunning() && p != held:
		k.say.Info("the process ended, and is started again", "pod", p.name)
		p.restarts.Add(1)
		k.restarted.Add(1)
		if err = p.start(ctx); err == nil {
			err = k.report(ctx, o, p)
		}
	default:
		now := time.Now()
		err = p.renewTokens(ctx, func(f *tokenFile) bool { return f.isDue(now) })
	}
	if err != nil && ctx.Err() == nil {
		k.say.Error("cannot tend to the pod", "pod", o.Name, "error", err)
	}
}

// begin starts the process of a pod.
func (k *kubelet) begin(ctx context.Context, o *corev1.Pod) error {
	if o.Spec.NodeName == "" {
		b := &corev1.Binding{Target: corev1.ObjectReference{Kind: "Node", Name: node}}
		if err := k.kube.SubResource("binding").Create(ctx, o, b); err != nil {
			return fmt.Errorf("cannot bind it: %w", err)
		}
	}
	p, err := k.prepare(ctx, o)
	if err != nil {
		return err
	}
	if err := p.start(ctx); err != nil {
		return err
	}
	k.say.Info("the process runs", "pod", p.name, "program", p.command.Path, "serviceAccount", o.Spec.ServiceAccountName)
	k.mu.Lock()
	k.pods[p.uid] = p
	k.mu.Unlock()
	return k.report(ctx, o, p)
}

// end a pod that is being deleted. It does not block others while the process ends.
func (k *kubelet) end(ctx context.Context, p *pod, o *corev1.Pod) {
	if !p.ends() {
		return
	}
	k.say.Info("the pod is deleted, and its process is asked to end", "pod", p.name)
	grace := time.Duration(*o.DeletionGracePeriodSeconds) * time.Second
	k.done.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		p.terminate(ctx)
		k.forget(p)
	})
}

// report writes the status of a running pod, which makes its Deployment available.
func (k *kubelet) report(ctx context.Context, o *corev1.Pod, p *pod) error {
	before := o.DeepCopy()
	now := metav1.Now()
	o.Status.Phase = corev1.PodRunning
	o.Status.Conditions = nil
	for _, t := range []corev1.PodConditionType{corev1.PodScheduled, corev1.PodInitialized, corev1.ContainersReady, corev1.PodReady} {
		o.Status.Conditions = append(o.Status.Conditions, corev1.PodCondition{Type: t, Status: corev1.ConditionTrue, LastTransitionTime: now})
	}
	started := true
	o.Status.ContainerStatuses = []corev1.ContainerStatus{{
		Name: o.Spec.Containers[0].Name, Image: o.Spec.Containers[0].Image, ImageID: o.Spec.Containers[0].Image,
		Ready: true, Started: &started, RestartCount: p.restarts.Load(),
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}},
	}}
	if err := k.kube.Status().Patch(ctx, o, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("cannot report that it runs: %w", err)
	}
	return nil
}
