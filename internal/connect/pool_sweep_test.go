// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestWhatIsUnusedIsSweptOut(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, answersOnly("org-1"))
	p, config := &pool{}, ofConfig("idle")
	for _, k := range []poolKey{config, config.of("org-1")} {
		if err := apitest.GetProject(t.Context(), p.get(k, at(s, k)).AdminService); err != nil {
			t.Fatalf("Get: %v", err)
		}
	}
	p.limiters[limiterKeyOf(at(s, config))].SetConfigured(config.String(), 60)

	now := time.Now()
	p.sweep(now.Add(unusedTTL/2), nil)
	if n := p.clients(); n != 2 {
		t.Errorf("clients after half an hour: want 2, got %d", n)
	}
	p.configs[config.configKey].clients["org-1"].used = now.Add(unusedTTL / 2)
	p.sweep(now.Add(unusedTTL+time.Minute), nil)
	if n := p.clients(); n != 1 {
		t.Errorf("clients after an hour in which one was used: want 1, got %d", n)
	}
	if n := len(p.limiters); n != 1 {
		t.Errorf("limiters while a client is there: want 1, got %d", n)
	}
	p.sweep(now.Add(2*unusedTTL), nil)
	if n := p.clients() + len(p.limiters); n != 0 {
		t.Errorf("clients and limiters that nobody uses: want none, got %d", n)
	}
	if diff := cmp.Diff([]string{"provider_openai_requests_total"}, seriesOf(t, config.String())); diff != "" {
		t.Errorf("series of a configuration that is still there, whose counters must not begin at zero: -want, +got:\n%s", diff)
	}
}

func TestAListThatNobodyAsksForIsSweptOut(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, answersOnly(""))
	p, config := &pool{}, ofConfig("lists")
	c := p.get(config, at(s, config))
	conn := &adminapi.Connection{Client: c}
	adminapi.ProjectAPIKeys.Put(conn, "proj_1", openai.ProjectAPIKey{ID: "key_1"})
	later := time.Now().Add(time.Hour + time.Minute)
	p.configs[config.configKey].clients[""].used = later
	p.sweep(later, nil)
	if adminapi.ProjectAPIKeys.Cached(conn, "proj_1").Knows("key_1") {
		t.Error("the list is still there")
	}
}

func TestWhetherAConfigurationIsGoneIsAskedOfKubernetes(t *testing.T) {
	t.Parallel()
	errBoom := errors.New("boom")
	cases := map[string]struct {
		reason string
		change func(t *testing.T, kube client.Client)
		err    error
		want   int
	}{
		"Nothing": {
			reason: "Both are there.", change: func(*testing.T, client.Client) {}, want: 2,
		},
		"Deleted": {
			reason: "Nobody can use it any more.", want: 1,
			change: func(t *testing.T, kube client.Client) {
				t.Helper()
				if err := kube.Delete(t.Context(), config("team-a")); err != nil {
					t.Fatal(err)
				}
			},
		},
		"CreatedAnew": {
			reason: "It is another one with the same name.", want: 1,
			change: func(t *testing.T, kube client.Client) {
				t.Helper()
				if err := kube.Delete(t.Context(), clusterConfig()); err != nil {
					t.Fatal(err)
				}
				pc := clusterConfig()
				pc.SetUID("another")
				if err := kube.Create(t.Context(), pc); err != nil {
					t.Fatal(err)
				}
			},
		},
		"Unknown": {
			reason: "What cannot be told is no reason to forget anything.", err: errBoom, want: 2,
			change: func(t *testing.T, kube client.Client) {
				t.Helper()
				if err := kube.Delete(t.Context(), config("team-a")); err != nil {
					t.Fatal(err)
				}
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stored := kubernetes(t, clusterConfig(), adminSecret("crossplane-system"), config("team-a"), adminSecret("team-a")).Build()
			var failing error
			kube := interceptor.NewClient(stored, interceptor.Funcs{
				Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
					if failing != nil {
						return failing
					}
					return c.Get(ctx, key, o, opts...)
				},
			})
			c := connector(t, kube, stored)
			for _, mg := range []*v1alpha1.Project{ofCluster("a"), project("team-a", "b", v1alpha1.ProviderConfigKind, "team")} {
				if _, err := connect(t.Context(), c, mg, nil); err != nil {
					t.Fatalf("Connect: %v", err)
				}
			}
			tc.change(t, stored)
			failing = tc.err
			c.sweep(t.Context(), time.Now())
			if got := c.pool.clients(); got != tc.want {
				t.Errorf("%s\nclients: want %d, got %d", tc.reason, tc.want, got)
			}
		})
	}
}

func TestSecretsThatNobodyReadsAnyMoreAreSweptOut(t *testing.T) {
	t.Parallel()
	kube := kubernetes(t, clusterConfig(), adminSecret("crossplane-system")).Build()
	c := connector(t, kube, kube)
	c.apiReader.ttl = time.Hour
	if _, err := connect(t.Context(), c, ofCluster("p"), nil); err != nil {
		t.Fatalf("Connect: %v", err)
	}
	if n := len(c.apiReader.cached.Keys()); n == 0 {
		t.Error("cached admin keys: want one, got none")
	}
	c.sweep(t.Context(), time.Now())
	if n := len(c.apiReader.cached.Keys()); n != 0 {
		t.Errorf("cached admin keys: want none, got %d", n)
	}
}

// TestTheSweepNeedsNoTraffic shows that a provider without work lets go of admin keys.
func TestTheSweepNeedsNoTraffic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kube := kubernetes(t, clusterConfig(), adminSecret("crossplane-system")).Build()
		c := connector(t, kube, kube)
		var runnable interface {
			manager.Runnable
			manager.LeaderElectionRunnable
		} = c
		if !runnable.NeedLeaderElection() {
			t.Error("want it to run where the controllers do, which make the clients")
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- runnable.Start(ctx) }()
		if _, err := connect(t.Context(), c, ofCluster("p"), nil); err != nil {
			t.Fatalf("Connect: %v", err)
		}
		time.Sleep(unusedTTL + 2*sweepInterval)
		synctest.Wait()
		if n := c.pool.clients(); n != 0 {
			t.Errorf("clients: want none, got %d", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Start: want no error, got %v", err)
		}
	})
}
