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

// A configuration is a provider configuration in use, with the current credential that it refers to.
type configuration struct {
	client.Object

	// user is the managed resource that is being reconciled.
	user resource.ModernManaged
	// userOfOrganization is whether the user belongs to the organization as a whole, so that what it creates is
	// in no project that would show which organization that is.
	userOfOrganization bool

	pool     poolKey
	settings adminapi.Settings
	// displayName names it in errors, such as ClusterProviderConfig "default".
	displayName string
	// fingerprint of the credential.
	fingerprint string
}

// recordedIn returns the organization that the status of a provider configuration records.
func recordedIn(o client.Object) v1alpha1.ObservedOrganization {
	switch pc := o.(type) {
	case *v1alpha1.ProviderConfig:
		return pc.Status.ObservedOrganization
	case *v1alpha1.ClusterProviderConfig:
		return pc.Status.ObservedOrganization
	}
	return v1alpha1.ObservedOrganization{}
}

// checkOrganization fails if the admin key of a provider configuration is of another organization than the
// configuration was used with before, or if that cannot be determined. It makes a call or two if the credential
// changed, and none otherwise.
func (c *Connector) checkOrganization(ctx context.Context, pc configuration) error {
	q := checkInput{fingerprint: pc.fingerprint, recorded: recordedIn(pc.Object), confirmed: pc.GetAnnotations()[AnnotationConfirmOrganization]}
	if q.recorded.CredentialFingerprint == q.fingerprint {
		return nil
	}
	check := c.checks.check(pc.pool.configKey, pc.GetUID())
	check.mu.Lock()
	defer check.mu.Unlock()
	if known, result := check.cachedResult(ctx, pc, q); known {
		return result
	}
	err := c.decide(ctx, pc, check)
	check.store(q, err)
	return err
}

// decide whether a provider configuration may be used with its credential. It reads the recorded
// organization from the API server, since the cache may be older than the last record.
func (c *Connector) decide(ctx context.Context, pc configuration, check *organizationCheck) error {
	stored, err := c.readConfig(ctx, pc)
	if err != nil {
		return err
	}
	recorded := recordedIn(stored)
	if check.firstUse.answered() && recorded == (v1alpha1.ObservedOrganization{}) {
		if recorded, err = c.recordFirst(ctx, pc, stored, check); err != nil {
			return err
		}
	}
	if recorded.CredentialFingerprint == pc.fingerprint {
		check.firstUse = nil
		return nil
	}
	created, err := c.createdWith(ctx, pc)
	if err != nil {
		return err
	}
	current := c.pool.get(pc.pool, pc.settings)
	if recorded == (v1alpha1.ObservedOrganization{}) && !created.exists {
		if pc.userOfOrganization {
			return c.recordBeforeCreate(ctx, pc, stored, check, current)
		}
		check.firstUse = &firstUse{fingerprint: pc.fingerprint, client: current}
		return nil
	}
	check.firstUse = nil
	return c.compare(ctx, pc, stored, check, current, created)
}

// compare the organization of the current client, which it verifies by at most two calls, with the recorded one and
// the evidence of created resources. It records it if it is the same, or confirmed.
func (c *Connector) compare(ctx context.Context, pc configuration, stored client.Object, check *organizationCheck, current *adminapi.Client, created evidence) error {
	recorded := recordedIn(stored)
	is, err := check.verify(ctx, pc, current, cmp.Or(recorded.KnownProjectID, created.project))
	if err != nil {
		return err
	}
	if is.asked && !is.found && is.organization == recorded.OrganizationID && (created.certain || recorded.KnownProjectID != "") {
		// The project is not found in the recorded organization, although projects never leave theirs:
		// a gateway put that organization into the reply.
		is.organization = ""
	}
	switch {
	case is.matches(recorded, created) && is.comparable(recorded):
		_, err = c.record(ctx, pc, stored, is.toRecord(recorded, pc.fingerprint))
		return err
	case !is.matches(recorded, created) && !is.confirmedBy(stored, pc.fingerprint):
		return &OrganizationError{Config: pc.displayName, Current: is.organization, Recorded: recorded.OrganizationID, Unknown: !is.comparable(recorded), Confirmation: cmp.Or(is.organization, pc.fingerprint)}
	}
	if is.organization == "" && is.project == "" {
		if is, err = check.verify(ctx, pc, current, ""); err != nil {
			return err
		}
	}
	_, err = c.record(ctx, pc, stored, is.toRecord(v1alpha1.ObservedOrganization{}, pc.fingerprint))
	return err
}

// readConfig reads a provider configuration from the API server.
func (c *Connector) readConfig(ctx context.Context, pc configuration) (client.Object, error) {
	var stored client.Object = &v1alpha1.ClusterProviderConfig{}
	if pc.pool.kind == v1alpha1.ProviderConfigKind {
		stored = &v1alpha1.ProviderConfig{}
	}
	if err := c.apiReader.Get(ctx, client.ObjectKeyFromObject(pc.Object), stored); err != nil {
		return nil, fmt.Errorf("cannot read which organization %s is of: %w", pc.displayName, err)
	}
	if stored.GetUID() != pc.GetUID() {
		return nil, fmt.Errorf("%s was deleted and created again a moment ago", pc.displayName)
	}
	return stored, nil
}

// recordFirst records the organization that replies named when a provider configuration was first used.
func (c *Connector) recordFirst(ctx context.Context, pc configuration, stored client.Object, check *organizationCheck) (v1alpha1.ObservedOrganization, error) {
	f := check.firstUse
	organization, _ := f.client.ReplyOrganization()
	is := identified{organization: organization}
	if is.organization == "" {
		var err error
		if is, err = check.verify(ctx, pc, f.client, ""); err != nil {
			return v1alpha1.ObservedOrganization{}, err
		}
	}
	return c.record(ctx, pc, stored, is.toRecord(v1alpha1.ObservedOrganization{}, f.fingerprint))
}

// recordBeforeCreate records the organization before anything is created: if the provider stopped after a create, nothing
// else would show in which organization that was.
func (c *Connector) recordBeforeCreate(ctx context.Context, pc configuration, stored client.Object, check *organizationCheck, current *adminapi.Client) error {
	check.firstUse = nil
	is, err := check.verify(ctx, pc, current, "")
	if err != nil {
		return err
	}
	_, err = c.record(ctx, pc, stored, is.toRecord(v1alpha1.ObservedOrganization{}, pc.fingerprint))
	return err
}

// record an organization in the status of a provider configuration. It patches nothing else.
func (c *Connector) record(ctx context.Context, pc configuration, stored client.Object, n v1alpha1.ObservedOrganization) (v1alpha1.ObservedOrganization, error) {
	orNone := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	patch, err := json.Marshal(map[string]any{
		// The patch fails if it was deleted and created again.
		"metadata": map[string]any{"uid": stored.GetUID()},
		"status": map[string]any{
			"organizationID":        orNone(n.OrganizationID),
			"knownProjectID":        orNone(n.KnownProjectID),
			"credentialFingerprint": orNone(n.CredentialFingerprint),
		},
	})
	if err == nil {
		err = c.kube.Status().Patch(ctx, stored, client.RawPatch(types.MergePatchType, patch))
	}
	if err != nil {
		return v1alpha1.ObservedOrganization{}, fmt.Errorf("cannot record which organization %s is of: %w", pc.displayName, err)
	}
	return n, nil
}

// An OrganizationError is returned if an admin key is of another organization than the one in which
// resources were created with its provider configuration.
type OrganizationError struct {
	// Config names the provider configuration.
	Config string
	// Current is the ID of the organization of the admin key, and Recorded that of the recorded one. Either is
	// empty if OpenAI's replies do not name it.
	Current, Recorded string
	// Unknown is whether it cannot be determined if they are the same.
	Unknown bool
	// Confirmation is the value of AnnotationConfirmOrganization that ends the refusal.
	Confirmation string
}

// Error names both organizations and both remedies.
func (e *OrganizationError) Error() string {
	found := fmt.Sprintf("the admin key of %s is of another organization than what was made with it", e.Config)
	switch {
	case e.Unknown:
		found = fmt.Sprintf("it cannot be determined whether the admin key of %s is of the organization in which things were made with it", e.Config)
	case e.Current != "" && e.Recorded != "":
		found = fmt.Sprintf("the admin key of %s is of organization %q, while what was made with it is in organization %q", e.Config, e.Current, e.Recorded)
	case e.Current != "":
		found = fmt.Sprintf("the admin key of %s is of organization %q, while what was made with it is in another one", e.Config, e.Current)
	case e.Recorded != "":
		found += fmt.Sprintf(", which is in %q", e.Recorded)
	}
	return fmt.Sprintf("%s: put the former admin key back, or another one of that organization; or leave behind what was made there, by the annotation %s: %q on the configuration; until then nothing is created, changed, ended or taken for deleted", found, AnnotationConfirmOrganization, e.Confirmation)
}

// Terminal reports that only the user can end this.
func (e *OrganizationError) Terminal() bool { return true }

// IsOtherOrganization reports whether an error is an OrganizationError.
func IsOtherOrganization(err error) bool {
	var e *OrganizationError
	return errors.As(err, &e)
}

// unverified is the error of a verification that failed for now.
func unverified(pc configuration, err error) error {
	return fmt.Errorf("cannot determine whether the admin key of %s is of the same organization as before, and nothing is done until that is known: %w", pc.displayName, err)
}
