// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// AnnotationConfirmOrganization of a provider configuration tells that what was made in
// another organization than that of its admin key is to be left behind there. Its value is the
// ID of the admin key's organization, or the fingerprint of the credential, as the refusal says:
// a mere yes would hold for every later change as well.
const AnnotationConfirmOrganization = "openai.crossplane.io/confirm-organization"

const (
	// verifyPause is how long a verification that failed stands for those that others would
	// make.
	verifyPause = 10 * time.Second

	// refusalLife is how long it is not asked again whose an admin key of another organization
	// is.
	refusalLife = time.Hour

	// verifyTurn is when those look again that found a verification under way.
	verifyTurn = time.Second
)

// A question is all that it depends on whether a credential may be used.
type question struct {
	fingerprint string
	noted       v1alpha1.ObservedOrganization
	confirmed   string
}

func (pc configuration) question() question {
	return question{fingerprint: pc.fingerprint, noted: notedIn(pc.Object), confirmed: pc.GetAnnotations()[AnnotationConfirmOrganization]}
}

// A standing is what is known of a provider configuration's organization besides its status.
type standing struct {
	uid types.UID

	// mu is not held over calls to OpenAI.
	mu sync.Mutex
	// verifying: a call is under way, and no other is to be made.
	verifying bool
	// first is with what it is used for the first time; nil: it is not.
	first *firstUse
	// asked is the question that was answered last, with an error that stands until a time;
	// without one for good.
	asked  *question
	answer error
	until  time.Time
}

// A firstUse is that of a provider configuration with which nothing was made yet. Its
// organization is noted once a reply was received.
type firstUse struct {
	fingerprint string
	client      *adminapi.Client
}

// answered reports whether a reply was received.
func (f *firstUse) answered() bool {
	if f == nil {
		return false
	}
	_, answered := f.client.NamedOrganization()
	return answered
}

// lasts reports whether nothing was made yet, and no reply was received, as far as a managed
// resource can tell.
func (f *firstUse) lasts(user resource.ModernManaged, q question) bool {
	if f == nil || f.answered() || f.fingerprint != q.fingerprint || q.noted != (v1alpha1.ObservedOrganization{}) {
		return false
	}
	return !madeBy(user).some
}

// known reports whether the question of a managed resource was answered already, with what
// was answered, or why there is no answer yet.
func (s *standing) known(ctx context.Context, user resource.ModernManaged, q question) (known bool, answer error) {
	switch {
	case s.first.lasts(user, q):
		return true, nil
	case s.verifying:
		// It waits without an error, as for its turn.
		ratelimit.RecordFailure(ctx, &apierror.Error{Class: apierror.ClassThrottled, RetryAt: time.Now().Add(verifyTurn)})
		return true, errVerifying
	case s.asked == nil || *s.asked != q || (s.answer != nil && !time.Now().Before(s.until)):
		return false, nil
	}
	var e *apierror.Error
	if errors.As(s.answer, &e) {
		ratelimit.RecordFailure(ctx, e)
	}
	return true, s.answer
}

// errVerifying is returned while another object has the organization verified.
var errVerifying = errors.New("OpenAI is being asked whether the admin key is of the same organization as before")

// remember the answer to a question, unless replies are awaited.
func (s *standing) remember(q question, answer error) {
	if s.first != nil && answer == nil {
		s.asked = nil
		return
	}
	life := verifyPause
	if IsOtherOrganization(answer) {
		life = refusalLife
	}
	s.asked, s.answer, s.until = &q, answer, time.Now().Add(life)
}

// verify asks OpenAI which organization a client is of. Others need not wait for the reply.
func (s *standing) verify(ctx context.Context, pc configuration, c *adminapi.Client, project string) (identified, error) {
	s.verifying = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.verifying = false
	}()
	is, err := identify(ctx, c, project)
	if err != nil {
		return identified{}, unverified(pc, err)
	}
	return is, nil
}

// organizations of the provider configurations that were used.
type organizations struct {
	mu sync.Mutex
	of map[configKey]*standing
}

func (o *organizations) standing(k configKey, uid types.UID) *standing {
	o.mu.Lock()
	defer o.mu.Unlock()
	if st := o.of[k]; st != nil && st.uid == uid {
		return st
	}
	if o.of == nil {
		o.of = map[configKey]*standing{}
	}
	st := &standing{uid: uid}
	o.of[k] = st
	return st
}

// forget provider configurations that are gone, by the UIDs that they had.
func (o *organizations) forget(gone map[configKey]types.UID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	maps.DeleteFunc(o.of, func(k configKey, st *standing) bool {
		uid, ok := gone[k]
		return ok && uid == st.uid
	})
}
