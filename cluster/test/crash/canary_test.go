// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
)

// canary searches for keys everywhere except in Secrets.
func (p *environment) canary(ctx context.Context) []finding {
	var f []finding
	look := func(where string, text []byte, err error) {
		switch {
		case err != nil:
			f = append(f, finding{broken, fmt.Sprintf("cannot search for keys in %s: %v", where, err)})
		case len(text) == 0:
			f = append(f, finding{broken, fmt.Sprintf("nothing to search for keys was found in %s", where)})
		case canary.Reveals(text):
			f = append(f, finding{revealed, "in " + where})
		}
	}
	for _, where := range p.tap.leaked() {
		f = append(f, finding{revealed, "in " + where})
	}
	text, err := os.ReadFile(p.provider.log.Name())
	look("the provider's log", text, err)
	text, err = p.provider.metricsText(ctx)
	look("the provider's metrics", text, err)

	paths, err := p.listings(ctx)
	if err != nil {
		f = append(f, finding{broken, err.Error()})
	}
	for _, path := range paths {
		text, err = raw(ctx, path)
		look(path, text, err)
	}
	return f
}

// listings of everything in the environment that is not a Secret.
func (p *environment) listings(ctx context.Context) ([]string, error) {
	paths := []string{"/api/v1/namespaces/" + p.namespace + "/events", "/api/v1/namespaces/" + p.namespace + "/configmaps"}
	group := "/apis/" + v1alpha1.SchemeGroupVersion.String()
	text, err := raw(ctx, group)
	if err != nil {
		return paths, err
	}
	var found struct {
		Resources []struct {
			Name       string `json:"name"`
			Namespaced bool   `json:"namespaced"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(text, &found); err != nil {
		return paths, fmt.Errorf("cannot read the list of kinds: %w", err)
	}
	for _, r := range found.Resources {
		switch {
		case strings.Contains(r.Name, "/"):
		case r.Namespaced:
			paths = append(paths, group+"/namespaces/"+p.namespace+"/"+r.Name)
		default:
			paths = append(paths, group+"/"+r.Name+"/"+p.namespace)
		}
	}
	return paths, nil
}

// raw reads a path of the API server.
func raw(ctx context.Context, path string) ([]byte, error) {
	c, err := rest.HTTPClientFor(kubeHTTP)
	if err != nil {
		return nil, fmt.Errorf("cannot connect to the API server: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(kubeHTTP.Host, "/")+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("cannot read %s: it is answered %s", path, resp.Status)
	}
	return io.ReadAll(resp.Body)
}
