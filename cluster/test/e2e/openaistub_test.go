// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	authv1 "k8s.io/api/authentication/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
)

// An openAIStub exchanges the tokens that a review accepts, and lists one model.
type openAIStub struct {
	// review returns whose token it is.
	review func(ctx context.Context, token string) (string, error)

	mu        sync.Mutex
	exchanged []string
	lists     int
}

const stubToken = "stub-access-token"

func (s *openAIStub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch r.Host + r.URL.Path {
	case "auth.openai.com/oauth/token":
		var in struct {
			Token    string `json:"subject_token"`
			Provider string `json:"identity_provider_id"`
			Account  string `json:"service_account_id"`
		}
		err := json.NewDecoder(r.Body).Decode(&in)
		var who string
		if err == nil {
			who, err = s.review(r.Context(), in.Token)
		}
		if err != nil {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		s.exchanged = append(s.exchanged, in.Provider+" "+in.Account+" "+who)
		_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":3600}`, stubToken)
	case "api.openai.com/v1/models":
		if r.Header.Get("Authorization") != "Bearer "+stubToken {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		s.lists++
		_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"gpt-5","object":"model"}]}`))
	default:
		http.NotFound(w, r)
	}
}

// exchanges are the provider, account and subject of each exchange.
func (s *openAIStub) exchanges() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.exchanged)
}

// listed is how often models were listed.
func (s *openAIStub) listed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lists
}

// startNodeForTest starts a control plane, and a kubelet in whose network a stub is OpenAI. The stub
// has the API server review tokens for the audience of the examples.
func startNodeForTest(t *testing.T) (*environment, *openAIStub) {
	t.Helper()
	w, err := newEnvironment(options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(false); err != nil {
			t.Error(err)
		}
	})
	w.plane, err = controlplane.Start(t.Context(), controlplane.Options{
		ControllerManager: true, Controllers: []string{"deployment-controller", "replicaset-controller"},
		StateDir: filepath.Join(w.dir, "control-plane"), LogDir: w.logs,
	})
	if err != nil {
		t.Fatal(err)
	}
	scheme, err := newScheme()
	if err != nil {
		t.Fatal(err)
	}
	if w.kube, err = client.New(w.plane.Config, client.Options{Scheme: scheme, FieldOwner: "e2e"}); err != nil {
		t.Fatal(err)
	}
	s := &openAIStub{review: func(ctx context.Context, token string) (string, error) {
		r := &authv1.TokenReview{Spec: authv1.TokenReviewSpec{Token: token, Audiences: []string{"openai"}}}
		if err := w.kube.Create(ctx, r); err != nil {
			return "", err
		}
		if !r.Status.Authenticated {
			return "", errors.New(r.Status.Error)
		}
		return r.Status.User.Username, nil
	}}
	if err := w.startNode(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return w, s
}

func content(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
