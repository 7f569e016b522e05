// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/testseed"
)

// TestAKeyLivesThroughAWeekOfFaults drives one object for a week through replies that
// lag, are shortened, clipped, shifted, null or wrong, and through people and tools that
// change its Secret.
func TestAKeyLivesThroughAWeekOfFaults(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		// skew of OpenAI's clock, and shift of the times in its replies against their Date.
		skew, shift time.Duration
		clip        float64
		change      func(p *v1alpha1.ProjectAPIKeyParameters)
	}{
		"NoExpiry":       {"Nothing is due by itself.", 0, 0, 1, func(*v1alpha1.ProjectAPIKeyParameters) {}},
		"Interval":       {"It rotates every few hours.", 0, 0, 1, func(p *v1alpha1.ProjectAPIKeyParameters) { p.Rotation.Interval = duration(5 * time.Hour) }},
		"ClockBehind":    {"OpenAI's clock is 45 minutes behind.", -45 * time.Minute, 0, 1, func(p *v1alpha1.ProjectAPIKeyParameters) { p.ExpiresIn = duration(time.Hour) }},
		"ClockAhead":     {"And the other way.", 45 * time.Minute, 0, 1, func(p *v1alpha1.ProjectAPIKeyParameters) { p.ExpiresIn = duration(time.Hour) }},
		"TimesBehind":    {"The Date does not tell.", 0, -45 * time.Minute, 1, func(p *v1alpha1.ProjectAPIKeyParameters) { p.ExpiresIn = duration(time.Hour) }},
		"TimesAhead":     {"And the other way.", 0, 45 * time.Minute, 1, func(p *v1alpha1.ProjectAPIKeyParameters) { p.ExpiresIn = duration(time.Hour) }},
		"Clipped":        {"OpenAI grants a third.", 0, 0, 1. / 3, func(p *v1alpha1.ProjectAPIKeyParameters) { p.ExpiresIn = duration(6 * time.Hour) }},
		"ClippedAndSkew": {"All at once.", 2 * time.Hour, -45 * time.Minute, 1. / 3, func(p *v1alpha1.ProjectAPIKeyParameters) { p.ExpiresIn = duration(12 * time.Hour) }},
	}
	seed := testseed.Of(t)
	for i, name := range slices.Sorted(maps.Keys(cases)) {
		tc := cases[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			w := newWeek(t, rng, tc.skew)
			w.gateway.shift, w.gateway.clip = tc.shift, tc.clip
			w.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(time.Hour)}
			tc.change(&w.cr.Spec.ForProvider)
			w.run(7 * 24 * time.Hour)
			if t.Failed() {
				t.Logf("%s\nwhat happened last:\n%s", tc.reason, strings.Join(w.history[max(len(w.history)-80, 0):], "\n"))
			}
		})
	}
}

// A week of one object.
type week struct {
	*fixture
	t       *testing.T
	rng     *rand.Rand
	gateway *faultyGateway
	skew    time.Duration

	history []string

	// current is the key whose value the provider wrote to the Secret last.
	current string
	// replaced is when each previous key was replaced in the Secret, and whether it was due
	// or asked for.
	replaced map[string]replacement
	// currentSince is when the key in the Secret was written.
	currentSince time.Time
	// requested reports that a user has asked for a rotation.
	requested bool
	// made is when keys were made.
	made []time.Time
}

type replacement struct {
	at      time.Time
	planned bool
}

func newWeek(t *testing.T, rng *rand.Rand, skew time.Duration) *week {
	t.Helper()
	w := &week{fixture: newFixture(t), t: t, rng: rng, skew: skew, replaced: map[string]replacement{}}
	w.gateway = newFaultyGateway(t, w.Root(), rng, w.Now)
	pc := &v1alpha1.ClusterProviderConfig{}
	if err := w.kube.Get(t.Context(), client.ObjectKey{Name: "default"}, pc); err != nil {
		t.Fatal(err)
	}
	base := w.gateway.URL + "/v1"
	pc.Spec.BaseURL = &base
	if err := w.kube.Update(t.Context(), pc); err != nil {
		t.Fatal(err)
	}
	w.restart()
	return w
}

// localNow is the provider's clock.
func (w *week) localNow() time.Time { return w.Now().Add(-w.skew) }

// restart the provider, which forgets what it has in memory.
func (w *week) restart() {
	w.t.Helper()
	connector, err := connect.NewConnector(w.kube, w.kube, adminapi.DefaultBaseURL, connect.WithoutRateLimiting(), connect.WithoutInventory())
	if err != nil {
		w.t.Fatal(err)
	}
	access, err := connector.Connect(w.t.Context(), w.cr, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.keyClient.conn, err = access.InProject(w.t.Context(), &w.project); err != nil {
		w.t.Fatal(err)
	}
	w.keyClient.memory = &memory{}
	w.keyClient.now = w.localNow
	w.keyClient.clockOffset = func() time.Duration { return w.skew }
	w.keyClient.emit = func(e event) {
		noValue(w.t, e.message)
		w.logf("  event %s: %s", e.reason, e.message)
	}
}

func (w *week) logf(format string, a ...any) {
	w.history = append(w.history, w.localNow().Format("02 15:04:05 ")+fmt.Sprintf(format, a...))
}

// run until the week is over.
func (w *week) run(length time.Duration) {
	w.observe()
	end := w.localNow().Add(length)
	for w.localNow().Before(end) {
		if w.t.Failed() {
			return
		}
		w.disturb()
		w.observe()
		w.advance()
	}
	// Without faults there is a key that works, and no other stays for long.
	w.gateway.faults = faults{}
	for range 30 {
		w.advance()
		w.observe()
	}
	if s := w.secret(w.t); s == nil || !w.Works(string(s.Data[dataAPIKey])) {
		w.t.Error("in the end: want a Secret with a key that works")
	}
}

// advance the time until the next reconcile: a poll, or what falls due before.
func (w *week) advance() {
	wait := time.Duration(float64(30*time.Minute) * (0.9 + w.rng.Float64()/5))
	wait = w.keyClient.memory.forObject(w.cr.GetUID()).requeueAfter(wait, w.localNow())
	w.Advance(wait)
}

// disturb as faults, people and tools do.
func (w *week) disturb() {
	switch n := w.rng.IntN(100); {
	case n < 12:
		names := slices.Sorted(maps.Keys(kindsOfFaults))
		name := names[w.rng.IntN(len(names))]
		w.gateway.faults = kindsOfFaults[name]
		if w.gateway.shift != 0 {
			// An expiry that is shifted, and nothing to compare it with, is one that is clipped.
			w.gateway.nullTimes = false
		}
		w.logf("weather: %s", name)
	case n < 30:
		w.gateway.faults = faults{}
		w.logf("weather: calm")
	case n < 34:
		w.restart()
		w.logf("the provider starts anew")
	case n < 38:
		w.changeSecret("annotations cleared", func(s *corev1.Secret) { s.Annotations = nil })
	case n < 40:
		w.changeSecret("annotations and labels cleared", func(s *corev1.Secret) { s.Annotations, s.Labels = nil, nil })
	case n < 43:
		w.changeSecret("value overwritten", func(s *corev1.Secret) { s.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-somebodyElsesValue000000") })
	case n < 44 && w.secret(w.t) != nil:
		w.remove(w.t)
		w.logf("the Secret is deleted")
	case n < 47:
		w.requestRotation()
	case n < 60:
		if s := w.secret(w.t); s != nil {
			w.useKey(string(s.Data[dataAPIKey]))
		}
	}
}

// useKey as a consumer does.
func (w *week) useKey(value string) {
	req, _ := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.Root()+"/v1/models", http.NoBody)
	req.Header.Set("Authorization", "Bearer "+value)
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close()
	}
}

func (w *week) changeSecret(what string, change func(*corev1.Secret)) {
	if s := w.secret(w.t); s != nil && s.Data[dataAPIKey] != nil {
		w.change(w.t, change)
		w.logf("%s", what)
	}
}

// requestRotation without faults, and expect it at once.
func (w *week) requestRotation() {
	w.gateway.faults = faults{}
	w.observe()
	before := w.current
	trigger := w.localNow().String()
	w.cr.Spec.ForProvider.Rotation.Trigger = &trigger
	w.logf("a user asks for a rotation")
	w.requested = true
	w.observe()
	w.requested = false
	if w.current == before {
		w.t.Errorf("a rotation that a user asked for was not served at once: %q is still in use", before)
	}
}

// observe the object as often as the runtime would at one time: it reconciles again after a create.
func (w *week) observe() {
	w.t.Helper()
	for range 3 {
		var deleted []string
		keys := w.Keys(w.project)
		done, err := w.reconcileOnce()
		if err != nil {
			w.logf("  %v", err)
		}
		after := w.Keys(w.project)
		ids := map[string]bool{}
		for _, k := range after {
			ids[k.ID] = true
		}
		for _, k := range keys {
			if !ids[k.ID] && !k.Expired {
				deleted = append(deleted, k.ID)
			}
		}
		for range len(after) + len(deleted) - len(keys) {
			w.made = append(w.made, w.localNow())
		}
		w.check(deleted)
		if done {
			return
		}
	}
}

// reconcileOnce reports whether there was nothing to do.
func (w *week) reconcileOnce() (done bool, err error) {
	w.apply(w.t)
	e := &external{keyClient: w.keyClient, timing: timing{inFlightGrace: InFlightGrace}}
	out, err := e.Observe(w.t.Context(), w.cr)
	switch {
	case err != nil:
	case !out.ResourceExists:
		_, err = e.Create(w.t.Context(), w.cr)
	case !out.ResourceUpToDate:
		_, err = e.Update(w.t.Context(), w.cr)
	default:
		done = true
	}
	noValue(w.t, text(err))
	return done, err
}

// check what must hold whatever the faults.
func (w *week) check(deleted []string) {
	w.t.Helper()
	now := w.localNow()
	for _, id := range deleted {
		w.logf("  revoked %s", id)
		r, was := w.replaced[id]
		switch {
		case id == w.current:
			w.t.Errorf("%s: key %q was revoked although it is the one in use", now, id)
		case was && now.Before(r.at.Add(time.Hour-time.Second)):
			w.t.Errorf("%s: key %q was revoked %s after it was replaced, within its overlap", now, id, now.Sub(r.at))
		}
	}
	if id := w.inSecret(); id != "" && id != w.current {
		w.logf("  %s is in the Secret", id)
		if w.current != "" {
			w.replaced[w.current] = replacement{at: now, planned: w.requested || w.due()}
		}
		w.current, w.currentSince = id, now
	}
	living := 0
	for _, k := range w.LiveKeys(w.project) {
		if r, was := w.replaced[k.ID]; was && r.planned && now.Before(r.at.Add(time.Hour)) {
			continue
		}
		living++
	}
	if living > maxLivingKeys {
		w.t.Errorf("%s: %d living keys that no overlap explains", now, living)
	}
	unplanned := 0
	for _, at := range w.made {
		if at.After(now.Add(-time.Hour)) {
			unplanned++
		}
	}
	if unplanned > 14 {
		w.t.Errorf("%s: %d keys within an hour", now, unplanned)
	}
}

// due reports whether the key in the Secret was to be replaced by its age.
func (w *week) due() bool {
	age := w.localNow().Sub(w.currentSince)
	p := w.cr.Spec.ForProvider
	if p.Rotation.Interval != nil && age >= p.Rotation.Interval.Duration {
		return true
	}
	return p.ExpiresIn != nil && age.Seconds()+2 >= p.ExpiresIn.Seconds()*w.gateway.clip*2/3
}

// inSecret is the key of the object whose value the Secret holds; empty: none.
func (w *week) inSecret() string {
	s := w.secret(w.t)
	if s == nil {
		return ""
	}
	k, _ := w.KeyByValue(string(s.Data[dataAPIKey]))
	return k.ID
}
