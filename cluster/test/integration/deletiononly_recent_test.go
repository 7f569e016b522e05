// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// TestWhatWasMadeAMomentAgoIsEndedAlthoughItIsNoLongerAllowed covers a configuration that changes
// before the created resource is observed for the first time.
func TestWhatWasMadeAMomentAgoIsEndedAlthoughItIsNoLongerAllowed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tn := newTenant(t, g.serve)
	g.intercept(interception{matches: func(r *http.Request) bool { return r.Method == http.MethodGet }, reply: reply{http.StatusServiceUnavailable, "application/json", `{"error":{"message":"overloaded","type":"server_error","param":null,"code":null}}`}})
	p := tn.projectObject(tn.namespace + "-brief")
	tn.create(p)
	tn.await("the project", func() (bool, string) {
		tn.get(p)
		return meta.GetExternalName(p) != "", asJSON(t, p)
	})
	off := withdrawals["Namespace"]
	change(tn, tn.clusterConfig(), off.change)
	tn.awaitRefused(off.says, []resource.Managed{p}...)
	g.intercept()
	tn.delete(p)
	tn.awaitGone(p)
	if tn.projectExists(meta.GetExternalName(p)) {
		t.Error("the project was not archived")
	}
}
