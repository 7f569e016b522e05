// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build soak

package crash

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var (
	soakFor  = flag.Duration("crash.soak", 5*time.Minute, "rotate many keys under random faults for this long")
	soakKeys = flag.Int("crash.soak-keys", 20, "how many keys the soak rotates")
	soakSeed = flag.Uint64("crash.soak-seed", 1, "seed of the random faults")
)

const (
	soakInterval = 10 * time.Second
	soakOverlap  = 6 * time.Second

	// soakFaults is the share of mutating requests to which a fault happens.
	soakFaults = 0.04
	// soakKill is the longest time between two kills, in addition to those at requests.
	soakKill = 8 * time.Second
)

// TestSoak rotates many keys at short intervals, with random faults and kills, while consumers use
// every Secret all the time.
func TestSoak(t *testing.T) {
	ctx := untilDeadline(t)
	p, stop, err := begin(ctx, scenario{name: "soak"}, point{})
	if stop != nil {
		defer stop()
	}
	if err != nil {
		t.Fatal(err)
	}
	w := desiredState{keys: map[string]string{}}
	for i := range *soakKeys {
		name := fmt.Sprintf("%s-%02d", keyName, i)
		w.keys[name] = name
		if err := p.create(ctx, p.newKey(func(cr *v1alpha1.ProjectAPIKey) {
			cr.Name = name
			cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name}
			cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{
				Interval: &metav1.Duration{Duration: soakInterval}, Overlap: &metav1.Duration{Duration: soakOverlap},
			}
		})); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.awaitState(ctx, w); err != nil {
		t.Fatal(err)
	}

	var stops []func() uses
	for _, name := range w.keys {
		stops = append(stops, p.use(ctx, []string{name}))
	}
	kills := p.disturb(ctx, *soakFor)
	err = p.settleDown(ctx, w)
	o := outcome{scenario: "soak", point: point{mode: killedAfter}, reached: true, dir: p.provider.dir}
	if err != nil {
		o.findings = findingsOf(err)
	}
	for _, stop := range stops {
		u := stop()
		o.uses.times += u.times
		o.uses.failed = append(o.uses.failed, u.failed...)
	}
	o.findings = append(o.findings, o.uses.findings()...)
	o.findings = append(o.findings, p.canary(ctx)...)
	total.add(&o)
	if len(o.findings) > 0 {
		// The end of the log is not more useful than the rest here.
		t.Errorf("%s", o.describe())
	}
	t.Logf("%d keys were issued for %d objects, %d requests had faults, the provider was killed %d times, and Secrets were used %d times",
		len(p.tap.everCommitted()), len(w.keys), p.tap.faults(), kills, o.uses.times)
}

// disturb causes faults and kills the provider at random for this time, and returns the number of
// kills.
func (p *environment) disturb(ctx context.Context, d time.Duration) (kills int) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	random := rand.New(rand.NewPCG(*soakSeed, 0))
	var mu sync.Mutex
	draw := func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return random.Float64()
	}
	dead := make(chan struct{}, 1)
	kill := p.tap.kill
	p.tap.kill = func() {
		kill()
		select {
		case dead <- struct{}{}:
		default:
		}
	}
	p.tap.random = func(r request) mode {
		if draw() >= soakFaults {
			return undisturbed
		}
		modes := r.modes()
		return modes[int(draw()*float64(len(modes)))]
	}
	p.tap.arm()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			p.tap.disarm()
			p.tap.late.Wait()
			kill()
		case <-dead:
		case <-time.After(time.Duration(draw() * float64(soakKill))):
			kill()
		}
		kills++
		if err := p.provider.start(ctx); err != nil {
			p.tap.note(request{}, "%v", err)
		}
	}
	return kills
}

// settleDown ends all rotation, and awaits that every object has exactly one key, which works.
func (p *environment) settleDown(ctx context.Context, w desiredState) error {
	for name := range w.keys {
		cr := p.newKey(func(cr *v1alpha1.ProjectAPIKey) { cr.Name = name })
		if err := p.patch(ctx, cr, `{"spec": {"forProvider": {"rotation": {"interval": null}}}}`); err != nil {
			return err
		}
	}
	if err := p.await(ctx, "a good end", func(ctx context.Context) ([]finding, error) { return p.judge(ctx, w) }); err != nil {
		return err
	}
	return p.await(ctx, "the end of all previous keys", func(context.Context) ([]finding, error) {
		var f []finding
		live := sim.LiveKeys(p.project)
		if len(live) != len(w.keys) {
			f = append(f, finding{leaked, fmt.Sprintf("%d keys live for %d objects: %v", len(live), len(w.keys), slices.Collect(namesOf(live)))})
		}
		return f, nil
	})
}

func namesOf(keys []simulator.KeySnapshot) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, k := range keys {
			if !yield(k.Name) {
				return
			}
		}
	}
}

// disarm ends all faults.
func (t *tap) disarm() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.armed = false
	t.trace = append(t.trace, "-- no more faults --")
}
