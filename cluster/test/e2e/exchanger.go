// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/auth"
	"github.com/openai/openai-go/v3/option"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
)

// An exchanger exchanges tokens all the time, and lists models with each that it gets. A program
// such as the example's exchanges only when its token ends, and would not notice most of what
// happens during a rotation.
type exchanger struct {
	// subject returns the token to exchange. That there is none, as while the API server restarts,
	// is no failed exchange.
	subject func(context.Context) (string, error)

	identityProviderID, serviceAccountID string
	http                                 *http.Client

	done sync.WaitGroup
	stop context.CancelFunc

	mu     sync.Mutex
	made   int
	keys   map[string]int
	failed []error
}

func (e *exchanger) start(ctx context.Context) {
	ctx, e.stop = context.WithCancel(ctx)
	e.keys = map[string]int{}
	e.done.Go(func() { wait.UntilWithContext(ctx, e.exchange, pause) })
}

// finish ends the exchanges, and returns how many were made and which of them failed.
func (e *exchanger) finish() (made int, failed []error) {
	e.stop()
	e.done.Wait()
	return e.made, e.failed
}

// listModels exchanges a token with a client that has none yet, so that it has to, and uses the client
// once.
func (e *exchanger) listModels(ctx context.Context, token string) error {
	models := openai.NewModelService(
		option.WithBaseURL("https://api.openai.com/v1/"),
		option.WithHTTPClient(e.http),
		option.WithMaxRetries(0),
		option.WithWorkloadIdentity(auth.WorkloadIdentity{
			IdentityProviderID: e.identityProviderID, ServiceAccountID: e.serviceAccountID, Provider: subjectToken(token),
		}),
	)
	_, err := models.List(ctx)
	return err
}

// exchange one token, and record what came of it.
func (e *exchanger) exchange(ctx context.Context) {
	token, err := e.subject(ctx)
	if err != nil {
		return
	}
	began := time.Now()
	err = e.listModels(ctx, token)
	if ctx.Err() != nil {
		return
	}
	header, invalid := controlplane.HeaderOf(token)
	if err == nil {
		err = invalid
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.made++
	if err != nil {
		e.failed = append(e.failed, fmt.Errorf("at %s, with a token of key %q: %w", began.Format(time.TimeOnly), header.KeyID, err))
		return
	}
	e.keys[header.KeyID]++
}

// exchanged checks whether tokens that a key signed were exchanged.
func (e *exchanger) exchanged(keyID string) check {
	return func(context.Context) (string, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.keys[keyID] == 0 {
			return fmt.Sprintf("no token of key %q was exchanged, and %d exchanges failed", keyID, len(e.failed)), nil
		}
		return "", nil
	}
}

// A subjectToken is exchanged as it is.
type subjectToken string

// TokenType implements [auth.SubjectTokenProvider].
func (subjectToken) TokenType() auth.SubjectTokenType { return auth.SubjectTokenTypeJWT }

// GetToken implements [auth.SubjectTokenProvider].
func (t subjectToken) GetToken(context.Context, auth.HTTPDoer) (string, error) { return string(t), nil }
