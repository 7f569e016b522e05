// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command app lists OpenAI's models again and again, without an API key: OpenAI gives it a token of
// at most an hour for the token of its pod's ServiceAccount. It stands for your application, and
// ../3-deployment.yaml runs it.
//
// The ConfigMap of a FederationRule has what it needs, and nothing of that is secret:
// OPENAI_IDENTITY_PROVIDER_ID, OPENAI_SERVICE_ACCOUNT_ID and OPENAI_IDENTITY_TOKEN_FILE, which
// OpenAI's SDKs do not read by themselves, and OPENAI_BASE_URL, which they do.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/auth"
	"github.com/openai/openai-go/v3/option"
)

func main() {
	interval := flag.Duration("interval", time.Minute, "time between two calls")
	flag.Parse()
	client, err := newClient()
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for ctx.Err() == nil {
		models, err := client.Models.List(ctx)
		if err != nil {
			log.Printf("cannot list models: %v", err)
		} else {
			log.Printf("%d models", len(models.Data))
		}
		select {
		case <-ctx.Done():
		case <-time.After(*interval):
		}
	}
}

// newClient returns a client that exchanges tokens by itself, in time. Keep one for the whole
// program: every new client makes an exchange of its own.
func newClient() (openai.Client, error) {
	var values [3]string
	for i, name := range []string{"OPENAI_IDENTITY_PROVIDER_ID", "OPENAI_SERVICE_ACCOUNT_ID", "OPENAI_IDENTITY_TOKEN_FILE"} {
		// Without a file the SDK would read the token with which a pod calls the API server, and
		// show OpenAI what opens the cluster.
		if values[i] = os.Getenv(name); values[i] == "" {
			return openai.Client{}, fmt.Errorf("%s is not set: use the ConfigMap of a FederationRule with envFrom", name)
		}
	}
	return openai.NewClient(option.WithWorkloadIdentity(auth.WorkloadIdentity{
		IdentityProviderID: values[0],
		ServiceAccountID:   values[1],
		// It reads the file at each exchange, because Kubernetes replaces the token.
		Provider: auth.K8sServiceAccountTokenProvider(values[2]),
	})), nil
}
