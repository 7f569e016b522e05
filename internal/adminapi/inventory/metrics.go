// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

// How a lookup of a list was answered, as the metrics show it.
const (
	// lookupHit: from the cache.
	lookupHit = "hit"
	// lookupShared: by a fetch that another caller had begun.
	lookupShared = "shared"
	// lookupFetch: by a fetch begun for it.
	lookupFetch = "fetch"
)

const labelCollection = "collection"

var (
	lookups = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "provider_openai_inventory_lookups_total",
		Help: "Lookups of a list, by how they were answered: from the cache (hit), by a fetch that another caller had begun (shared), or by one begun for it (fetch).",
	}, []string{labelCollection, "result"})

	inventoryAge = prometheus.NewDesc("provider_openai_inventory_age_seconds",
		"Age of the oldest cached list that was used within the last hour.", []string{labelCollection}, nil)

	inventoryItems = prometheus.NewDesc("provider_openai_inventory_items",
		"Items of the cached lists that were used within the last hour.", []string{labelCollection}, nil)

	inventories = newCollector(metrics.Registry)
)

// A collector collects the metrics of all inventories. It does not keep those of previous admin keys
// in memory.
type collector struct {
	mu      sync.Mutex
	watched []weak.Pointer[Inventory]
}

func newCollector(r prometheus.Registerer) *collector {
	c := &collector{}
	r.MustRegister(c, lookups)
	return c
}

// watch an inventory for as long as it is in use.
func (c *collector) watch(i *Inventory) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watched = slices.DeleteFunc(c.watched, func(w weak.Pointer[Inventory]) bool { return w.Value() == nil })
	c.watched = append(c.watched, weak.Make(i))
}

// Describe names the metrics.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	ch <- inventoryAge
	ch <- inventoryItems
}

// Collect sums up the inventories by collection.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	type sum struct {
		oldest time.Time
		items  int
	}
	now := time.Now()
	sums := map[string]sum{}
	for _, l := range c.lists(now) {
		collection, asOf, items := l.stats()
		if asOf.IsZero() {
			continue
		}
		of, ok := sums[collection]
		if !ok || asOf.Before(of.oldest) {
			of.oldest = asOf
		}
		of.items += items
		sums[collection] = of
	}
	for collection, of := range sums {
		ch <- prometheus.MustNewConstMetric(inventoryAge, prometheus.GaugeValue, now.Sub(of.oldest).Seconds(), collection)
		ch <- prometheus.MustNewConstMetric(inventoryItems, prometheus.GaugeValue, float64(of.items), collection)
	}
}

// lists that are not idle.
func (c *collector) lists(now time.Time) []anyList {
	c.mu.Lock()
	watched := slices.Clone(c.watched)
	c.mu.Unlock()
	var lists []anyList
	for _, w := range watched {
		i := w.Value()
		if i == nil {
			continue
		}
		i.mu.RLock()
		for _, l := range i.lists {
			if !l.idle(now) {
				lists = append(lists, l)
			}
		}
		i.mu.RUnlock()
	}
	return lists
}
