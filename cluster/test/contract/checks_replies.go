// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// replyChecks are about all replies of a run.
var replyChecks = []check{
	{
		name:       "RepliesAreDated",
		assumption: "every reply has a Date, which is within 48 h of the clock of a provider",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			const farthestOff = 48 * time.Hour
			d := s.wire.dates
			return fmt.Sprintf("%d of %d replies without; at most %v off", d.undated, d.replies, d.farthest.Round(time.Second)), d.undated == 0 && d.farthest.Abs() <= farthestOff, nil
		},
	},
	{
		name:       "IDsAreIDs",
		assumption: "IDs have letters, digits and . _ : ~ @ = + - only, so that whatever has more is none",
		try: func(_ context.Context, s *sandbox) (string, bool, error) {
			p := s.fixtures.live
			return fmt.Sprintf("%q, %q, %q", p.project.ID, p.account.ID, p.key.ID), apierror.IsID(p.project.ID) && apierror.IsID(p.account.ID) && apierror.IsID(p.key.ID), nil
		},
	},
	{
		name: "HeadersOfReplies",
		try: func(ctx context.Context, s *sandbox) (string, bool, error) {
			if _, err := s.projects.Get(ctx, s.fixtures.live.project.ID); err != nil {
				return "", false, s.safe(err)
			}
			h := s.wire.last.header
			has := func(name string) bool { return h.Get(name) != "" }
			// The name of the organization does not belong in a log.
			return fmt.Sprintf("openai-organization: %t, x-request-id: %t, x-ratelimit-limit-requests: %t", has("Openai-Organization"), has("X-Request-Id"), has("X-Ratelimit-Limit-Requests")), true, nil
		},
	},
	{
		name:       "ThrottlingIsExplained",
		assumption: "a 429 has code rate_limit_exceeded, and says in Retry-After or in its message how long to wait",
		try:        tryThrottling,
	},
}

// waitInWords matches the wait in the message of a 429.
var waitInWords = regexp.MustCompile(`(?i)\b(after|in) [0-9.]+ ?[hms]`)

// tryThrottling checks a 429 that occurred in the run. It provokes one only at the simulator.
func tryThrottling(ctx context.Context, s *sandbox) (string, bool, error) {
	if sim := s.target.simulator; sim != nil {
		if _, err := sim.AddFault(simulator.Fault{Route: simulator.RouteGetProject, Kind: simulator.FaultRateLimitBody, Count: 1}); err != nil {
			return "", false, err
		}
		// The call is expected to fail.
		_, _ = s.projects.Get(ctx, s.fixtures.live.project.ID)
	}
	if len(s.wire.throttled) == 0 {
		return "", false, fmt.Errorf("no call met a rate limit")
	}
	r := s.wire.throttled[0]
	e := readError(r.body)
	if e == nil || e.Code == nil {
		return fmt.Sprintf("%d, without a code in the form of OpenAI's errors", r.status), false, nil
	}
	header := r.header.Get("Retry-After")
	reported := header != "" || waitInWords.MatchString(e.Message)
	return fmt.Sprintf("%d %s, code %q, Retry-After %q: %q", r.status, http.StatusText(r.status), *e.Code, header, e.Message), reported && *e.Code == "rate_limit_exceeded", nil
}
