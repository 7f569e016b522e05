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

// How a question to an inventory was answered.
const (
	// lookupHit is an answer from what was known.
	lookupHit = "hit"
	// lookupShared is an answer by a fetch that somebody else had begun.
	lookupShared = "shared"
	// lookupFetch is an answer for which a fetch had to begin.
	lookupFetch = "fetch"
)

const labelCollection = "collection"

var (
	inventoryLookups = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "provider_openai_inventory_lookups_total",
		Help: "Questions for a list, by how they were answered: from memory (hit), by a fetch that somebody else had begun (shared), or by one begun for it (fetch).",
	}, []string{labelCollection, "result"})

	inventoryAge = prometheus.NewDesc("provider_openai_inventory_age_seconds",
		"Age of the oldest list in memory that was asked for within the last hour.", []string{labelCollection}, nil)

	inventoryItems = prometheus.NewDesc("provider_openai_inventory_items",
		"Things in the lists in memory that were asked for within the last hour.", []string{labelCollection}, nil)

	inventories = newStocktaker(metrics.Registry)
)

func countLookup(collection, result string) {
	inventoryLookups.WithLabelValues(collection, result).Inc()
}

// watch an inventory as long as it is in use.
func watch(i *Inventory) { inventories.watch(i) }

// A stocktaker collects the metrics of all inventories, without keeping those of
// former credentials in memory.
type stocktaker struct {
	mu      sync.Mutex
	watched []weak.Pointer[Inventory]
}

func newStocktaker(r prometheus.Registerer) *stocktaker {
	s := &stocktaker{}
	r.MustRegister(s, inventoryLookups)
	return s
}

func (s *stocktaker) watch(i *Inventory) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watched = slices.DeleteFunc(s.watched, func(w weak.Pointer[Inventory]) bool { return w.Value() == nil })
	s.watched = append(s.watched, weak.Make(i))
}

// Describe names the metrics.
func (s *stocktaker) Describe(ch chan<- *prometheus.Desc) {
	ch <- inventoryAge
	ch <- inventoryItems
}

// Collect sums up the inventories by collection.
func (s *stocktaker) Collect(ch chan<- prometheus.Metric) {
	type sum struct {
		oldest time.Time
		items  int
	}
	now := time.Now()
	sums := map[string]sum{}
	for _, l := range s.lists(now) {
		collection, asOf, items := l.stock()
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

// lists that are in use.
func (s *stocktaker) lists(now time.Time) []keptList {
	s.mu.Lock()
	watched := slices.Clone(s.watched)
	s.mu.Unlock()
	var lists []keptList
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
