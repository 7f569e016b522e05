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

// currentReply returns what OpenAI answers now to a GET of a path below the organization.
func (tn *tenant) currentReply(path string) reply {
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
		// interceptions returns the replies that the gateway changes once the project is archived; it is
		// called before that.
		interceptions func(tn *tenant, id string) []interception
		// named reports that an event must name the key, for whoever finds it in a list.
		named bool
	}{
		"MembersAreForbidden": {
			reason: "Nobody has access to an archived project.",
			interceptions: func(tn *tenant, _ string) []interception {
				return []interception{{
					matches: func(r *http.Request) bool { return strings.Contains(r.URL.Path, tn.project+"/") },
					reply:   refusal(http.StatusForbidden),
				}}
			},
		},
		"TheKeyIsListedStillAndItsDeletionRefused": {
			reason: "That it ended is not to be seen.",
			interceptions: func(tn *tenant, id string) []interception {
				keys := "projects/" + tn.project + "/api_keys"
				return []interception{
					{matches: listsKeys, reply: tn.currentReply(keys + "?limit=100&owner_project_access=any")},
					{matches: readsByID(id), reply: tn.currentReply(keys + "/" + id)},
					{matches: deletesAKey, reply: refusal(http.StatusBadRequest)},
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
			interceptions := tc.interceptions(tn, id)
			tn.archive(tn.project)
			g.intercept(interceptions...)
			tn.delete(key)
			tn.awaitGone(key)
			if tc.named {
				tn.awaitEventWith(key, "StillListed", id)
			}
		})
	}
}
