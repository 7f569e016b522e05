// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

func TestAListOfWhatHasNoIDIsBroken(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, data string }{
		"Slash":       {"It would be another path.", `{"id":"a/../b"}`},
		"Escape":      {"As above.", `{"id":"a%2fb"}`},
		"Long":        {"It is never cut, as it would be another's.", `{"id":"` + strings.Repeat("x", 257) + `"}`},
		"Empty":       {"It names nothing.", `{"id":""}`},
		"Null":        {"As above.", `null`},
		"ANumber":     {"It is no item.", `{"id":"key_1"},5`},
		"Cursor":      {"The last one would be the cursor.", `{"id":"key_1"},{"id":"?after=x"}`},
		"LineBreak":   {"It would split a header.", `{"id":"a\r\nb"}`},
		"AnObject":    {"It is none.", `{"id":{}}`},
		"NotInAscii":  {"It is none.", `{"id":"kéy"}`},
		"TwoPathDots": {"It would be another path.", `{"id":".."}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", `{"object":"list","has_more":true,"data":[`+tc.data+`]}`))
			c := &Connection{Client: testClient(s.URL, apitest.FakeKey), Project: "proj_1"}
			if got, err := ProjectAPIKeys.List(t.Context(), c, "proj_1", time.Now()); apierror.ClassOf(err) != apierror.ClassTransient || err == nil || s.Requests.Load() != 1 {
				t.Errorf("%s\nwant an error that proves nothing after one call, got %v, %v after %d", tc.reason, got, err, s.Requests.Load())
			}
		})
	}
}
