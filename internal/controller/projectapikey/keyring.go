// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
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
		if adminapi.IsDefinite(err) {
			k.withdraw(ctx, s, r)
		}
		return "", fmt.Errorf("cannot create a key: %w", k.conn.Blame(ctx, err))
	}

	r.keyID, r.serial, r.pending, r.issued = key.ID, r.pending, 0, k.now()
	r.scopes, r.asserted, r.expiresIn, r.trigger = fingerprint(v.scopes), k.now(), v.expiresIn, v.trigger
	if err := k.commit(ctx, cr, s, r, key.Value, v.details); err != nil {
		k.abandon(detached, cr, key.ID, r.serial)
		return "", fmt.Errorf("cannot store the new key: %w", err)
	}
	if replaced := decide(v).held; replaced != nil {
		k.tell(event{reason: "Rotated", message: fmt.Sprintf("Replaced key %s by %s (%s), because %s", replaced.ID, key.ID, name, why)})
	} else {
		k.tell(event{reason: "Issued", message: fmt.Sprintf("Issued key %s (%s), because %s", key.ID, name, why)})
	}
	return key.ID, nil
}

// prepare writes the Secret as it must be before the POST: ours, and telling the
// serial that is about to be minted. It proves permission, quota, admission and
// ownership before any key exists.
func (k *keyring) prepare(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view, account string) (*corev1.Secret, record, error) {
	retiring := v.retire()
	r := v.record
	r.pending, r.pendingSince = v.nextSerial(), k.now()
	r.project, r.account = k.conn.Project, account
	// The key in use keeps its place in the record until its successor has it.
	r.retiring = maps.Clone(retiring)
	delete(r.retiring, r.keyID)

	s := newSecret(cr)
	write := func(s *corev1.Secret) error { return k.kube.Create(ctx, s) }
	if v.secret != nil {
		s = v.secret.DeepCopy()
		write = func(s *corev1.Secret) error { return k.kube.Update(ctx, s) }
	} else if v.former != nil {
		r.former = v.former.GetName()
	}
	r.write(s)
	if err := mark(cr, s, v.owned); err != nil {
		return nil, r, err
	}
	if err := write(s); err != nil {
		return nil, r, fmt.Errorf("cannot write Secret %q, so that no key was issued: %w", client.ObjectKeyFromObject(s), err)
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
		if last = k.kube.Update(ctx, s); last == nil {
			return true, nil
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

// withdraw notes that no key is being minted after all, which would otherwise have
// to be suspected for a while.
func (k *keyring) withdraw(ctx context.Context, s *corev1.Secret, r record) {
	r.serial, r.pending = r.pending, 0
	r.retiring = maps.Clone(r.retiring)
	delete(r.retiring, r.keyID)
	s = s.DeepCopy()
	r.write(s)
	_ = k.kube.Update(ctx, s)
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
		*v = v.without(rv.id)
	}
	if len(v.record.retiring) == len(r.retiring) {
		return nil
	}
	return k.save(ctx, v, s, v.record)
}

// limit makes retiring keys expire at OpenAI when their overlap is over.
func (k *keyring) limit(ctx context.Context, v *view, ids []string) error {
	r := v.record
	r.retiring = maps.Clone(r.retiring)
	for _, id := range ids {
		retiree := r.retiring[id]
		left := max(int64(retiree.RevokeAt.Sub(v.now).Round(time.Second).Seconds()), 1)
		_, err := k.conn.Organization.Projects.APIKeys.Update(ctx, k.conn.Project, id, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: left})
		if err != nil && !adminapi.IsNotFound(err) && !adminapi.IsInvalid(err) && !adminapi.IsRefused(err) {
			return fmt.Errorf("cannot let key %q expire: %w", id, err)
		}
		// A lasting refusal changes nothing: the key is revoked when its time comes.
		retiree.Expires = true
		r.retiring[id] = retiree
	}
	return k.save(ctx, v, v.secret.DeepCopy(), r)
}

// move the key to the Secret that the spec names now. The former Secret is deleted
// by the next update.
func (k *keyring) move(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view) error {
	s, r := newSecret(cr), v.record
	r.former = v.former.GetName()
	fill(s, r, string(v.former.Data[dataAPIKey]), v.details)
	if err := mark(cr, s, v.owned); err != nil {
		return err
	}
	if err := k.kube.Create(ctx, s); err != nil {
		return fmt.Errorf("cannot write Secret %q: %w", client.ObjectKeyFromObject(s), err)
	}
	k.tell(event{reason: "Moved", message: fmt.Sprintf("Moved key %s from Secret %s to %s", r.keyID, r.former, s.GetName())})
	return nil
}

// update the held key at OpenAI and the Secret in place.
func (k *keyring) update(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v *view, id string) error {
	r := v.record
	params := openai.AdminOrganizationProjectAPIKeyUpdateParams{}
	if !v.scopesApplied() || v.mustAssert() {
		r.scopes, r.asserted = fingerprint(v.scopes), v.now
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
		*v = v.with(*key)
	}
	if err := k.deleteFormer(ctx, cr, r.former); err != nil {
		return err
	}
	r.former = ""
	// Should this write be lost, the update above is repeated, which changes nothing.
	s := v.secret.DeepCopy()
	if err := mark(cr, s, v.owned); err != nil {
		return err
	}
	fill(s, r, "", v.details)
	return k.save(ctx, v, s, r)
}

// deleteFormer deletes the Secret that another replaced, if it is the object's.
func (k *keyring) deleteFormer(ctx context.Context, cr *v1alpha1.ProjectAPIKey, name string) error {
	if name == "" || name == cr.Spec.WriteConnectionSecretToReference.Name {
		return nil
	}
	s := &corev1.Secret{}
	nn := types.NamespacedName{Namespace: cr.GetNamespace(), Name: name}
	err := k.live.Get(ctx, nn, s)
	if err == nil && s.Labels[labelOwner] == string(cr.GetUID()) {
		err = k.kube.Delete(ctx, s, client.Preconditions{UID: &s.UID, ResourceVersion: &s.ResourceVersion})
	}
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("cannot delete former Secret %q: %w", nn, err)
	}
	return nil
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
