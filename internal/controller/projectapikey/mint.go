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
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
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

	serial := state.pending
	if !o.isExempt(&d) {
		c.memory.set(cr.GetUID(), o.withRotation(serial, d.issue, c.now()))
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
			c.memory.set(cr.GetUID(), o.unplanned)
		} else {
			c.memory.set(cr.GetUID(), o.withRotation(serial, d.issue, c.now()))
		}
		return "", c.cleanUpFailed(detached, cr, o, s, state, key, err)
	}

	c.learn(key.ID, asListed(key, account), nil)
	state.keyID, state.serial, state.pending, state.issued = key.ID, serial, 0, c.now()
	state.issuedAtOpenAI, state.grantedLifetime = state.issued.Add(c.clockOffset()), grantedLifetimeOf(key)
	state.name, state.scopes, state.scopesAppliedAt, state.expiresIn, state.trigger, state.rotateRequest = o.name, fingerprint(o.scopes), c.now(), o.expiresIn, o.trigger, o.rotateRequest
	if err := redactWriteError(c.commit(ctx, cr, s, state, key.Value, o.details), s, o.secret); err != nil {
		c.memory.set(cr.GetUID(), o.withRotation(serial, d.issue, c.now()))
		if c.revokeUncommitted(detached, cr, key.ID, state.serial) {
			_ = c.removeInFlight(ctx, cr, state.serial)
		}
		return "", fmt.Errorf("cannot store the new key: %w", err)
	}
	at := v1alpha1.ProjectAPIKeyObservation{ID: key.ID, Scopes: o.scopes, Applied: appliedSettings(state), Retiring: retiringStatus(observed{state: state})}
	c.memory.setMinted(cr.GetUID(), at)
	c.memory.restore(cr)
	if d.current != nil {
		c.emit(event{reason: "Rotated", message: fmt.Sprintf("Replaced key %s by %s (%s), because %s", d.current.ID, key.ID, name, d.issue)})
	} else {
		c.emit(event{reason: "Issued", message: fmt.Sprintf("Issued key %s (%s), because %s", key.ID, name, d.issue)})
	}
	return key.ID, nil
}

// cleanUpFailed cleans up after a POST that brought no key, and says why.
func (c *keyClient) cleanUpFailed(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed, s *corev1.Secret, state keyState, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, err error) error {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	if apierror.IsDefinite(err) || c.revokeWithoutValue(ctx, key, o, err) || c.revokeIfListed(ctx, o, state.pending, err) {
		c.clearPending(ctx, cr, s, state)
	}
	if apierror.IsNotFound(err) {
		// Somebody deleted the service account since it was listed.
		serviceAccounts.MarkStale(c.conn, c.conn.Project, state.account)
	}
	return fmt.Errorf("cannot create a key: %w", c.conn.AttributeToProject(ctx, err))
}

// isThrottledByOpenAI reports whether OpenAI itself, or the budget, held a call back.
func isThrottledByOpenAI(err error) bool {
	var e *apierror.Error
	return errors.As(err, &e) && e.Class == apierror.ClassThrottled && !e.Foreign
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

// revokeWithoutValue revokes the key of which a reply told the ID and no value.
func (c *keyClient) revokeWithoutValue(ctx context.Context, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, o observed, cause error) bool {
	if !errors.Is(cause, errNoValue) || key == nil || !isKeyID(key.ID) || o.allKeys == nil {
		return false
	}
	if _, listed := o.allKeys.Get(key.ID); listed {
		return false
	}
	found, err := c.get(ctx, key.ID)
	if err != nil || found.LastUsedAt != 0 || (!o.sameAccount(found) && !isIncomplete(found)) {
		return false
	}
	return c.revoke(ctx, revocation{id: key.ID, reason: reasonOrphaned}) == nil
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

// commit writes a key's value and record to the Secret, until it is there or
// cannot be any more.
func (c *keyClient) commit(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, state keyState, value string, details map[string][]byte) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		fillSecret(s, state, value, details)
		if last = c.kube.Update(ctx, s, fieldManager); last == nil {
			return true, nil
		}
		if kerrors.IsInvalid(last) || kerrors.IsForbidden(last) || kerrors.IsBadRequest(last) || kerrors.IsRequestEntityTooLargeError(last) {
			return false, last
		}
		fresh, stored, err := c.reread(ctx, cr)
		switch {
		case cannotCommit(err):
			return false, err
		case err != nil:
			last = err
			return false, nil //nolint:nilerr // Only the deadline ends the attempts.
		case stored.keyID == state.keyID:
			// The write was carried out although its reply said otherwise.
			return true, nil
		case stored.pending != state.serial:
			return false, errSuperseded
		}
		s = fresh
		return false, nil
	})
	if wait.Interrupted(err) && last != nil {
		return last
	}
	return err
}

// errSecretGone says that the Secret was deleted while a key was minted for it.
var errSecretGone = errors.New("its Secret was deleted meanwhile")

func cannotCommit(err error) bool {
	var foreign *ForeignSecretError
	return errors.Is(err, errSecretGone) || errors.As(err, &foreign)
}

// reread reads the Secret again; absence is errSecretGone.
func (c *keyClient) reread(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (*corev1.Secret, keyState, error) {
	s, err := readSecret(ctx, c.live, cr)
	if err != nil {
		return nil, keyState{}, err
	}
	if s == nil {
		return nil, keyState{}, errSecretGone
	}
	state, err := readKeyState(s)
	return s, state, err
}

// fillSecret the Secret with a record, the details, and a value unless it stays.
func fillSecret(s *corev1.Secret, state keyState, value string, details map[string][]byte) {
	state.write(s)
	if s.Data == nil {
		s.Data = map[string][]byte{}
	}
	// A detail that is no longer wanted would mislead a consumer's SDK.
	for _, key := range detailKeys {
		delete(s.Data, key)
	}
	maps.Copy(s.Data, details)
	if value != "" {
		s.Data[dataAPIKey] = []byte(value)
	}
}

// revokeUncommitted revokes a key that could not be committed, once it is sure that no
// delayed write can commit it after all. Where it cannot be sure, the key is left
// to be found as a leftover. It tells whether the key is revoked.
func (c *keyClient) revokeUncommitted(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string, serial int) bool {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()

	s, state, err := c.reread(ctx, cr)
	switch {
	case cannotCommit(err):
	case err != nil || state.keyID == id:
		return false
	case state.pending == serial:
		// Changing the Secret makes any delayed write fail with a conflict.
		state.pending = 0
		state.serial = serial
		state.write(s)
		if err := c.kube.Update(ctx, s, fieldManager); err != nil {
			return false
		}
	}
	return c.revoke(ctx, revocation{id: id, reason: reasonOrphaned}) == nil
}

// revokeIfListed revokes the key of a POST whose fate is unknown, if OpenAI lists it. Its
// value is lost. Otherwise the key is found as a leftover later. It tells whether
// the key is revoked. What was there before the POST is not its key, whatever its name.
func (c *keyClient) revokeIfListed(ctx context.Context, o observed, serial int, cause error) bool {
	if apierror.IsDefinite(cause) || apierror.ClassOf(cause) == apierror.ClassThrottled {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	keys, err := adminapi.ProjectAPIKeys.List(ctx, c.conn, c.conn.Project, time.Now())
	if err != nil {
		return false
	}
	found, failed := false, false
	for key := range keys.All() {
		if n, _ := o.ownerHash.serial(key.Name); n == serial && key.LastUsedAt == 0 && o.find(key.ID) == nil {
			found = true
			failed = c.revoke(ctx, revocation{id: key.ID, reason: reasonOrphaned}) != nil || failed
		}
	}
	return found && !failed
}

// clearPending notes that no key is being minted after all, which would otherwise have
// to be suspected for a while.
func (c *keyClient) clearPending(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, state keyState) {
	_ = c.removeInFlight(ctx, cr, state.pending)
	state.serial, state.pending = state.pending, 0
	state.retiring = maps.Clone(state.retiring)
	delete(state.retiring, state.keyID)
	s = s.DeepCopy()
	state.write(s)
	_ = c.kube.Update(ctx, s, fieldManager)
}
