// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestTheProgramServesUntilItIsStopped(t *testing.T) {
	const key = "sk-admin-SIMULATED-program"
	log := filepath.Join(t.TempDir(), "calls.jsonl")
	t.Setenv("OPENAI_SIMULATOR_ADMIN_KEY", key)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, stdout := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"--organization-id=org-program", "--rate-limit=1", "--call-log=" + log}, stdout)
	}()

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok || !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/v1") {
		t.Fatalf("first line: %q", line)
	}

	admin := openai.NewAdminOrganizationProjectService(option.WithBaseURL(url+"/"), option.WithAdminAPIKey(key),
		option.WithOrganization("org-program"), option.WithMaxRetries(0))
	if _, err := admin.List(t.Context(), openai.AdminOrganizationProjectListParams{}); err != nil {
		t.Errorf("first call: %v", err)
	}
	if _, err := admin.List(t.Context(), openai.AdminOrganizationProjectListParams{}); err == nil {
		t.Error("second call: the rate limit does not hold")
	}

	stop()
	if err := <-done; err != nil {
		t.Errorf("stopped with error: %v", err)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), key) {
		t.Error("the call log holds the admin key")
	}
	var statuses []int
	for l := range strings.Lines(string(b)) {
		var c simulator.Call
		if err := json.Unmarshal([]byte(l), &c); err != nil {
			t.Fatal(err)
		}
		statuses = append(statuses, c.Status)
	}
	if len(statuses) != 2 || statuses[0] != 200 || statuses[1] != 429 {
		t.Errorf("call log: got statuses %v", statuses)
	}
}

func TestTheProgramSaysWhyItCannotStart(t *testing.T) {
	for name, args := range map[string][]string{
		"unknown flag": {"--nonsense"},
		"bad address":  {"--address=nowhere:0:0"},
		"bad call log": {"--call-log=" + t.TempDir()},
	} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
