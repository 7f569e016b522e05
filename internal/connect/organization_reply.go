// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// fingerprintDigits are enough to notice any change, and too few to be of other use.
const fingerprintDigits = 12

// fingerprint of everything that decides the organization: admin key, organization ID and base URL. The
// HMAC's key is made of the UIDs of the configuration and of the Secret, if there is one. Only those who
// may read the Secret know its UID, so that others cannot test guesses of the admin key.
func fingerprint(config types.UID, cred credential, s adminapi.Settings) string {
	h := hmac.New(sha256.New, fmt.Appendf(nil, "openai.crossplane.io/credential-fingerprint %q %q", config, cred.secret))
	_, _ = fmt.Fprintf(h, "%q", []string{s.AdminKey, s.OrganizationID, s.BaseURL})
	return hex.EncodeToString(h.Sum(nil))[:fingerprintDigits]
}

// identified is what the reply to one call shows about the organization of an admin key.
type identified struct {
	// organization is the ID that the reply names; empty: it names none.
	organization string
	// project is the ID of one in the organization; empty: none is known.
	project string
	// asked is whether the call was about a particular project, and found whether it was found.
	asked, found bool
}

// identify the organization of the admin key with one call: get a project that may belong to it, or list
// one project if the ID is empty.
func identify(ctx context.Context, c *adminapi.Client, project string) (identified, error) {
	var res *http.Response
	if project == "" {
		page, err := adminapi.ByLastID(c.Organization.Projects.List(ctx, openai.AdminOrganizationProjectListParams{Limit: adminapi.Limit(1)}, option.WithResponseInto(&res)))
		if err != nil {
			return identified{}, err
		}
		found, err := adminapi.Items(page, func(o *openai.Project) string { return o.ID })
		if err != nil {
			return identified{}, err
		}
		is := identified{organization: apierror.OrganizationOf(res.Header)}
		if len(found) > 0 {
			is.project = found[0].ID
		}
		if is.organization == "" && is.project == "" {
			return identified{}, apierror.BrokenList("of projects is empty, although every organization has one")
		}
		return is, nil
	}
	p, err := c.Organization.Projects.Get(ctx, project, option.WithResponseInto(&res))
	if err == nil {
		err = adminapi.ConfirmID(project, p.ID)
	}
	var e *apierror.Error
	switch {
	case err == nil:
		return identified{organization: apierror.OrganizationOf(res.Header), project: project, asked: true, found: true}, nil
	case errors.As(err, &e) && e.Class == apierror.ClassNotFound:
		return identified{organization: e.Organization, asked: true}, nil
	}
	return identified{}, err
}

// comparable reports whether the reply shows if the organization is the recorded one.
func (i identified) comparable(recorded v1alpha1.ObservedOrganization) bool {
	return i.asked || (recorded.OrganizationID != "" && i.organization != "")
}

// matches reports whether the organization is the recorded one, in which resources were created.
func (i identified) matches(recorded v1alpha1.ObservedOrganization, created evidence) bool {
	switch {
	case recorded.OrganizationID != "" && i.organization != "":
		return recorded.OrganizationID == i.organization
	case i.asked:
		// A project never leaves its organization, even when it is archived.
		return i.found
	}
	return !created.exists
}

// confirmedBy reports whether an annotation of the provider configuration confirms that its resources in
// the previous organization are to be abandoned.
func (i identified) confirmedBy(pc client.Object, fingerprint string) bool {
	confirmed := pc.GetAnnotations()[AnnotationConfirmOrganization]
	return confirmed != "" && (confirmed == i.organization || confirmed == fingerprint)
}

// toRecord returns what to record of the organization, of which something may be recorded already.
func (i identified) toRecord(before v1alpha1.ObservedOrganization, fingerprint string) v1alpha1.ObservedOrganization {
	n := v1alpha1.ObservedOrganization{OrganizationID: cmp.Or(i.organization, before.OrganizationID), CredentialFingerprint: fingerprint}
	if i.organization == "" {
		n.KnownProjectID = cmp.Or(i.project, before.KnownProjectID)
	}
	return n
}
