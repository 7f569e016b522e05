// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// A pod has 30 s from SIGTERM to its end. A mint and its clean-up together take
// less, so that a shutdown never cuts one off.
const (
	issueTimeout   = 16 * time.Second
	cleanUpTimeout = 8 * time.Second
)

var (
	// errSuperseded says that another mint for the same object began meanwhile.
	errSuperseded = errors.New("another key was issued meanwhile")

	// errNoValue says that OpenAI minted a key without telling its value.
	errNoValue = errors.New("the reply to the creation of a key does not hold its value: look for a gateway or proxy that hides keys")
)

// errReplayed says that the reply to a create is about a key that was there before.
var errReplayed = errors.New("the reply to the creation of a key is about a key that existed before: look for a gateway or proxy that answers from a cache")

// validKeyValue is what values of keys look like. One that a gateway masks is none, and must
// not take the place of one that works.
var validKeyValue = regexp.MustCompile(`^sk-[A-Za-z0-9_-]{16,}$`)

// issueKey a key and commit it to the Secret. It returns the ID of the key.
func (c *keyClient) issueKey(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, d decision) (id string, err error) {
	// A cancelled reconcile must not cut off a POST whose reply nobody would then read.
	detached := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(detached, issueTimeout)
	defer cancel()

	account, s, state, err := c.prepareIssue(ctx, cr, o, o.explainedOrigin(&d))
	if err != nil {
		// No POST will be sent, so that none need be awaited.
		_ = c.removeInFlight(ctx, cr, o.nextSerial())
		return "", err
	}

	serial, known := state.pending, c.memory.of(cr.GetUID())
	if !o.isExempt(&d) {
		known.unplanned = o.withRotation(serial, d.issue, c.now())
	}
	name := o.ownerHash.keyName(o.name, serial)
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name), Scopes: o.scopes}
	if o.expiresIn > 0 {
		params.ExpiresInSeconds = openai.Int(int64(o.expiresIn.Seconds()))
	}
	key, err := c.conn.Organization.Projects.ServiceAccounts.APIKeys.New(ctx, c.conn.Project, account.ID, params)
	if err == nil {
		err = validateIssued(key, o)
	}
	if err != nil {
		if apierror.IsDefinite(err) || isThrottledByOpenAI(err) {
			known.unplanned = o.unplanned
		} else {
			known.unplanned = o.withRotation(serial, d.issue, c.now())
		}
		return "", c.cleanUpFailed(detached, cr, o, s, state, key, err)
	}

	c.learn(key.ID, asListed(key, account), nil)
	state.keyID, state.serial, state.pending, state.issued = key.ID, serial, 0, c.now()
	state.issuedAtOpenAI, state.grantedLifetime = state.issued.Add(c.clockOffset()), grantedLifetimeOf(key)
	state.name, state.scopes, state.scopesAppliedAt, state.expiresIn, state.trigger, state.rotateRequest = o.name, fingerprint(o.scopes), c.now(), o.expiresIn, o.trigger, o.rotateRequest
	if err := redactWriteError(c.commit(ctx, cr, s, state, key.Value, o.details), s, o.secret); err != nil {
		known.unplanned = o.withRotation(serial, d.issue, c.now())
		if c.revokeUncommitted(detached, cr, key.ID, state.serial) {
			_ = c.removeInFlight(ctx, cr, state.serial)
		}
		return "", fmt.Errorf("cannot store the new key: %w", err)
	}
	known.issued = &v1alpha1.ProjectAPIKeyObservation{ID: key.ID, Scopes: o.scopes, Applied: appliedSettings(state), Retiring: retiringStatus(observed{state: state})}
	known.restore(&cr.Status.AtProvider)
	if d.current != nil {
		c.emit(event{reason: "Rotated", message: fmt.Sprintf("Replaced key %s by %s (%s), because %s", d.current.ID, key.ID, name, d.issue)})
	} else {
		c.emit(event{reason: "Issued", message: fmt.Sprintf("Issued key %s (%s), because %s", key.ID, name, d.issue)})
	}
	return key.ID, nil
}

// validateIssued fails unless the reply to a create tells the value of a new key.
func validateIssued(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, o observed) error {
	if !isKeyID(key.ID) || !validKeyValue.MatchString(key.Value) {
		return errNoValue
	}
	if o.allKeys != nil {
		if _, listed := o.allKeys.Get(key.ID); listed {
			return errReplayed
		}
	}
	if n, _ := o.ownerHash.serial(key.Name); n != o.nextSerial() && providerKeyName.MatchString(key.Name) {
		return errReplayed
	}
	return nil
}

// grantedLifetimeOf is the life that OpenAI gave a key, which may be less than was asked for; 0
// if it does not expire, or if that is not known.
func grantedLifetimeOf(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse) time.Duration {
	if adminapi.IsNever(key.ExpiresAt) || adminapi.IsNever(key.CreatedAt) {
		return 0
	}
	return max(time.Duration(key.ExpiresAt-key.CreatedAt)*time.Second, 0)
}

// asListed is a key as OpenAI will list it, as far as is known. It shows no more of
// the value than OpenAI does.
func asListed(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, account *v1alpha1.ProjectServiceAccountObservation) *openai.ProjectAPIKey {
	out := &openai.ProjectAPIKey{ID: key.ID, Name: key.Name, CreatedAt: key.CreatedAt, ExpiresAt: key.ExpiresAt, RedactedValue: redact(key.Value)}
	out.Owner.ServiceAccount.ID, out.Owner.ServiceAccount.Name = account.ID, account.Name
	out.OwnerProjectAccess = openai.ProjectAPIKeyOwnerProjectAccessActive
	if account.Role == kinds.RoleNone {
		out.OwnerProjectAccess = openai.ProjectAPIKeyOwnerProjectAccessInactive
	}
	adminapi.ReadTimes(out)
	return out
}

// prepareIssue makes sure that all is there for a key to be minted and kept.
func (c *keyClient) prepareIssue(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, by origin) (account *v1alpha1.ProjectServiceAccountObservation, s *corev1.Secret, state keyState, err error) {
	if account, err = c.serviceAccount(ctx, cr); err != nil {
		return nil, nil, keyState{}, err
	}
	if err := c.recordInFlight(ctx, cr, o); err != nil {
		return nil, nil, keyState{}, err
	}
	if s, state, err = c.writePendingSecret(ctx, cr, o, account.ID, by); err != nil {
		return nil, nil, keyState{}, err
	}
	if o.failedBefore() {
		if err = c.checkAdmission(ctx, s, state, o.details); err != nil {
			// No serial was used.
			state.pending = max(o.state.serial, o.state.pending)
			c.clearPending(ctx, cr, s, state)
		}
	}
	return account, s, state, err
}

// failedBefore reports whether a key was issued, or was about to be, that never reached
// the Secret.
func (o observed) failedBefore() bool {
	held := 0
	if k := o.find(o.state.keyID); k != nil {
		held, _ = o.ownerHash.serial(k.Name)
	}
	return max(o.state.serial, o.state.pending) > held
}

// writePendingSecret writes the Secret as it must be before the POST: ours, and telling the
// serial that is about to be minted. It proves permission, quota, admission and
// ownership before any key exists.
func (c *keyClient) writePendingSecret(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, account string, by origin) (*corev1.Secret, keyState, error) {
	retiring := o.retiringAfterIssue(by)
	state := o.state
	state.pending = o.nextSerial()
	state.project, state.account = c.conn.Project, account
	// The key in use keeps its place in the record until its successor has it.
	state.retiring = maps.Clone(retiring)
	delete(state.retiring, state.keyID)

	s := newSecret(cr)
	write := func(s *corev1.Secret) error { return c.kube.Create(ctx, s, fieldManager) }
	if o.secret != nil && o.secret.Immutable != nil && *o.secret.Immutable {
		return nil, state, terminal.Errorf("Secret %q is immutable, so that no new key was issued: delete it, to have it made anew", client.ObjectKeyFromObject(o.secret))
	}
	if o.secret != nil {
		s = o.secret.DeepCopy()
		write = func(s *corev1.Secret) error { return c.kube.Update(ctx, s, fieldManager) }
	} else if o.previousSecret != nil {
		state.previousSecret = o.previousSecret.GetName()
	}
	state.write(s)
	if err := markOwned(cr, s, o.ownsSecret); err != nil {
		return nil, state, err
	}
	if err := write(s); err != nil {
		return nil, state, fmt.Errorf("cannot write Secret %q, so that no key was issued: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s, o.secret))
	}
	state.retiring = retiring
	return s, state, nil
}

// nextSerial follows all serials ever seen, so that no name is used twice. Names at OpenAI
// can be anybody's: one that leaves no room for more is not followed, and neither is a
// record that was changed by hand. There is always a next serial.
func (o observed) nextSerial() int {
	noted, named := 0, 0
	taken := map[int]bool{}
	count := func(highest *int, n int) {
		taken[n] = true
		if n < maxTrustedSerial {
			*highest = max(*highest, n)
		}
	}
	count(&noted, o.state.serial)
	count(&noted, o.state.pending)
	for n := range o.inFlight {
		count(&noted, n)
	}
	for _, i := range o.unplanned {
		count(&noted, int(i.Serial))
	}
	for i := range o.keys {
		n, _ := o.ownerHash.serial(o.keys[i].Name)
		count(&named, n)
	}
	next := max(noted, named) + 1
	if next >= maxTrustedSerial {
		next = noted + 1
	}
	if next >= maxTrustedSerial {
		next = 1
	}
	for taken[next] {
		next++
	}
	return next
}
