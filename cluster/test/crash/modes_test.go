// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A mode is a fault that happens to a request.
type mode string

// The modes. After a kill another provider process is started.
const (
	undisturbed mode = ""

	// killedBefore: the process is killed, and the request is never carried out.
	killedBefore mode = "killed before"
	// killedAfter: the process is killed before it gets the reply to a request that was carried
	// out.
	killedAfter mode = "killed after"
	// killedLate: the process is killed, and its request is carried out when the next process is
	// running already, as from the queue of a busy network.
	killedLate mode = "killed and carried out late"
	// lost: the connection breaks after the request was carried out.
	lost mode = "reply lost"

	// Error replies although the request was carried out.
	conflictAfter  mode = "409 after"
	throttledAfter mode = "429 after"
	brokenAfter    mode = "500 after"

	// Error replies without carrying out the request.
	throttledInstead mode = "429 instead"
	brokenInstead    mode = "500 instead"

	// A gateway's page with status 404, as during a deployment of OpenAI, also after the request
	// was carried out.
	pageAfter   mode = "404 page after"
	pageInstead mode = "404 page instead"

	// OpenAI's own replies to a deletion that was not carried out: by a server that does not know
	// the resource yet, and by one that keeps it.
	deniedInstead mode = "404 instead"
	keptInstead   mode = "200 that keeps it instead"
)

var (
	commonModes = []mode{
		killedAfter, killedBefore, lost, brokenAfter, throttledAfter, conflictAfter, killedLate, throttledInstead, brokenInstead,
	}
	gatewayModes = []mode{pageInstead, pageAfter}
	endModes     = []mode{deniedInstead, keptInstead}
)

func (m mode) kills() bool { return strings.HasPrefix(string(m), "killed") }

// status of the reply; 0 if the mode changes no reply, or drops it.
func (m mode) status() int {
	switch m {
	case conflictAfter:
		return http.StatusConflict
	case throttledAfter, throttledInstead:
		return http.StatusTooManyRequests
	case brokenAfter, brokenInstead:
		return http.StatusInternalServerError
	case pageAfter, pageInstead, deniedInstead:
		return http.StatusNotFound
	case keptInstead:
		return http.StatusOK
	default:
		return 0
	}
}

// instead reports whether the request is not carried out.
func (m mode) instead() bool { return m == killedBefore || strings.HasSuffix(string(m), " instead") }

// A side is one of the two servers that the provider talks to.
type side string

const (
	kubernetes side = "kubernetes"
	openAI     side = "openai"
)

// A request that is the same in every run of a scenario: its label contains neither IDs nor the
// run's namespace, and equal labels are numbered from 1.
type request struct {
	side  side
	label string
	nth   int
}

// modes that can happen to the request.
func (r request) modes() []mode {
	switch {
	case r.side != openAI:
		return commonModes
	case r.ends():
		return slices.Concat(commonModes, gatewayModes, endModes)
	default:
		return slices.Concat(commonModes, gatewayModes)
	}
}

// ends reports whether the request deletes, archives or revokes a resource at OpenAI.
func (r request) ends() bool {
	return r.side == openAI && (strings.HasPrefix(r.label, http.MethodDelete+" ") || strings.HasSuffix(r.label, "/archive"))
}

// creates reports whether the request creates a resource at OpenAI. The path of an existing one has
// its ID.
func (r request) creates() bool {
	return r.side == openAI && !r.ends() && !strings.HasSuffix(r.label, "/{id}")
}

func (r request) String() string { return fmt.Sprintf("%s %s #%d", r.side, r.label, r.nth) }

// A point is a request of a scenario, and the fault that happens to it.
type point struct {
	request
	mode mode

	// times that the fault happens: to this request and those of the same label that follow.
	times int
}

func (p point) String() string {
	s := fmt.Sprintf("%s: %s", p.request, p.mode)
	if p.times > 1 {
		s += fmt.Sprintf(" (%d times)", p.times)
	}
	return s
}

// strikes reports whether the point's fault happens to a request.
func (p point) strikes(r request) bool {
	return p.mode != undisturbed && p.side == r.side && p.label == r.label && r.nth >= p.nth && r.nth < p.nth+max(p.times, 1)
}
