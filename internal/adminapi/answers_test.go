// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// TestWhatAnswersElsewhereLeadsToTheBaseURL calls what a wrong base URL leads to.
func TestWhatAnswersElsewhereLeadsToTheBaseURL(t *testing.T) {
	t.Parallel()
	sim := simulator.NewHTTP()
	t.Cleanup(sim.Close)
	page := apitest.Serve(t, apitest.Answer(http.StatusOK, "text/html", "<html>Sign in</html>"))
	lost := apitest.Serve(t, apitest.Answer(http.StatusNotFound, "text/html", "<html>Not found</html>"))
	cases := map[string]struct {
		reason, base string
		doubted      bool
	}{
		"OpenAIWithoutAVersion":    {"OpenAI says that it does not know the path.", sim.Root(), true},
		"OpenAIWithTheCollection":  {"As above.", sim.Root() + "/v1/organization", true},
		"OpenAIWithACompletion":    {"As above.", sim.Root() + "/v1/chat/completions", true},
		"ALoginPageWithoutVersion": {"It is not the API.", page.URL, true},
		"ALoginPage":               {"The base URL looks right.", page.URL + "/v1", false},
		"NotFoundWithoutVersion":   {"It is not the API.", lost.URL, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := apitest.GetProject(t.Context(), testClient(tc.base, simulator.DefaultAdminKey).AdminService)
			if apierror.IsNotFound(err) {
				t.Errorf("%s\nwant no word of the project, got %v", tc.reason, err)
			}
			if got := strings.Contains(apitest.Text(err), "/v1\""); got != tc.doubted {
				t.Errorf("%s\na doubt about the base URL: want %t, got %v", tc.reason, tc.doubted, err)
			}
		})
	}
}
