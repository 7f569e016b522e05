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
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// AnnotationConfirmOrganization on a provider configuration confirms that its admin key is now of another
// organization, and that the resources in the previous one are to be abandoned. Its value is the ID of the
// new organization, or the fingerprint of the credential, as an OrganizationError names it: a mere "true"
// would also confirm every later change.
const AnnotationConfirmOrganization = "openai.crossplane.io/confirm-organization"

const (
	// verifyRetry is how long the failure of a verification is cached.
	verifyRetry = 10 * time.Second

	// refusalTTL is how long it is cached that an admin key is of another organization.
	refusalTTL = time.Hour

	// verifyPoll is how soon a reconcile is repeated that found a verification in flight.
	verifyPoll = time.Second
)

// A checkInput is everything that the result of a check depends on.
type checkInput struct {
	fingerprint string
	recorded    v1alpha1.ObservedOrganization
	// confirmed is the value of AnnotationConfirmOrganization.
	confirmed string
}

// An organizationCheck finds out whether the admin key of one provider configuration is of the organization
// that the configuration was used with before, and caches the result.
type organizationCheck struct {
	uid types.UID

	// mu is not held over calls to OpenAI.
	mu sync.Mutex
	// verifying is whether a call is in flight, so that no other is made.
	verifying bool
	// firstUse of the configuration; nil: it was used before.
	firstUse *firstUse
	// checked is the input of the last check, and result its result. An error is cached until a
	// time, success for good.
	checked *checkInput
	result  error
	until   time.Time
}

// A firstUse is that of a provider configuration with which nothing was created yet. Its organization is
// recorded once a reply to the client was received.
type firstUse struct {
	fingerprint string
	client      *adminapi.Client
}

// answered reports whether a reply was received.
func (f *firstUse) answered() bool {
	if f == nil {
		return false
	}
	_, answered := f.client.ReplyOrganization()
	return answered
}

// unanswered reports whether no reply was received yet, and nothing was created as far as the inputs of a
// managed resource show.
func (f *firstUse) unanswered(user resource.ModernManaged, q checkInput) bool {
	if f == nil || f.answered() || f.fingerprint != q.fingerprint || q.recorded != (v1alpha1.ObservedOrganization{}) {
		return false
	}
	return !createdBy(user).exists
}

// cachedResult returns the cached result for a managed resource, or an error if a verification is in
// flight. It reports whether there is a result, so that no check is needed.
func (o *organizationCheck) cachedResult(ctx context.Context, pc configuration, q checkInput) (known bool, result error) {
	switch {
	case !pc.userOfOrganization && o.firstUse.unanswered(pc.user, q):
		return true, nil
	case o.verifying:
		// The reconcile is repeated as if it were throttled.
		reconcilestate.Of(ctx).RecordFailure(&apierror.Error{Class: apierror.ClassThrottled, RetryAt: time.Now().Add(verifyPoll)})
		return true, errVerifying
	case o.checked == nil || *o.checked != q || (o.result != nil && !time.Now().Before(o.until)):
		return false, nil
	}
	var e *apierror.Error
	if errors.As(o.result, &e) {
		reconcilestate.Of(ctx).RecordFailure(e)
	}
	return true, o.result
}

// errVerifying is returned while the check of another reconcile is in flight.
var errVerifying = errors.New("OpenAI is being asked whether the admin key is of the same organization as before")

// store the result of a check, unless it is a first use, which still awaits a reply.
func (o *organizationCheck) store(q checkInput, result error) {
	if o.firstUse != nil && result == nil {
		o.checked = nil
		return
	}
	ttl := verifyRetry
	if IsOtherOrganization(result) {
		ttl = refusalTTL
	}
	o.checked, o.result, o.until = &q, result, time.Now().Add(ttl)
}

// verify identifies the organization of a client by a call. Meanwhile it unlocks the check, so that other
// reconciles need not wait.
func (o *organizationCheck) verify(ctx context.Context, pc configuration, c *adminapi.Client, project string) (identified, error) {
	o.verifying = true
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		o.verifying = false
	}()
	is, err := identify(ctx, c, project)
	if err != nil {
		return identified{}, unverified(pc, err)
	}
	return is, nil
}

// organizationChecks are the checks of the provider configurations in use.
type organizationChecks struct {
	mu       sync.Mutex
	byConfig map[configKey]*organizationCheck
}

// check returns the check of a provider configuration, and adds it if there is none.
func (o *organizationChecks) check(k configKey, uid types.UID) *organizationCheck {
	o.mu.Lock()
	defer o.mu.Unlock()
	if check := o.byConfig[k]; check != nil && check.uid == uid {
		return check
	}
	if o.byConfig == nil {
		o.byConfig = map[configKey]*organizationCheck{}
	}
	check := &organizationCheck{uid: uid}
	o.byConfig[k] = check
	return check
}

// remove the checks of provider configurations that were deleted, by their UIDs.
func (o *organizationChecks) remove(deleted map[configKey]types.UID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	maps.DeleteFunc(o.byConfig, func(k configKey, check *organizationCheck) bool {
		uid, ok := deleted[k]
		return ok && uid == check.uid
	})
}
