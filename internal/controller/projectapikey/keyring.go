// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
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
	errNoValue = errors.New("OpenAI created a key but did not return its value")
)

// A keyring mints and revokes the keys of one ProjectAPIKey. OpenAI tells a key's
// value once, in reply to the POST that cannot be repeated, so that the order of
// writes is everything: docs/adr/0003 explains it. The write of the Secret is
// what makes a key count.
type keyring struct {
	kube client.Client
	live client.Reader
	conn *adminapi.Connection
	now  func() time.Time
	tell func(event)
}

// An event is something that happened to a key, for kubectl describe.
type event struct{ reason, message string }

// list all keys of the project, those of owners without access too, and those in
// also that OpenAI does not list although it knows them.
func (k *keyring) list(ctx context.Context, also ...string) ([]openai.ProjectAPIKey, error) {
	var keys []openai.ProjectAPIKey
	seen := map[string]bool{}
	pages := k.conn.Organization.Projects.APIKeys.ListAutoPaging(ctx, k.conn.Project, openai.AdminOrganizationProjectAPIKeyListParams{
		Limit:              openai.Int(pageSize),
		OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny,
	})
	for pages.Next() {
		key := pages.Current()
		seen[key.ID] = true
		keys = append(keys, key)
	}
	if err := pages.Err(); err != nil {
		return nil, k.conn.Blame(ctx, err)
	}
	// A list may lag behind the writes.
	for _, id := range also {
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		key, err := k.conn.Organization.Projects.APIKeys.Get(ctx, k.conn.Project, id)
		if adminapi.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot get key %q: %w", id, err)
		}
		keys = append(keys, *key)
	}
	return keys, nil
}

// pageSize is the largest that OpenAI allows (openai-go, list parameters).
const pageSize = 100

// mint a key and commit it to the Secret. It returns the ID of the key.
func (k *keyring) mint(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, why string) (id string, err error) {
	// A cancelled reconcile must not cut off a POST whose reply nobody would then read.
	detached := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(detached, mintTimeout)
	defer cancel()

	account, err := k.serviceAccount(ctx, cr)
	if err != nil {
		return "", err
	}
	s, r, err := k.prepare(ctx, cr, v, account)
	if err != nil {
		return "", err
	}

	name := v.tag.name(baseName(cr), r.pending)
	params := openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name), Scopes: v.scopes}
	if v.expiresIn > 0 {
		params.ExpiresInSeconds = openai.Int(int64(v.expiresIn.Seconds()))
	}
	key, err := k.conn.Organization.Projects.ServiceAccounts.APIKeys.New(ctx, k.conn.Project, account, params)
	if err == nil && (key.ID == "" || key.Value == "") {
		err = errNoValue
	}
	if err != nil {
		k.settle(detached, name, err)
		return "", fmt.Errorf("cannot create key %q: %w", name, k.conn.Blame(ctx, err))
	}

	r.keyID, r.serial, r.pending, r.issued = key.ID, r.pending, 0, k.now()
	r.scopes, r.expiresIn = fingerprint(v.scopes), v.expiresIn
	if err := k.commit(ctx, cr, s, r, key.Value, v.details); err != nil {
		k.abandon(detached, cr, key.ID, r.serial)
		return "", fmt.Errorf("cannot store key %q: %w", name, err)
	}
	k.tell(event{reason: "Issued", message: fmt.Sprintf("Issued key %s (%s), because %s", key.ID, name, why)})
	return key.ID, nil
}

// prepare writes the Secret as it must be before the POST: ours, and telling the
// serial that is about to be minted. It proves permission, quota, admission and
// ownership before any key exists.
func (k *keyring) prepare(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, account string) (*corev1.Secret, record, error) {
	r := v.record
	r.pending, r.pendingSince = v.nextSerial(), k.now()
	r.project, r.account = k.conn.Project, account
	r.retiring = v.retire()

	s := newSecret(cr)
	write := k.kube.Create
	if v.secret != nil {
		s = v.secret.DeepCopy()
		write = func(ctx context.Context, o client.Object, _ ...client.CreateOption) error {
			return k.kube.Update(ctx, o)
		}
	}
	// The key in use keeps its place in the record until its successor has it.
	delete(r.retiring, r.keyID)
	r.write(s)
	if err := own(cr, s); err != nil {
		return nil, r, fmt.Errorf("cannot own Secret %q: %w", client.ObjectKeyFromObject(s), err)
	}
	if err := write(ctx, s); err != nil {
		return nil, r, fmt.Errorf("cannot write Secret %q, so that no key was issued: %w", client.ObjectKeyFromObject(s), err)
	}
	if at, ok := v.retire()[r.keyID]; ok {
		r.retiring[r.keyID] = at
	}
	return s, r, nil
}

// commit writes a key's value and record to the Secret, until it is there or
// cannot be any more.
func (k *keyring) commit(ctx context.Context, cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, r record, value string, details map[string][]byte) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		fill(s, r, value, details)
		if last = k.kube.Update(ctx, s); last == nil {
			return true, nil
		}
		fresh, have, err := k.reread(ctx, cr)
		switch {
		case isFinal(err):
			return false, err
		case err != nil:
			last = err
			return false, nil
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

func fill(s *corev1.Secret, r record, value string, details map[string][]byte) {
	r.write(s)
	if s.Data == nil {
		s.Data = map[string][]byte{}
	}
	for key, v := range details {
		s.Data[key] = v
	}
	if value != "" {
		s.Data[dataAPIKey] = []byte(value)
	}
}

// abandon revokes a key that could not be committed, once it is sure that no
// delayed write can commit it after all. Where it cannot be sure, the key is left
// to be found as a leftover.
func (k *keyring) abandon(ctx context.Context, cr *v1alpha1.ProjectAPIKey, id string, serial int) {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()

	s, r, err := k.reread(ctx, cr)
	switch {
	case isFinal(err):
	case err != nil || r.keyID == id:
		return
	case r.pending == serial:
		// Changing the Secret makes any delayed write fail with a conflict.
		r.pending = 0
		r.serial = serial
		r.write(s)
		if err := k.kube.Update(ctx, s); err != nil {
			return
		}
	}
	_ = k.revoke(ctx, revocation{id: id, reason: reasonLeftover})
}

// settle revokes the key of a POST whose fate is unknown, if it was made. Its
// value is lost. If this fails too, the key is found as a leftover later.
func (k *keyring) settle(ctx context.Context, name string, cause error) {
	if !adminapi.IsAmbiguous(cause) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, cleanUpTimeout)
	defer cancel()
	keys, err := k.list(ctx)
	if err != nil {
		return
	}
	for i := range keys {
		if keys[i].Name == name {
			_ = k.revoke(ctx, revocation{id: keys[i].ID, reason: reasonLeftover})
		}
	}
}

// revoke a key. One that is gone already is no error.
func (k *keyring) revoke(ctx context.Context, r revocation) error {
	_, err := k.conn.Organization.Projects.APIKeys.Delete(ctx, k.conn.Project, r.id)
	if err != nil && !adminapi.IsNotFound(err) {
		if err = k.conn.Blame(ctx, err); !adminapi.IsProjectGone(err) {
			return fmt.Errorf("cannot revoke key %q: %w", r.id, err)
		}
	}
	if err == nil {
		reason := "Revoked"
		if r.reason == reasonLeftover {
			reason = "LeftoverRevoked"
		}
		k.tell(event{reason: reason, message: fmt.Sprintf("Revoked key %s, because %s", r.id, r.reason)})
	}
	return nil
}

// tidy revokes keys that nobody should use, and takes them off the record.
func (k *keyring) tidy(ctx context.Context, v *view, revoke []revocation) error {
	s, r := v.secret.DeepCopy(), v.record
	if r.pending != 0 {
		// The key of an interrupted mint may be among them, and must not be committed by a
		// delayed write once it is revoked: changing the Secret makes such a write fail.
		r.serial, r.pending = max(r.serial, r.pending), 0
		if err := k.save(ctx, v, s, r); err != nil {
			return err
		}
	}
	for _, rv := range revoke {
		if err := k.revoke(ctx, rv); err != nil {
			return err
		}
		v.drop(rv.id)
	}
	if len(v.record.retiring) == len(r.retiring) {
		return nil
	}
	return k.save(ctx, v, s, v.record)
}

// update the held key at OpenAI and the Secret's details in place.
func (k *keyring) update(ctx context.Context, v *view, id string) error {
	r := v.record
	params := openai.AdminOrganizationProjectAPIKeyUpdateParams{}
	if want := fingerprint(v.scopes); want != r.scopes {
		r.scopes = want
		// An empty list, other than none, gives full permissions.
		params.Scopes = append([]string{}, v.scopes...)
	}
	if v.expiresIn != r.expiresIn {
		r.expiresIn = v.expiresIn
		params.ExpiresInSeconds = int64(v.expiresIn.Seconds())
	}
	if params.Scopes != nil || params.ExpiresInSeconds != 0 {
		key, err := k.conn.Organization.Projects.APIKeys.Update(ctx, k.conn.Project, id, params)
		if err != nil {
			return fmt.Errorf("cannot update key %q: %w", id, k.conn.Blame(ctx, err))
		}
		v.replace(*key)
	}
	// Should this write be lost, the update above is repeated, which changes nothing.
	s := v.secret.DeepCopy()
	fill(s, r, "", v.details)
	return k.save(ctx, v, s, r)
}

// save a changed Secret and record, and note them in the view.
func (k *keyring) save(ctx context.Context, v *view, s *corev1.Secret, r record) error {
	r.write(s)
	if err := k.kube.Update(ctx, s); err != nil {
		return fmt.Errorf("cannot update Secret %q: %w", client.ObjectKeyFromObject(s), err)
	}
	v.secret, v.record = s, r
	return nil
}
