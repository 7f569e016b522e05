// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"fmt"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

func TestOrganizationsThatAreNoneFillNoMemoryAndPushNobodyOut(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		// answered is whether the made up organizations get good answers.
		answered bool
		many     int
		most     int
	}{
		"NoneOfTheAdminKeys": {
			reason: "OpenAI refuses them.",
			many:   20_000,
			most:   maxUnanswered + 2,
		},
		"AcceptedByAGateway": {
			reason:   "It may not observe them.",
			answered: true,
			many:     3 * maxNamed,
			most:     maxNamed + 2,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := answersOnly("org-honest")
			if tc.answered {
				answers = apitest.Answer(200, "application/json", `{}`)
			}
			s := apitest.Serve(t, answers)
			p, honest, shared := &pool{}, ofConfig("honest"), ofConfig("shared")
			own := p.get(shared, at(s, shared))
			k := honest.of("org-honest")
			named := p.get(k, at(s, k))
			if err := apitest.GetProject(t.Context(), named.AdminService); err != nil {
				t.Fatalf("Get: %v", err)
			}
			for i := range tc.many {
				k := shared.of(fmt.Sprint("org-", i))
				if !tc.answered {
					p.get(k, at(s, k))
					continue
				}
				c := p.get(k, at(s, k))
				if err := apitest.GetProject(t.Context(), c.AdminService); err != nil {
					t.Fatalf("Get: %v", err)
				}
			}
			if n := p.clients(); n > tc.most {
				t.Errorf("%s\nclients: want at most %d, got %d", tc.reason, tc.most, n)
			}
			if p.get(shared, at(s, shared)) != own {
				t.Errorf("%s\nthe configuration's own client was made again, with an empty inventory", tc.reason)
			}
			if p.get(k, at(s, k)) != named {
				t.Errorf("%s\nthe client of another configuration was made again, with an empty inventory", tc.reason)
			}
			if n := len(p.limiters); n != 1 {
				t.Errorf("%s\nlimiters of one admin key: want 1, got %d", tc.reason, n)
			}
		})
	}
}

func TestAnOrganizationThatAnswersOutlivesThoseThatDoNot(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, answersOnly("org-real"))
	p, config := &pool{}, ofConfig("shared")
	k := config.of("org-real")
	first := p.get(k, at(s, k))
	if err := apitest.GetProject(t.Context(), first.AdminService); err != nil {
		t.Fatalf("Get: %v", err)
	}
	wrong := config.of("org-wrong")
	refused := p.get(wrong, at(s, wrong))
	if err := apitest.GetProject(t.Context(), refused.AdminService); err == nil {
		t.Fatal("Get with an organization that is none: want an error")
	}
	for i := range maxUnanswered {
		k := config.of(fmt.Sprint("org-", i))
		p.get(k, at(s, k))
	}
	if p.get(k, at(s, k)) != first {
		t.Error("the client of the organization that answers was made again")
	}
	if p.get(wrong, at(s, wrong)) == refused {
		t.Error("the client of what is no organization was retained, although others came later")
	}
	// Who holds a client that was dropped goes on.
	if err := apitest.GetProject(t.Context(), refused.AdminService); apierror.ClassOf(err) != apierror.ClassUnauthorized {
		t.Errorf("Get with a client that was dropped: want OpenAI's refusal, got %v", err)
	}
}

func TestManyConfigurationsTogetherStayBounded(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, apitest.Answer(200, "application/json", `{}`))
	p, configs := &pool{}, 2*maxNamed/maxUnanswered
	// It has more clients than any other.
	honest, clients := ofConfig("honest"), map[poolKey]*adminapi.Client{}
	for i := range 2 * maxUnanswered {
		k := honest.of(fmt.Sprint("org-", i))
		clients[k] = p.get(k, at(s, k))
		if err := apitest.GetProject(t.Context(), clients[k].AdminService); err != nil {
			t.Fatalf("Get: %v", err)
		}
	}
	for i := range configs {
		config := ofConfig(fmt.Sprint("team-", i))
		p.get(config, at(s, config))
		for j := range maxUnanswered {
			k := config.of(fmt.Sprint("org-", j))
			p.get(k, at(s, k))
		}
	}
	if n := p.clients(); n != maxNamed+configs {
		t.Errorf("clients: want %d and each configuration's own %d, got %d", maxNamed, configs, n)
	}
	for k, c := range clients {
		if p.get(k, at(s, k)) != c {
			t.Errorf("the client of %s, which got good answers, was made again", k.organizationID)
		}
	}
}
