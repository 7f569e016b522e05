// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A mode is what happens to a request.
type mode string

// The modes of trouble. After a kill another provider process is started.
const (
	undisturbed mode = ""

	// killedBefore: the process dies, and the request is never carried out.
	killedBefore mode = "killed before"
	// killedAfter: the process dies without the reply to what was carried out.
	killedAfter mode = "killed after"
	// killedLate: the process dies, and its request is carried out when the next
	// process is at work already, as from the queue of a busy network.
	killedLate mode = "killed and carried out late"
	// lost: the connection breaks after the request was carried out.
	lost mode = "reply lost"

	// Replies that say otherwise after the request was carried out.
	conflictAfter  mode = "409 after"
	throttledAfter mode = "429 after"
	brokenAfter    mode = "500 after"

	// Replies instead of carrying out the request.
	throttledInstead mode = "429 instead"
	brokenInstead    mode = "500 instead"

	// A gateway's page, as while OpenAI is deployed anew: it says "not found" of
	// everything, also after the request was carried out.
	pageAfter   mode = "404 page after"
	pageInstead mode = "404 page instead"

	// OpenAI's own replies to the end of something that was not carried out: a server that
	// has not heard of it yet, and one that keeps it.
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

// status of the reply, 0 if the mode leaves it alone or lets none through.
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

// instead tells that the request is not carried out.
func (m mode) instead() bool { return m == killedBefore || strings.HasSuffix(string(m), " instead") }

// A side is one of the two servers that the provider talks to.
type side string

const (
	kubernetes side = "kubernetes"
	openAI     side = "openai"
)

// A request as it comes again in every run of a scenario: IDs and the run's
// namespace are left out of its label, and equal labels are numbered from 1.
type request struct {
	side  side
	label string
	nth   int
}

// modes of trouble that the request can meet with.
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

// ends tells that the request ends something at OpenAI.
func (r request) ends() bool {
	return r.side == openAI && (strings.HasPrefix(r.label, http.MethodDelete+" ") || strings.HasSuffix(r.label, "/archive"))
}

// creates tells that the request makes something at OpenAI. What is there already has
// an ID.
func (r request) creates() bool {
	return r.side == openAI && !r.ends() && !strings.HasSuffix(r.label, "/{id}")
}

func (r request) String() string { return fmt.Sprintf("%s %s #%d", r.side, r.label, r.nth) }

// A point is the request of a scenario that meets with trouble.
type point struct {
	request
	mode mode

	// times that the trouble comes, for this request and those of the same label
	// that follow.
	times int
}

func (p point) String() string {
	s := fmt.Sprintf("%s: %s", p.request, p.mode)
	if p.times > 1 {
		s += fmt.Sprintf(" (%d times)", p.times)
	}
	return s
}

// strikes tells that a request meets with the point's trouble.
func (p point) strikes(r request) bool {
	return p.mode != undisturbed && p.side == r.side && p.label == r.label && r.nth >= p.nth && r.nth < p.nth+max(p.times, 1)
}
