// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// Environment variables that select the target.
const (
	envKey     = "OPENAI_ADMIN_KEY"
	envKeyFile = "OPENAI_ADMIN_KEY_FILE"
	envBaseURL = "BASE_URL"
	envConfirm = "CONFIRM"
)

// A target is an Administration API to test.
type target struct {
	baseURL  string
	adminKey string

	// callInterval is the minimum time between two calls.
	callInterval time.Duration

	// simulator that was started for this run; nil for another API.
	simulator *simulator.HTTP
}

// callEvery is the call interval at OpenAI, whose limits were measured by others as 7 to 10 calls
// per minute and route.
const callEvery = 7 * time.Second

// newTarget returns the API that the environment names: a new simulator, unless it names a file
// with an admin key or a base URL. OPENAI_ADMIN_KEY alone selects nothing, because it is set for
// other programs too.
func newTarget(getenv func(string) string) (*target, error) {
	if getenv(envKeyFile) == "" && getenv(envBaseURL) == "" {
		sim := simulator.NewHTTP()
		return &target{baseURL: sim.BaseURL(), adminKey: simulator.DefaultAdminKey, simulator: sim}, nil
	}
	t := &target{baseURL: strings.TrimSuffix(cmp.Or(getenv(envBaseURL), adminapi.DefaultBaseURL), "/") + "/"}
	u, err := url.Parse(t.baseURL)
	if err != nil || u.Host == "" || u.User != nil {
		// The URL may hold a password, so that it is not quoted.
		return nil, fmt.Errorf("%s is not a URL such as %q, without a password", envBaseURL, adminapi.DefaultBaseURL)
	}
	if !isLoopback(u.Hostname()) {
		if u.Scheme != "https" {
			return nil, fmt.Errorf("%s %q would have the admin key sent in the clear: use https", envBaseURL, t.baseURL)
		}
		if getenv(envConfirm) != "yes" {
			return nil, fmt.Errorf("this would make projects at %q, and archive them, which nobody can undo: set %s=yes if that is what you want", t.baseURL, envConfirm)
		}
		t.callInterval = callEvery
	}
	t.adminKey, err = adminKey(getenv)
	return t, err
}

// adminKey is read from a file or the environment. The error does not quote what was read.
func adminKey(getenv func(string) string) (string, error) {
	key, from := getenv(envKey), envKey
	if file := getenv(envKeyFile); file != "" {
		if strings.HasPrefix(file, "sk-") {
			// The error of os.ReadFile would quote the key.
			return "", errors.New(envKeyFile + " names no file but looks like the key itself: store the key in a file, and name that")
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("cannot read the admin key: %w", err)
		}
		key, from = string(b), fmt.Sprintf("the file %q", file)
	}
	key = strings.TrimSpace(key)
	switch {
	case key == "":
		return "", fmt.Errorf("there is no admin key: have %s name a file that holds one, or set %s", envKeyFile, envKey)
	case strings.ContainsAny(key, " \t\r\n"):
		return "", errors.New(from + " holds more than an admin key: it must hold nothing else")
	}
	return key, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func (t *target) name() string {
	if t.simulator != nil {
		return "the simulator"
	}
	return t.baseURL
}

func (t *target) close() {
	if t.simulator != nil {
		t.simulator.Close()
	}
}
