// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// callTimeout bounds one request of the demo itself.
const callTimeout = 20 * time.Second

// chatBody requests as little as possible: with REAL=1 it costs next to nothing should it be
// permitted by mistake.
const chatBody = `{"model":"gpt-5-mini","max_completion_tokens":1,"messages":[{"role":"user","content":"Hello"}]}`

// A request that a consumer of the key makes.
type request struct{ method, path, body string }

var (
	listModels = request{method: http.MethodGet, path: "/models"}
	chat       = request{method: http.MethodPost, path: "/chat/completions", body: chatBody}
)

// keyVariable is the entry of the key in its Secret, and the variable in which OpenAI's SDKs look
// for it.
const keyVariable = "OPENAI_API_KEY"

// A credential is a key, and the shell variable that stands for it in the output: the value is
// never shown.
type credential struct{ variable, value string }

// expect repeats a request with a project's key until the status is a wanted one: changes at OpenAI
// may take effect with a delay. It shows the request as a curl command, and the answer.
func (d *demo) expect(ctx context.Context, r request, key credential, want ...int) error {
	post := ""
	if r.body != "" {
		post = " --json " + quote([]string{r.body})
	}
	d.say(`$ curl -H "Authorization: Bearer $%s"%s %s`, key.variable, post, d.baseURL+r.path)

	var status int
	var reason string
	err := wait.PollUntilContextTimeout(ctx, time.Second, time.Minute, true, func(ctx context.Context) (bool, error) {
		var err error
		status, reason, err = call(ctx, r.method, d.baseURL+r.path, key.value, r.body)
		return err == nil && slices.Contains(want, status), nil
	})
	d.say("%s", strings.TrimSpace(fmt.Sprintf("HTTP %d %s %s", status, http.StatusText(status), reason)))
	if err != nil {
		return fmt.Errorf("%s %s was answered with %d and not with %d: %w", r.method, r.path, status, want, err)
	}
	return nil
}

// call makes a request and returns the status of the answer, and the reason of a refusal.
func call(ctx context.Context, method, url, key, body string) (status int, reason string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	return answer.StatusCode, refusal(answer.StatusCode, data), err
}

// refusal returns OpenAI's message about a refused request. That of a 401 is left out, because it
// shows a part of the key.
func refusal(status int, body []byte) string {
	var answer struct {
		Error struct {
			Message string `json:"message"`
			Code    string `json:"code"`
		} `json:"error"`
	}
	if status < http.StatusBadRequest || json.Unmarshal(body, &answer) != nil {
		return ""
	}
	if status == http.StatusUnauthorized {
		return answer.Error.Code
	}
	return answer.Error.Message
}
