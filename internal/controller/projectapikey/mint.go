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
	mintTimeout    = 16 * time.Second
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

// keyValue is what values of keys look like. One that a gateway masks is none, and must
// not take the place of one that works.
var keyValue = regexp.MustCompile(`^sk-[A-Za-z0-9_-]{16,}$`)

// mint a key and commit it to the Secret. It returns the ID of the key.
func (k *keyring) mint(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, d decision) (id string, err error) {
	// A cancelled reconcile must not cut off a POST whose reply nobody would then read.
	detached := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(detached, mintTimeout)
	defer cancel()

	account, s, r, err := k.ready(ctx, cr, v, v.explained(&d))
	if err != nil {
		// No POST will be sent, so that none need be awaited.
		_ = k.forget(ctx, cr, v.nextSerial())
		return "", err
	}

	serial := r.pending
	if !v.free(&d) {
		k.issues.set(cr.GetUID(), v.spend(serial, d.issue, k.now()))
	}
	name := v.tag.name(v.name, serial)
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name), Scopes: v.scopes}
	if v.expiresIn > 0 {
		params.ExpiresInSeconds = openai.Int(int64(v.expiresIn.Seconds()))
	}
	key, err := k.conn.Organization.Projects.ServiceAccounts.APIKeys.New(ctx, k.conn.Project, account.ID, params)
	if err == nil {
		err = confirmNew(key, v)
	}
	if err != nil {
		if apierror.IsDefinite(err) || isOwnThrottling(err) {
			k.issues.set(cr.GetUID(), v.issues)
		} else {
			k.issues.set(cr.GetUID(), v.spend(serial, d.issue, k.now()))
		}
		return "", k.fail(detached, cr, v, s, r, key, err)
	}

	k.learn(key.ID, issued(key, account), nil)
	r.keyID, r.serial, r.pending, r.issued = key.ID, serial, 0, k.now()
	r.born, r.granted = r.issued.Add(k.offset()), grantedLife(key)
	r.name, r.scopes, r.asserted, r.expiresIn, r.trigger, r.requested = v.name, fingerprint(v.scopes), k.now(), v.expiresIn, v.trigger, v.requested
	if err := concealed(k.commit(ctx, cr, s, r, key.Value, v.details), s, v.secret); err != nil {
		k.issues.set(cr.GetUID(), v.spend(serial, d.issue, k.now()))
		if k.abandon(detached, cr, key.ID, r.serial) {
			_ = k.forget(ctx, cr, r.serial)
		}
		return "", fmt.Errorf("cannot store the new key: %w", err)
	}
	at := v1alpha1.ProjectAPIKeyObservation{ID: key.ID, Scopes: v.scopes, Applied: applied(r), Retiring: retiringKeys(view{record: r})}
	k.issues.setMinted(cr.GetUID(), at)
	k.issues.restore(cr)
	if d.held != nil {
		k.tell(event{reason: "Rotated", message: fmt.Sprintf("Replaced key %s by %s (%s), because %s", d.held.ID, key.ID, name, d.issue)})
	} else {
		k.tell(event{reason: "Issued", message: fmt.Sprintf("Issued key %s (%s), because %s", key.ID, name, d.issue)})
	}
	return key.ID, nil
}

// fail cleans up after a POST that brought no key, and says why.
func (k *keyring) fail(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, s *corev1.Secret, r record, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, err error) error {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	if apierror.IsDefinite(err) || k.revokeUnknown(ctx, key, v, err) || k.settle(ctx, v, r.pending, err) {
		k.withdraw(ctx, cr, s, r)
	}
	if apierror.IsNotFound(err) {
		// Somebody deleted the service account since it was listed.
		serviceAccounts.MarkStale(k.conn, k.conn.Project, r.account)
	}
	return fmt.Errorf("cannot create a key: %w", k.conn.AttributeToProject(ctx, err))
}

// isOwnThrottling reports whether OpenAI itself, or the budget, held a call back.
func isOwnThrottling(err error) bool {
	var e *apierror.Error
	return errors.As(err, &e) && e.Class == apierror.ClassThrottled && !e.Foreign
}

// confirmNew fails unless the reply to a create tells the value of a new key.
func confirmNew(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, v view) error {
	if !isKeyID(key.ID) || !keyValue.MatchString(key.Value) {
		return errNoValue
	}
	if v.project != nil {
		if _, listed := v.project.Get(key.ID); listed {
			return errReplayed
		}
	}
	if n, _ := v.tag.serial(key.Name); n != v.nextSerial() && tagged.MatchString(key.Name) {
		return errReplayed
	}
	return nil
}

// revokeUnknown revokes the key of which a reply told the ID and no value.
func (k *keyring) revokeUnknown(ctx context.Context, key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, v view, cause error) bool {
	if !errors.Is(cause, errNoValue) || key == nil || !isKeyID(key.ID) || v.project == nil {
		return false
	}
	if _, listed := v.project.Get(key.ID); listed {
		return false
	}
	found, err := k.get(ctx, key.ID)
	if err != nil || found.LastUsedAt != 0 || (!v.ownAccount(found) && !incomplete(found)) {
		return false
	}
	return k.revoke(ctx, revocation{id: key.ID, reason: reasonLeftover}) == nil
}

// grantedLife is the life that OpenAI gave a key, which may be less than was asked for; 0
// if it does not expire, or if that is not known.
func grantedLife(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse) time.Duration {
	if adminapi.IsNever(key.ExpiresAt) || adminapi.IsNever(key.CreatedAt) {
		return 0
	}
	return max(time.Duration(key.ExpiresAt-key.CreatedAt)*time.Second, 0)
}

// issued is a key as OpenAI will list it, as far as is known. It shows no more of
// the value than OpenAI does.
func issued(key *openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse, account *v1alpha1.ProjectServiceAccountObservation) *openai.ProjectAPIKey {
	out := &openai.ProjectAPIKey{ID: key.ID, Name: key.Name, CreatedAt: key.CreatedAt, ExpiresAt: key.ExpiresAt, RedactedValue: redact(key.Value)}
	out.Owner.ServiceAccount.ID, out.Owner.ServiceAccount.Name = account.ID, account.Name
	out.OwnerProjectAccess = openai.ProjectAPIKeyOwnerProjectAccessActive
	if account.Role == kinds.RoleNone {
		out.OwnerProjectAccess = openai.ProjectAPIKeyOwnerProjectAccessInactive
	}
	adminapi.ReadTimes(out)
	return out
}

// ready makes sure that all is there for a key to be minted and kept.
func (k *keyring) ready(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, by origin) (account *v1alpha1.ProjectServiceAccountObservation, s *corev1.Secret, r record, err error) {
	if account, err = k.serviceAccount(ctx, cr); err != nil {
		return nil, nil, record{}, err
	}
	if err := k.announce(ctx, cr, v); err != nil {
		return nil, nil, record{}, err
	}
	if s, r, err = k.prepare(ctx, cr, v, account.ID, by); err != nil {
		return nil, nil, record{}, err
	}
	if v.failedBefore() {
		if err = k.admitted(ctx, s, r, v.details); err != nil {
			// No serial was used.
			r.pending = max(v.record.serial, v.record.pending)
			k.withdraw(ctx, cr, s, r)
		}
	}
	return account, s, r, err
}

// failedBefore reports whether a key was issued, or was about to be, that never reached
// the Secret.
func (v view) failedBefore() bool {
	held := 0
	if k := v.find(v.record.keyID); k != nil {
		held, _ = v.tag.serial(k.Name)
	}
	return max(v.record.serial, v.record.pending) > held
}

// prepare writes the Secret as it must be before the POST: ours, and telling the
// serial that is about to be minted. It proves permission, quota, admission and
// ownership before any key exists.
func (k *keyring) prepare(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, account string, by origin) (*corev1.Secret, record, error) {
	retiring := v.retire(by)
	r := v.record
	r.pending = v.nextSerial()
	r.project, r.account = k.conn.Project, account
	// The key in use keeps its place in the record until its successor has it.
	r.retiring = maps.Clone(retiring)
	delete(r.retiring, r.keyID)

	s := newSecret(cr)
	write := func(s *corev1.Secret) error { return k.kube.Create(ctx, s, fieldManager) }
	if v.secret != nil && v.secret.Immutable != nil && *v.secret.Immutable {
		return nil, r, terminal.Errorf("Secret %q is immutable, so that no new key was issued: delete it, to have it made anew", client.ObjectKeyFromObject(v.secret))
	}
	if v.secret != nil {
		s = v.secret.DeepCopy()
		write = func(s *corev1.Secret) error { return k.kube.Update(ctx, s, fieldManager) }
	} else if v.former != nil {
		r.former = v.former.GetName()
	}
	r.write(s)
	if err := mark(cr, s, v.owned); err != nil {
		return nil, r, err
	}
	if err := write(s); err != nil {
		return nil, r, fmt.Errorf("cannot write Secret %q, so that no key was issued: %w", client.ObjectKeyFromObject(s), concealed(err, s, v.secret))
	}
	r.retiring = retiring
	return s, r, nil
}

// commit writes a key's value and record to the Secret, until it is there or
// cannot be any more.
func (k *keyring) commit(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, r record, value string, details map[string][]byte) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		fill(s, r, value, details)
		if last = k.kube.Update(ctx, s, fieldManager); last == nil {
			return true, nil
		}
		if kerrors.IsInvalid(last) || kerrors.IsForbidden(last) || kerrors.IsBadRequest(last) || kerrors.IsRequestEntityTooLargeError(last) {
			return false, last
		}
		fresh, have, err := k.reread(ctx, cr)
		switch {
		case isFinal(err):
			return false, err
		case err != nil:
			last = err
			return false, nil //nolint:nilerr // Only the deadline ends the attempts.
		case have.keyID == r.keyID:
			// The write was carried out although its reply said otherwise.
			return true, nil
		case have.pending != r.serial:
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

func isFinal(err error) bool {
	var foreign *ForeignSecretError
	return errors.Is(err, errSecretGone) || errors.As(err, &foreign)
}

// reread reads the Secret again; absence is errSecretGone.
func (k *keyring) reread(ctx context.Context, cr *v1alpha1.ProjectAPIKey) (*corev1.Secret, record, error) {
	s, err := readSecret(ctx, k.live, cr)
	if err != nil {
		return nil, record{}, err
	}
	if s == nil {
		return nil, record{}, errSecretGone
	}
	r, err := readRecord(s)
	return s, r, err
}

// fill the Secret with a record, the details, and a value unless it stays.
func fill(s *corev1.Secret, r record, value string, details map[string][]byte) {
	r.write(s)
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

// abandon revokes a key that could not be committed, once it is sure that no
// delayed write can commit it after all. Where it cannot be sure, the key is left
// to be found as a leftover. It tells whether the key is revoked.
func (k *keyring) abandon(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string, serial int) bool {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()

	s, r, err := k.reread(ctx, cr)
	switch {
	case isFinal(err):
	case err != nil || r.keyID == id:
		return false
	case r.pending == serial:
		// Changing the Secret makes any delayed write fail with a conflict.
		r.pending = 0
		r.serial = serial
		r.write(s)
		if err := k.kube.Update(ctx, s, fieldManager); err != nil {
			return false
		}
	}
	return k.revoke(ctx, revocation{id: id, reason: reasonLeftover}) == nil
}

// settle revokes the key of a POST whose fate is unknown, if OpenAI lists it. Its
// value is lost. Otherwise the key is found as a leftover later. It tells whether
// the key is revoked. What was there before the POST is not its key, whatever its name.
func (k *keyring) settle(ctx context.Context, v view, serial int, cause error) bool {
	if apierror.IsDefinite(cause) || apierror.ClassOf(cause) == apierror.ClassThrottled {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	keys, err := adminapi.ProjectAPIKeys.List(ctx, k.conn, k.conn.Project, time.Now())
	if err != nil {
		return false
	}
	found, failed := false, false
	for key := range keys.All() {
		if n, _ := v.tag.serial(key.Name); n == serial && key.LastUsedAt == 0 && v.find(key.ID) == nil {
			found = true
			failed = k.revoke(ctx, revocation{id: key.ID, reason: reasonLeftover}) != nil || failed
		}
	}
	return found && !failed
}

// withdraw notes that no key is being minted after all, which would otherwise have
// to be suspected for a while.
func (k *keyring) withdraw(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, r record) {
	_ = k.forget(ctx, cr, r.pending)
	r.serial, r.pending = r.pending, 0
	r.retiring = maps.Clone(r.retiring)
	delete(r.retiring, r.keyID)
	s = s.DeepCopy()
	r.write(s)
	_ = k.kube.Update(ctx, s, fieldManager)
}
