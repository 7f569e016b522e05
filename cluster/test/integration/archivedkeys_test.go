// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// asOpenAIAnswers a call for a path below the organization now.
func (tn *tenant) asOpenAIAnswers(path string) reply {
	tn.Helper()
	r, err := http.NewRequestWithContext(tn.Context(), http.MethodGet, sim.BaseURL()+"organization/"+path, http.NoBody)
	tn.must(err)
	r.Header.Set("Authorization", "Bearer "+simulator.DefaultAdminKey)
	res, err := http.DefaultClient.Do(r)
	tn.must(err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	tn.must(err)
	return reply{res.StatusCode, "application/json", string(body)}
}

func TestAKeyOfAnArchivedProjectEndsWithItsObjectWhateverOpenAIAnswers(t *testing.T) {
	t.Parallel()
	refusal := func(status int) reply {
		return reply{status, "application/json", `{"error":{"message":"You cannot do this in this project.","type":"invalid_request_error","param":null,"code":null}}`}
	}
	deletesAKey := func(r *http.Request) bool { return r.Method == http.MethodDelete && aboutKeys(r) }
	cases := map[string]struct {
		reason string
		// troubles once the project is archived, told before it is.
		troubles func(tn *tenant, id string) []trouble
		// named tells that an event names the key, for whoever finds it listed.
		named bool
	}{
		"MembersAreForbidden": {
			reason: "Nobody has access to an archived project.",
			troubles: func(tn *tenant, _ string) []trouble {
				return []trouble{{
					meets: func(r *http.Request) bool { return strings.Contains(r.URL.Path, tn.project+"/") },
					reply: refusal(http.StatusForbidden),
				}}
			},
		},
		"TheKeyIsListedStillAndItsDeletionRefused": {
			reason: "That it ended is not to be seen.",
			troubles: func(tn *tenant, id string) []trouble {
				keys := "projects/" + tn.project + "/api_keys"
				return []trouble{
					{meets: listsKeys, reply: tn.asOpenAIAnswers(keys + "?limit=100&owner_project_access=any")},
					{meets: reads(id), reply: tn.asOpenAIAnswers(keys + "/" + id)},
					{meets: deletesAKey, reply: refusal(http.StatusBadRequest)},
				}
			},
			named: true,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			key := tn.key("archived")
			tn.create(key)
			tn.awaitReady(key)
			id := meta.GetExternalName(key)
			troubles := tc.troubles(tn, id)
			tn.archive(tn.project)
			g.begin(troubles...)
			tn.delete(key)
			tn.awaitGone(key)
			if tc.named {
				tn.awaitEventThatSays(key, "StillListed", id)
			}
		})
	}
}
