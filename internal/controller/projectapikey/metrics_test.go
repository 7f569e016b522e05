// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestMetricsCountKeysByState(t *testing.T) {
	at := func(d time.Duration) *metav1.Time { return new(metav1.NewTime(start.Add(d))) }
	held, rotating, waiting := newKey("uid-1", "held"), newKey("uid-2", "rotating"), newKey("uid-3", "waiting")
	held.Status.AtProvider = v1alpha1.ProjectAPIKeyObservation{ID: "key_1", ExpiresAt: at(2 * time.Hour), NextRotation: at(90 * time.Minute)}
	rotating.Status.AtProvider = v1alpha1.ProjectAPIKeyObservation{
		ID: "key_2", ExpiresAt: at(time.Hour), NextRotation: at(-time.Hour),
		Retiring: []v1alpha1.RetiringKey{{ID: "key_3"}, {ID: "key_4"}},
	}
	s := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	kube := fake.NewClientBuilder().WithScheme(s).WithObjects(held, rotating, waiting).Build()

	const want = `
# HELP provider_openai_keys API keys by state, as the objects' statuses show: current, which its Secret holds, or retiring, which is to be revoked when its overlap is over.
# TYPE provider_openai_keys gauge
provider_openai_keys{state="current"} 2
provider_openai_keys{state="retiring"} 2
# HELP provider_openai_next_key_expiry_timestamp_seconds Unix time at which the next current API key expires; absent if none does.
# TYPE provider_openai_next_key_expiry_timestamp_seconds gauge
provider_openai_next_key_expiry_timestamp_seconds 1.793538e+09
# HELP provider_openai_next_key_rotation_timestamp_seconds Unix time at which the next current API key is due to be replaced; in the past if that is overdue; absent if none is.
# TYPE provider_openai_next_key_rotation_timestamp_seconds gauge
provider_openai_next_key_rotation_timestamp_seconds 1.7935308e+09
`
	if err := testutil.CollectAndCompare(keyMetrics{kube}, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}
