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

// To issue a key, to clean up after a failure and to write the outcome takes 16 + 8 + 8 = 32 s at most.
// The manager waits longer than that when it stops, so that a shutdown does not interrupt it.
const (
	issueTimeout   = 16 * time.Second
	cleanUpTimeout = 8 * time.Second
)

var (
	// errSuperseded is returned if another key for the same object was begun meanwhile.
	errSuperseded = errors.New("another key was issued meanwhile")

	// errNoValue is returned if OpenAI created a key without returning its value.
	errNoValue = errors.New("the reply to the creation of a key does not hold its value: look for a gateway or proxy that hides keys")
)

// errReplayed is returned if the reply to a create is about a key that existed before.
var errReplayed = errors.New("the reply to the creation of a key is about a key that existed before: look for a gateway or proxy that answers from a cache")

// validKeyValue matches the values of keys, but not those that a gateway masks, which must not
// replace one that works.
var validKeyValue = regexp.MustCompile(`^sk-[A-Za-z0-9_-]{16,}$`)

// issueKey creates a key and stores it in the Secret. It returns the ID of the key.
func (c *keyClient) issueKey(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, d decision) (id string, err error) {
	// The reply to a POST must be read even if the reconcile is cancelled.
	detached := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(detached, issueTimeout)
	defer cancel()

	account, s, state, err := c.prepareIssue(ctx, cr, o, o.explainedOrigin(&d))
	if err != nil {
		// No POST is sent, so that no key is in flight.
		_ = c.removeInFlight(ctx, cr, o.nextSerial())
		return "", err
	}

	serial, known := state.pending, c.memory.forObject(cr.GetUID())
	if !o.isExempt(&d) {
		known.unplanned = o.withRotation(serial, d.issueReason, c.now())
	}
	name := o.ownerHash.keyName(o.name, serial)
	key, err := c.create(ctx, o, account.ID, name)
	if err != nil {
		if apierror.HadNoEffect(err) || isThrottled(err) {
			known.unplanned = o.unplanned
		} else {
			known.unplanned = o.withRotation(serial, d.issueReason, c.now())
		}
		return "", c.cleanUpFailed(detached, cr, o, s, state, key, err)
	}

	c.learn(key.ID, asListed(key, account), nil)
	state = c.afterIssue(state, o.desired, key)
	if err := redactWriteError(c.commit(ctx, cr, s, state, key.Value, o.details), s, o.secret); err != nil {
		known.unplanned = o.withRotation(serial, d.issueReason, c.now())
		if c.revokeUncommitted(detached, cr, key.ID, state.serial) {
			_ = c.removeInFlight(ctx, cr, state.serial)
		}
		return "", fmt.Errorf("cannot store the new key: %w", err)
	}
	known.issued = &v1alpha1.ProjectAPIKeyObservation{ID: key.ID, Scopes: o.scopes, Applied: appliedSettings(state), Retiring: retiringStatus(observed{state: state})}
	known.restore(&cr.Status.AtProvider)
	issued := event{reason: "Issued", message: fmt.Sprintf("Issued key %s (%s), because %s", key.ID, name, d.issueReason)}
	if d.current != nil {
		issued = event{reason: "Rotated", message: fmt.Sprintf("Replaced key %s by %s (%s), because %s", d.current.ID, key.ID, name, d.issueReason)}
	}
	c.emit(issued)
	return key.ID, nil
}

// create a key at OpenAI. If the reply is not valid it is returned with the error.
func (c *keyClient) create(ctx context.Context, o observed, accountID, name string) (*openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, error) {
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name), Scopes: o.scopes}
	if o.expiresIn > 0 {
		params.ExpiresInSeconds = openai.Int(int64(o.expiresIn.Seconds()))
	}
	key, err := c.conn.Organization.Projects.ServiceAccounts.APIKeys.New(ctx, c.conn.Project, accountID, params)
	if err != nil {
		return key, err
	}
	return key, validateIssued(key, o)
}

// afterIssue is the key state with a new key as the current one.
func (c *keyClient) afterIssue(state keyState, applied desired, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse) keyState {
	now := c.now()
	state.keyID, state.serial, state.pending = key.ID, state.pending, 0
	state.issued, state.issuedAtOpenAI, state.grantedLifetime = now, now.Add(c.clockOffset()), grantedLifetimeOf(key)
	state.name, state.expiresIn = applied.name, applied.expiresIn
	state.scopes, state.scopesAppliedAt = fingerprint(applied.scopes), now
	state.trigger, state.rotateRequest = applied.trigger, applied.rotateRequest
	return state
}

// validateIssued fails unless the reply to a create has the value of a new key.
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

// grantedLifetimeOf is the lifetime that OpenAI gave a key, which may be less than was asked for; 0
// if it does not expire, or if that is not known.
func grantedLifetimeOf(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse) time.Duration {
	if adminapi.IsNever(key.ExpiresAt) || adminapi.IsNever(key.CreatedAt) {
		return 0
	}
	return max(time.Duration(key.ExpiresAt-key.CreatedAt)*time.Second, 0)
}

// asListed is a new key as OpenAI will list it, as far as is known.
func asListed(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, account *v1alpha1.ProjectServiceAccountObservation) *openai.ProjectAPIKey {
	out := &openai.ProjectAPIKey{ID: key.ID, Name: key.Name, CreatedAt: key.CreatedAt, ExpiresAt: key.ExpiresAt, RedactedValue: redact(key.Value)}
	out.Owner.ServiceAccount.ID, out.Owner.ServiceAccount.Name = account.ID, account.Name
	out.OwnerProjectAccess = openai.ProjectAPIKeyOwnerProjectAccessActive
	if account.Role == kinds.RoleNone {
		out.OwnerProjectAccess = openai.ProjectAPIKeyOwnerProjectAccessInactive
	}
	adminapi.NormalizeTimes(out)
	return out
}

// prepareIssue makes sure that a key can be created and stored.
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
			// The serial was not used.
			state.pending = max(o.state.serial, o.state.pending)
			c.clearPending(ctx, cr, s, state)
		}
	}
	return account, s, state, err
}

// failedBefore reports whether a key was issued, or about to be, that was not stored in the Secret.
func (o observed) failedBefore() bool {
	currentSerial := 0
	if k := o.find(o.state.keyID); k != nil {
		currentSerial, _ = o.ownerHash.serial(k.Name)
	}
	return max(o.state.serial, o.state.pending) > currentSerial
}

// writePendingSecret writes the Secret before the POST, with the serial of the key to come. This
// shows that permission, quota, admission and ownership allow it before any key exists.
func (c *keyClient) writePendingSecret(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, account string, by origin) (*corev1.Secret, keyState, error) {
	retiring := o.retiringAfterIssue(by)
	state := o.state
	state.pending = o.nextSerial()
	state.project, state.account = c.conn.Project, account
	// The current key does not retire before its successor is in the Secret.
	state.retiring = maps.Clone(retiring)
	delete(state.retiring, state.keyID)

	if o.secret != nil && o.secret.Immutable != nil && *o.secret.Immutable {
		return nil, state, terminal.Errorf("Secret %q is immutable, so that no new key was issued: delete it, to have it created again", client.ObjectKeyFromObject(o.secret))
	}
	if o.secret == nil && o.previousSecret != nil {
		state.previousSecret = o.previousSecret.GetName()
	}
	s, write := c.secretToWrite(cr, o)
	state.write(s)
	if err := markOwned(cr, s, o.ownsSecret); err != nil {
		return nil, state, err
	}
	if err := write(ctx); err != nil {
		return nil, state, fmt.Errorf("cannot write Secret %q, so that no key was issued: %w", client.ObjectKeyFromObject(s), redactWriteError(err, s, o.secret))
	}
	state.retiring = retiring
	return s, state, nil
}

// nextSerial is higher than all serials before, so that no name is used twice. Anybody can name
// keys at OpenAI, and edit the key state: a serial that leaves no room for others is skipped, but
// not followed. There is always a next serial.
func (o observed) nextSerial() int {
	recorded, listed := 0, 0
	taken := map[int]bool{}
	count := func(highest *int, n int) {
		taken[n] = true
		if n < maxTrustedSerial {
			*highest = max(*highest, n)
		}
	}
	count(&recorded, o.state.serial)
	count(&recorded, o.state.pending)
	for n := range o.inFlight {
		count(&recorded, n)
	}
	for _, i := range o.unplanned {
		count(&recorded, int(i.Serial))
	}
	for i := range o.keys {
		n, _ := o.ownerHash.serial(o.keys[i].Name)
		count(&listed, n)
	}
	next := max(recorded, listed) + 1
	if next >= maxTrustedSerial {
		next = recorded + 1
	}
	if next >= maxTrustedSerial {
		next = 1
	}
	for taken[next] {
		next++
	}
	return next
}
