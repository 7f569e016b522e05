// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package clusteridentity follows the issuer and the signing keys of this cluster's ServiceAccount
// tokens, as its API server publishes them.
package clusteridentity

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"golang.org/x/sync/singleflight"
	"k8s.io/client-go/rest"

	"github.com/crossplane-contrib/provider-openai/internal/jwks"
)

// DefaultInterval is how often the API server is read. That costs OpenAI nothing.
const DefaultInterval = time.Minute

const (
	configurationPath = "/.well-known/openid-configuration"
	keysPath          = "/openid/v1/jwks"

	readTimeout = 15 * time.Second
	// maxReply bounds a reply, in bytes.
	maxReply = 1 << 20

	// maxAge is how old an Identity may be, in intervals, while the API server cannot be read.
	maxAge = 10

	// confirmIssuer is how often in a row another issuer must be read before it counts: API
	// servers behind one address may differ while somebody changes their flags.
	confirmIssuer = 3
)

var errTooOld = errors.New("nobody has read them for a while")

// An Identity is what verifies the ServiceAccount tokens of a cluster.
type Identity struct {
	// Issuer of the tokens.
	Issuer string
	// Keys that the API server publishes, by ID. Any of them may sign tokens.
	Keys []jwks.Key
	// Former are the keys that it does not publish any more, of those that were read.
	Former []FormerKey
}

// A FormerKey was published once.
type FormerKey struct {
	jwks.Key
	// Since is when the API server was first seen not to publish it.
	Since time.Time
}

// A Follower reads the identity of this cluster again and again, once somebody has asked for it. It is
// safe for concurrent use.
type Follower struct {
	get      func(ctx context.Context, path string) ([]byte, error)
	interval time.Duration
	log      logging.Logger
	now      func() time.Time

	// first shares the first look between those who wait for it.
	first singleflight.Group

	mu        sync.Mutex
	wanted    bool
	identity  Identity
	readAt    time.Time
	err       error
	candidate string // another issuer than identity's, and how often it was read in a row
	seen      int
	onLook    []func(ctx context.Context, changed bool)
}

// NewFollower makes a Follower of the cluster that a configuration leads to. Interval zero:
// DefaultInterval.
func NewFollower(cfg *rest.Config, client *http.Client, interval time.Duration, log logging.Logger) (*Follower, error) {
	base, _, err := rest.DefaultServerUrlFor(cfg)
	if err != nil {
		return nil, fmt.Errorf("cannot find the address of the API server: %w", err)
	}
	if interval <= 0 {
		interval = DefaultInterval
	}
	return &Follower{interval: interval, log: log, now: time.Now, get: func(ctx context.Context, path string) ([]byte, error) {
		return read(ctx, client, strings.TrimSuffix(base.String(), "/")+path)
	}}, nil
}

// read a path of the API server. Its reply may be cached for an hour (Kubernetes,
// --service-account-issuer), which would hide a key.
func read(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Cache-Control", "no-cache")
	req.Header.Set("Accept", "application/json, application/jwk-set+json")
	res, err := client.Do(req)
	if err != nil {
		return nil, stable(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if err != nil {
		return nil, stable(err)
	}
	if res.StatusCode == http.StatusForbidden || res.StatusCode == http.StatusUnauthorized {
		return nil, fmt.Errorf("the API server refuses to show it (status %d): bind the ClusterRole system:service-account-issuer-discovery to the provider's ServiceAccount", res.StatusCode)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the API server answers with status %d", res.StatusCode)
	}
	return body, nil
}

// stable is an error without the addresses of a connection, which differ each time.
func stable(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return fmt.Errorf("no answer from the API server: %s: %w", op.Op, op.Err)
	}
	return err
}

// OnLook calls a function after each attempt to read the identity, and says whether that changed it.
func (f *Follower) OnLook(call func(ctx context.Context, changed bool)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.onLook = append(f.onLook, call)
}

// Identity of the cluster, as it was read last. It fails if it could not be read for a while.
func (f *Follower) Identity(ctx context.Context) (Identity, error) {
	f.mu.Lock()
	f.wanted = true
	never := f.readAt.IsZero()
	f.mu.Unlock()
	if never {
		// All objects are reconciled at once after a start.
		_, _, _ = f.first.Do("", func() (any, error) { f.look(ctx); return nil, nil })
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readAt.IsZero() || f.now().Sub(f.readAt) > maxAge*f.interval {
		return Identity{}, fmt.Errorf("cannot read the issuer and the keys of this cluster: %w", cmp.Or(f.err, errTooOld))
	}
	return f.identity, nil
}

// Last is the identity that was read last, however long ago; empty: none was.
func (f *Follower) Last() Identity {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.identity
}

// Start reads the identity at each interval until the context ends.
func (f *Follower) Start(ctx context.Context) error {
	t := time.NewTicker(f.interval)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
		f.mu.Lock()
		wanted := f.wanted
		f.mu.Unlock()
		if wanted {
			f.look(ctx)
		}
	}
}

// NeedLeaderElection reports that only the active provider follows.
func (f *Follower) NeedLeaderElection() bool { return true }

// look reads the identity once, and tells of it.
func (f *Follower) look(ctx context.Context) {
	got, err := f.readIdentity(ctx)
	if err != nil {
		f.log.Info("Cannot read the issuer and the keys of this cluster", "error", err)
	}
	f.mu.Lock()
	f.err = err
	changed := err == nil && f.accept(got)
	calls := slices.Clone(f.onLook)
	f.mu.Unlock()
	for _, call := range calls {
		call(ctx, changed)
	}
}

// accept an identity that was read, and report whether it changes anything.
func (f *Follower) accept(got Identity) (changed bool) {
	first := f.readAt.IsZero()
	f.readAt = f.now()
	if !first && got.Issuer != f.identity.Issuer {
		if got.Issuer != f.candidate {
			f.candidate, f.seen = got.Issuer, 0
		}
		f.seen++
		if f.seen < confirmIssuer {
			return false
		}
	}
	f.candidate, f.seen = "", 0
	got.Former = f.formerWithout(got.Keys)
	changed = !first && (got.Issuer != f.identity.Issuer || !slices.EqualFunc(got.Keys, f.identity.Keys, jwks.Key.Same))
	f.identity = got
	return changed
}

// formerWithout are the keys that were published until now, but for those that are published now.
func (f *Follower) formerWithout(now []jwks.Key) []FormerKey {
	all := slices.Clone(f.identity.Former)
	for _, k := range f.identity.Keys {
		all = append(all, FormerKey{Key: k, Since: f.readAt})
	}
	return slices.DeleteFunc(all, func(former FormerKey) bool {
		return slices.ContainsFunc(now, former.Same)
	})
}

func (f *Follower) readIdentity(ctx context.Context) (Identity, error) {
	configuration, err := f.get(ctx, configurationPath)
	if err != nil {
		return Identity{}, fmt.Errorf("cannot get %s: %w", configurationPath, err)
	}
	var c struct {
		Issuer string `json:"issuer"`
	}
	if err := json.Unmarshal(configuration, &c); err != nil || c.Issuer == "" {
		return Identity{}, fmt.Errorf("%s of the API server names no issuer", configurationPath)
	}
	// The configuration names an address of the keys, too, which may be one that others control.
	set, err := f.get(ctx, keysPath)
	if err != nil {
		return Identity{}, fmt.Errorf("cannot get %s: %w", keysPath, err)
	}
	keys, err := jwks.Parse(set)
	if err != nil {
		return Identity{}, fmt.Errorf("cannot use the keys of %s: %w", keysPath, err)
	}
	return Identity{Issuer: c.Issuer, Keys: keys}, nil
}

// Issues reports whether an issuer is that of the identity: OpenAI ignores a trailing slash (guide
// "workload identity federation"), and a difference in case must not make it another one.
func (i Identity) Issues(issuer string) bool {
	return strings.EqualFold(strings.TrimRight(issuer, "/"), strings.TrimRight(i.Issuer, "/"))
}
