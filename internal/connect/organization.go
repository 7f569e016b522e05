// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// A configuration is a provider configuration with the credential that it names now.
type configuration struct {
	client.Object

	// user is the managed resource that is about to use it.
	user     resource.ModernManaged
	pool     poolKey
	settings adminapi.Settings
	// says names it, for errors.
	says string
	// fingerprint of the credential.
	fingerprint string
}

// notedIn is what the status of a provider configuration tells of its organization.
func notedIn(o client.Object) v1alpha1.ObservedOrganization {
	switch pc := o.(type) {
	case *v1alpha1.ProviderConfig:
		return pc.Status.ObservedOrganization
	case *v1alpha1.ClusterProviderConfig:
		return pc.Status.ObservedOrganization
	}
	return v1alpha1.ObservedOrganization{}
}

// settle makes sure that the admin key of a provider configuration is of the organization that
// the configuration was used with before. That costs one call when the credential changed, and
// none otherwise. What cannot be told is an error.
func (c *Connector) settle(ctx context.Context, pc configuration) error {
	q := pc.question()
	if q.noted.CredentialFingerprint == q.fingerprint {
		return nil
	}
	st := c.organizations.standing(pc.pool.configKey, pc.GetUID())
	st.mu.Lock()
	defer st.mu.Unlock()
	if known, answer := st.known(ctx, pc.user, q); known {
		return answer
	}
	err := c.decide(ctx, pc, st)
	st.remember(q, err)
	return err
}

// decide whether a provider configuration may be used with its credential, from what its
// status says at the API server: what is cached may be older than what was noted last.
func (c *Connector) decide(ctx context.Context, pc configuration, st *standing) error {
	live, err := c.stored(ctx, pc)
	if err != nil {
		return err
	}
	noted := notedIn(live)
	if st.first.answered() && noted == (v1alpha1.ObservedOrganization{}) {
		if noted, err = c.noteFirst(ctx, pc, live, st); err != nil {
			return err
		}
	}
	if noted.CredentialFingerprint == pc.fingerprint {
		st.first = nil
		return nil
	}
	made, err := c.madeWith(ctx, pc)
	if err != nil {
		return err
	}
	now := c.pool.get(pc.pool, pc.settings)
	if noted == (v1alpha1.ObservedOrganization{}) && !made.some {
		st.first = &firstUse{fingerprint: pc.fingerprint, client: now}
		return nil
	}
	st.first = nil
	return c.compare(ctx, pc, live, st, now, made)
}

// compare the organization of a client with what was noted and made, by one call, and note it
// if it is the same, or confirmed.
func (c *Connector) compare(ctx context.Context, pc configuration, live client.Object, st *standing, now *adminapi.Client, made made) error {
	noted := notedIn(live)
	is, err := st.verify(ctx, pc, now, cmp.Or(noted.KnownProjectID, made.project))
	if err != nil {
		return err
	}
	if is.asked && !is.found && is.organization == noted.OrganizationID && (made.sure || noted.KnownProjectID != "") {
		// A gateway names one of its own: no project ever leaves its organization.
		is.organization = ""
	}
	switch {
	case is.the(noted, made) && is.told(noted):
		_, err = c.note(ctx, pc, live, is.noted(noted, pc.fingerprint))
		return err
	case !is.the(noted, made) && !is.confirmedBy(live, pc.fingerprint):
		return &OrganizationError{Config: pc.says, Is: is.organization, Was: noted.OrganizationID, Untold: !is.told(noted), Confirmation: cmp.Or(is.organization, pc.fingerprint)}
	}
	if is.organization == "" && is.project == "" {
		if is, err = st.verify(ctx, pc, now, ""); err != nil {
			return err
		}
	}
	_, err = c.note(ctx, pc, live, is.noted(v1alpha1.ObservedOrganization{}, pc.fingerprint))
	return err
}

// stored is a provider configuration as the API server has it.
func (c *Connector) stored(ctx context.Context, pc configuration) (client.Object, error) {
	var live client.Object = &v1alpha1.ClusterProviderConfig{}
	if pc.pool.kind == v1alpha1.ProviderConfigKind {
		live = &v1alpha1.ProviderConfig{}
	}
	if err := c.live.Get(ctx, client.ObjectKeyFromObject(pc.Object), live); err != nil {
		return nil, fmt.Errorf("cannot read which organization %s is of: %w", pc.says, err)
	}
	if live.GetUID() != pc.GetUID() {
		return nil, fmt.Errorf("%s was created anew a moment ago", pc.says)
	}
	return live, nil
}

// noteFirst notes the organization that replies told of when a provider configuration was
// used for the first time.
func (c *Connector) noteFirst(ctx context.Context, pc configuration, live client.Object, st *standing) (v1alpha1.ObservedOrganization, error) {
	f := st.first
	organization, _ := f.client.NamedOrganization()
	is := identified{organization: organization}
	if is.organization == "" {
		var err error
		if is, err = st.verify(ctx, pc, f.client, ""); err != nil {
			return v1alpha1.ObservedOrganization{}, err
		}
	}
	return c.note(ctx, pc, live, is.noted(v1alpha1.ObservedOrganization{}, f.fingerprint))
}

// note an organization in the status of a provider configuration, and nothing else.
func (c *Connector) note(ctx context.Context, pc configuration, live client.Object, n v1alpha1.ObservedOrganization) (v1alpha1.ObservedOrganization, error) {
	orNone := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	patch, err := json.Marshal(map[string]any{
		// Not that of another one that has its name by now.
		"metadata": map[string]any{"uid": live.GetUID()},
		"status": map[string]any{
			"organizationID":        orNone(n.OrganizationID),
			"knownProjectID":        orNone(n.KnownProjectID),
			"credentialFingerprint": orNone(n.CredentialFingerprint),
		},
	})
	if err == nil {
		err = c.kube.Status().Patch(ctx, live, client.RawPatch(types.MergePatchType, patch))
	}
	if err != nil {
		return v1alpha1.ObservedOrganization{}, fmt.Errorf("cannot note which organization %s is of: %w", pc.says, err)
	}
	return n, nil
}

// An OrganizationError says that an admin key is of another organization than that in which
// things were made with its provider configuration.
type OrganizationError struct {
	// Config names the provider configuration.
	Config string
	// Is the organization of the admin key now, and Was that of before. Either is empty where
	// OpenAI's replies do not name it.
	Is, Was string
	// Untold reports that nothing tells whether it is the same.
	Untold bool
	// Confirmation is the value of AnnotationConfirmOrganization that ends the refusal.
	Confirmation string
}

// Error names both organizations and both remedies.
func (e *OrganizationError) Error() string {
	found := fmt.Sprintf("the admin key of %s is of another organization than what was made with it", e.Config)
	switch {
	case e.Untold:
		found = fmt.Sprintf("nothing tells whether the admin key of %s is of the organization in which things were made with it", e.Config)
	case e.Is != "" && e.Was != "":
		found = fmt.Sprintf("the admin key of %s is of organization %q, while what was made with it is in organization %q", e.Config, e.Is, e.Was)
	case e.Is != "":
		found = fmt.Sprintf("the admin key of %s is of organization %q, while what was made with it is in another one", e.Config, e.Is)
	case e.Was != "":
		found += fmt.Sprintf(", which is in %q", e.Was)
	}
	return fmt.Sprintf("%s: put the former admin key back, or another one of that organization; or leave behind what was made there, by the annotation %s: %q on the configuration; until then nothing is created, changed, ended or taken for gone", found, AnnotationConfirmOrganization, e.Confirmation)
}

// Terminal reports that only the user can end this.
func (e *OrganizationError) Terminal() bool { return true }

// IsOtherOrganization reports whether nothing was done because an admin key is of another
// organization than before.
func IsOtherOrganization(err error) bool {
	var e *OrganizationError
	return errors.As(err, &e)
}

// unverified is the error for an organization that cannot be asked for now.
func unverified(pc configuration, err error) error {
	return fmt.Errorf("cannot tell whether the admin key of %s is of the same organization as before, and nothing is done until that is known: %w", pc.says, err)
}
