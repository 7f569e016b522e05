// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// interrupted returns service accounts of one name whose creates were interrupted at a time, and
// their recovery.
func interrupted(t *testing.T, n int, at time.Time) (*recovery, []*v1alpha1.ProjectServiceAccount) {
	t.Helper()
	s := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(s); err != nil {
		t.Fatalf("cannot make the scheme: %v", err)
	}
	kube := fake.NewClientBuilder().WithScheme(s).Build()
	var all []*v1alpha1.ProjectServiceAccount
	for i := range n {
		cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{
			Namespace: fmt.Sprintf("team-%d", i), Name: "robot", UID: types.UID(fmt.Sprintf("uid-%d", i)), CreationTimestamp: metav1.NewTime(at),
		}}
		if err := kube.Create(t.Context(), cr); err != nil {
			t.Fatalf("cannot create the object: %v", err)
		}
		CreateBegan(cr, at)
		all = append(all, cr)
	}
	return &recovery{
		kube: kube, apiReader: kube, list: &v1alpha1.ProjectServiceAccountList{}, ownership: &memoryOwnership{},
		now:    func() time.Time { return at.Add(time.Second) },
		offset: func(*adminapi.Connection) (time.Duration, bool) { return 0, true },
	}, all
}

// TestRecoveryIsNotHeldUpByTheCallOfAnother shows that recovery holds no lock during calls to
// OpenAI.
func TestRecoveryIsNotHeldUpByTheCallOfAnother(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	r, crs := interrupted(t, 2, at)
	listing, answer := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		_, err := r.recover(t.Context(), nil, crs[0], func() ([]candidate, error) {
			close(listing)
			<-answer
			return nil, errors.New("no answer")
		})
		first <- err
	}()
	<-listing

	second := make(chan string, 1)
	go func() {
		id, _ := r.recover(t.Context(), nil, crs[1], func() ([]candidate, error) {
			return []candidate{{ID: "user-1", CreatedAt: at, Exact: true}}, nil
		})
		second <- id
	}()
	select {
	case id := <-second:
		if id != "user-1" {
			t.Errorf("recovered: want %q, got %q", "user-1", id)
		}
	case <-time.After(10 * time.Second):
		t.Error("an object waits for the list that another asked for")
	}
	close(answer)
	if err := <-first; err == nil {
		t.Error("the first: want the error of its list, got none")
	}
}

// TestOneOfManyObjectsAdoptsWhatOneCreateMade shows that objects of one name that recover
// concurrently do not adopt the same resource.
func TestOneOfManyObjectsAdoptsWhatOneCreateMade(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	const many = 16
	r, crs := interrupted(t, many, at)
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		adopted []string
	)
	for _, cr := range crs {
		wg.Go(func() {
			id, err := r.recover(t.Context(), nil, cr, func() ([]candidate, error) {
				return []candidate{{ID: "user-1", CreatedAt: at, Exact: true}}, nil
			})
			if err != nil && !errors.Is(err, ErrCreateInFlight) {
				t.Errorf("recover: %v", err)
			}
			if id != "" {
				mu.Lock()
				defer mu.Unlock()
				adopted = append(adopted, cr.GetNamespace())
			}
		})
	}
	wg.Wait()
	if len(adopted) != 1 {
		t.Errorf("want one object that adopted it, got %q", adopted)
	}
}
