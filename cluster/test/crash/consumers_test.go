// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// useInterval is how long a consumer waits between two uses.
const useInterval = 40 * time.Millisecond

// uses are the results of a consumer's calls.
type uses struct {
	times  int
	failed []string
}

func (u uses) findings() []finding {
	if len(u.failed) == 0 {
		return nil
	}
	return []finding{{refused, fmt.Sprintf("%d of %d uses failed, the first one: %s", len(u.failed), u.times, u.failed[0])}}
}

// use Secrets as a consumer does, continuously until stop is called: each time one of them must
// exist with a key that works.
func (p *environment) use(ctx context.Context, secrets []string) (stop func() uses) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan uses, 1)
	go func() {
		var u uses
		for ctx.Err() == nil {
			// A canceled call would prove nothing.
			why := p.useOnce(context.WithoutCancel(ctx), secrets)
			u.times++
			if why != "" {
				u.failed = append(u.failed, time.Now().Format("15:04:05.000 ")+why)
			}
			select {
			case <-ctx.Done():
			case <-time.After(useInterval):
			}
		}
		done <- u
	}()
	return func() uses {
		cancel()
		return <-done
	}
}

// useOnce returns why the Secrets cannot be used; empty: they can.
func (p *environment) useOnce(ctx context.Context, secrets []string) string {
	there := 0
	for _, name := range secrets {
		s, err := p.secret(ctx, name)
		if err != nil {
			continue
		}
		value := string(s.Data["OPENAI_API_KEY"])
		if value == "" && len(secrets) > 1 {
			// A pending Secret, whose key is still in another one.
			continue
		}
		there++
		code, err := listModels(ctx, value)
		if err != nil {
			return err.Error()
		}
		if code != http.StatusOK {
			return fmt.Sprintf("the key %q in Secret %q, of resource version %s, was answered %d", s.Annotations[annotationKeyID], name, s.ResourceVersion, code)
		}
	}
	if there == 0 {
		return fmt.Sprintf("none of the Secrets %v holds a key", secrets)
	}
	return ""
}

func listModels(ctx context.Context, value string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, sim.Root()+"/v1/models", http.NoBody)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+value)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
