// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// usePause is how long a consumer waits between two uses of the key. The simulator has no
	// limit, and shorter pauses detect shorter gaps.
	usePause = 20 * time.Millisecond

	// realUsePause spares the rate limits of a real organization, which its own applications need:
	// two consumers make one call per second.
	realUsePause = 2 * time.Second

	// moreUses is the number of further uses that prove that a consumer still works: the first of
	// them may have begun before.
	moreUses = 3
)

// A valueReader returns the value of the key for a consumer's next use.
type valueReader func(context.Context) (string, error)

// A consumer uses a key repeatedly, as an application does.
type consumer struct {
	name string
	read valueReader

	mu   sync.Mutex
	uses uses
	last string
}

// uses counts the results of using a key.
type uses struct {
	accepted, refused int
	// unclear counts answers that prove nothing about the key, such as a rate limit's.
	unclear int
	// values is the number of different values of the key.
	values int
	// reason of the last refusal.
	reason string
}

func (c *consumer) soFar() uses {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.uses
}

// use the key once.
func (c *consumer) use(ctx context.Context, r request, baseURL string) {
	value, err := c.read(ctx)
	if err != nil {
		c.note(ctx, "", http.StatusUnauthorized, err.Error())
		return
	}
	status, reason, err := call(ctx, r.method, baseURL+r.path, value, r.body)
	if err != nil {
		status = 0
	}
	c.note(ctx, value, status, fmt.Sprintf("HTTP %d %s", status, reason))
}

// note counts a use, unless it was canceled by finish.
func (c *consumer) note(ctx context.Context, value string, status int, reason string) {
	if ctx.Err() != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if value != "" && value != c.last {
		c.uses.values++
		c.last = value
	}
	switch status {
	case http.StatusOK:
		c.uses.accepted++
	case http.StatusUnauthorized, http.StatusForbidden:
		c.uses.refused++
		c.uses.reason = reason
	default:
		c.uses.unclear++
	}
}

// consumers use a key at the same time.
type consumers struct {
	each []*consumer
	stop context.CancelFunc
	done sync.WaitGroup
}

// startConsumers starts consumers, which repeat a request until finish.
func startConsumers(ctx context.Context, pause time.Duration, r request, baseURL string, each ...*consumer) *consumers {
	ctx, stop := context.WithCancel(ctx)
	cs := &consumers{each: each, stop: stop}
	for _, c := range each {
		cs.done.Go(func() { wait.UntilWithContext(ctx, func(ctx context.Context) { c.use(ctx, r, baseURL) }, pause) })
	}
	return cs
}

// awaitProgress waits until every consumer's key was accepted a few more times.
func (cs *consumers) awaitProgress(ctx context.Context) error {
	began := make([]uses, len(cs.each))
	for i, c := range cs.each {
		began[i] = c.soFar()
	}
	err := wait.PollUntilContextTimeout(ctx, pollInterval, time.Minute, true, func(context.Context) (bool, error) {
		for i, c := range cs.each {
			if now := c.soFar(); now.refused > 0 || now.accepted < began[i].accepted+moreUses {
				return false, now.failure(c.name)
			}
		}
		return true, nil
	})
	if wait.Interrupted(err) && ctx.Err() == nil {
		return fmt.Errorf("the consumers do not get on: see whether the OpenAI API answers, and what limits the organization has: %w", err)
	}
	return err
}

// finish stops the consumers, and returns the sum of their uses. It can be called again.
func (cs *consumers) finish() (uses, error) {
	cs.stop()
	cs.done.Wait()
	var sum uses
	var failures []error
	for _, c := range cs.each {
		u := c.soFar()
		sum.accepted += u.accepted
		sum.refused += u.refused
		sum.unclear += u.unclear
		failures = append(failures, u.failure(c.name))
	}
	return sum, errors.Join(failures...)
}

// failure returns an error if the key was ever refused.
func (u uses) failure(consumer string) error {
	if u.refused == 0 {
		return nil
	}
	return fmt.Errorf("%s was refused %d times, at last with: %s", consumer, u.refused, u.reason)
}

func (u uses) String() string {
	s := fmt.Sprintf("%d times during the rotation, %d refused", u.accepted+u.refused, u.refused)
	if u.unclear > 0 {
		s += fmt.Sprintf("; %d more answers said nothing about it", u.unclear)
	}
	return s
}

// always returns the same value, as for an application that read its environment when it started.
func always(value string) valueReader {
	return func(context.Context) (string, error) { return value, nil }
}

// fromSecret reads the value from the key's Secret each time.
func fromSecret(kubeConfig string) (valueReader, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeConfig)
	if err != nil {
		return nil, fmt.Errorf("cannot read the demo's kubeconfig %q: %w", kubeConfig, err)
	}
	// The client's own rate limit would delay the uses.
	config.QPS = -1
	kube, err := corev1client.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("cannot connect to the demo's control plane: %w", err)
	}
	return func(ctx context.Context) (string, error) {
		s, err := kube.Secrets(namespace).Get(ctx, keySecret, metav1.GetOptions{})
		if err != nil {
			return "", fmt.Errorf("cannot read Secret %q: %w", keySecret, err)
		}
		return valueIn(s)
	}, nil
}

func valueIn(s *corev1.Secret) (string, error) {
	value := string(s.Data[keyVariable])
	if value == "" {
		return "", fmt.Errorf("the Secret %q holds no key", s.GetName())
	}
	return value, nil
}
