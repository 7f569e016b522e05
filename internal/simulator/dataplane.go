// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"net/http"
	"slices"
	"time"
)

// Any one of these scopes allows a key to list models, or to use them.
var (
	listModelsScopes = []string{"api.model.read", "model.read", "api.all.read", "api.all"}
	useModelsScopes  = []string{"api.model.request", "model.request", "api.all"}
)

// modelIDs are the models that every project has.
var modelIDs = []string{"gpt-5", "gpt-5-mini", "text-embedding-3-small"}

// A principal is a project API key or an access token that was authenticated.
type principal struct {
	org       *organization
	projectID string

	// keyID is empty for an access token.
	keyID string

	// scopes restrict what the principal may do; none means all permissions.
	scopes []string
}

// authenticate returns the project API key or access token with a value, if it works.
func (s *Server) authenticate(value string, now time.Time) (principal, *apiError) {
	if t, ok := s.accessTokens[hash(value)]; ok {
		if who, works := t.principal(now); works {
			return who, nil
		}
		return principal{}, invalidCredential(value)
	}
	return s.authenticateKey(value, now)
}

// authenticateKey returns the key with a value, if it works: it has not expired, its
// project is not archived and its owner has access to the project.
func (s *Server) authenticateKey(value string, now time.Time) (principal, *apiError) {
	ref, ok := s.keys[hash(value)]
	if !ok {
		return principal{}, invalidCredential(value)
	}
	p, _ := ref.org.projects().get(latest, ref.projectID)
	k, kept := ref.find()
	if !kept || k.expired(now) || p.archived() || ref.org.ownerRole(k, latest) == roleNone {
		return principal{}, invalidCredential(value)
	}
	return principal{org: ref.org, projectID: p.ID, keyID: k.ID, scopes: k.Scopes}, nil
}

// allows reports whether the principal has any of the scopes.
func (p principal) allows(anyOf []string) bool {
	if len(p.scopes) == 0 {
		return true
	}
	return slices.ContainsFunc(p.scopes, func(s string) bool { return slices.Contains(anyOf, s) })
}

var _ = registerHandlers("models", handwritten{
	Operations: Operations{List: RouteListModels},
	register:   func(s *Server) { s.data(RouteListModels, listModelsScopes, listModels) },
})

var _ = registerHandlers("chat/completions", handwritten{
	Operations: Operations{Create: RouteCreateChatCompletion},
	register:   func(s *Server) { s.data(RouteCreateChatCompletion, useModelsScopes, createChatCompletion) },
})

// data registers a route for project API keys and access tokens that have any of the
// scopes. Refusals name the first one.
func (s *Server) data(route Route, anyOf []string, h func(*request) (any, *apiError)) {
	s.handle(route, func(c *apiCall) (any, *apiError) {
		if c.token == "" {
			return nil, noCredential()
		}
		who, aerr := s.authenticate(c.token, c.now)
		if aerr != nil {
			return nil, aerr
		}
		if aerr := checkOrganization(c.http, who.org.id); aerr != nil {
			return nil, aerr
		}
		if id := c.http.Header.Get("OpenAI-Project"); id != "" && id != who.projectID {
			return nil, mismatched("OpenAI-Project", "project")
		}
		if who.keyID != "" {
			who.org.lastUsed[who.keyID] = c.now
		}
		if !who.allows(anyOf) {
			return nil, s.scopeMissing(http.StatusForbidden, anyOf[0])
		}
		return h(&request{Request: c.http, server: s, body: c.body, org: who.org, now: c.now, view: c.view})
	})
}

type modelJSON struct {
	ID           string  `json:"id"`
	Object       string  `json:"object"`
	Created      int64   `json:"created"`
	OwnedBy      string  `json:"owned_by"`
	ShutdownDate *string `json:"shutdown_date"`
}

func listModels(*request) (any, *apiError) {
	models := make([]modelJSON, 0, len(modelIDs))
	for _, id := range modelIDs {
		models = append(models, modelJSON{ID: id, Object: "model", Created: 1754425777, OwnedBy: "system"})
	}
	return map[string]any{"object": "list", "data": models}, nil
}

func createChatCompletion(r *request) (any, *apiError) {
	// A chat completion has far too many parameters to refuse unknown ones.
	in, aerr := decodeLoosely[struct {
		Model    string `json:"model"`
		Messages []any  `json:"messages"`
	}](r)
	switch {
	case aerr != nil:
		return nil, aerr
	case in.Model == "":
		return nil, missingParameter("model")
	case len(in.Messages) == 0:
		return nil, missingParameter("messages")
	}
	return map[string]any{
		"id": "chatcmpl-" + randomText(24), "object": "chat.completion", "created": r.now.Unix(), "model": in.Model,
		"choices": []any{map[string]any{
			"index": 0, "finish_reason": "stop", "logprobs": nil,
			"message": map[string]any{"role": "assistant", "content": "Hello from the simulator.", "refusal": nil},
		}},
		"usage": map[string]any{"prompt_tokens": 1, "completion_tokens": 4, "total_tokens": 5},
	}, nil
}
