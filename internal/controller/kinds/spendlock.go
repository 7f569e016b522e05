// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"fmt"
	"sync"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// spending is locked, by project, while a spend limit or an alert is written, so that two sequences of
// keepSpendLimit do not take each other's intermediate limit for the former one.
var spending = &projectLocks{}

// projectLocks has a lock for each project of a client. No tenant waits for another's gateway, even if it
// names the other's project.
type projectLocks struct {
	mu    sync.Mutex
	locks map[projectKey]*projectLock
}

type projectKey struct {
	client  *adminapi.Client
	project string
}

// A projectLock is dropped when nobody holds it or waits for it.
type projectLock struct {
	held  chan struct{}
	users int
}

// lock the project of a connection, unless the context ends before, and return what unlocks it.
func (l *projectLocks) lock(ctx context.Context, c *adminapi.Connection) (unlock func(), err error) {
	key := projectKey{client: c.Client, project: c.Project}
	l.mu.Lock()
	if l.locks == nil {
		l.locks = map[projectKey]*projectLock{}
	}
	p := l.locks[key]
	if p == nil {
		p = &projectLock{held: make(chan struct{}, 1)}
		l.locks[key] = p
	}
	p.users++
	l.mu.Unlock()

	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		p.users--
		if p.users == 0 {
			delete(l.locks, key)
		}
	}
	select {
	case p.held <- struct{}{}:
		return func() { <-p.held; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, fmt.Errorf("interrupted while another object of project %q changes its spend limit or an alert: %w", c.Project, context.Cause(ctx))
	}
}
