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

// fingerprintDigits are as many as make a change certain, and too few to be of other use.
const fingerprintDigits = 12

// fingerprint of all that may lead to another organization. Its key is known only to those who
// may read the Secret anyway, or differs at least from configuration to configuration.
func fingerprint(config types.UID, cred credential, s adminapi.Settings) string {
	h := hmac.New(sha256.New, fmt.Appendf(nil, "openai.crossplane.io/credential-fingerprint %q %q", config, cred.secret))
	_, _ = fmt.Fprintf(h, "%q", []string{s.AdminKey, s.OrganizationID, s.BaseURL})
	return hex.EncodeToString(h.Sum(nil))[:fingerprintDigits]
}

// identified is what one call tells of the organization of an admin key.
type identified struct {
	// organization that the reply names; empty: it names none.
	organization string
	// project of the organization; empty: none is known.
	project string
	// asked for a project, and found it.
	asked, found bool
}

// identify the organization of the admin key, by a project that may be of it, or by any if
// that is empty. It makes one call.
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

// told reports whether it can be told if the organization is one that was noted.
func (i identified) told(noted v1alpha1.ObservedOrganization) bool {
	return i.asked || (noted.OrganizationID != "" && i.organization != "")
}

// the reports whether the organization is the one that was noted, and that something was made
// in.
func (i identified) the(noted v1alpha1.ObservedOrganization, made made) bool {
	switch {
	case noted.OrganizationID != "" && i.organization != "":
		return noted.OrganizationID == i.organization
	case i.asked:
		// A project is in one organization, and stays there when it is archived.
		return i.found
	}
	return !made.some
}

// confirmedBy reports whether a provider configuration says that its things are to be left
// behind for this organization.
func (i identified) confirmedBy(pc client.Object, fingerprint string) bool {
	said := pc.GetAnnotations()[AnnotationConfirmOrganization]
	return said != "" && (said == i.organization || said == fingerprint)
}

// noted is what to note of the organization, of which something may have been noted before.
func (i identified) noted(before v1alpha1.ObservedOrganization, fingerprint string) v1alpha1.ObservedOrganization {
	n := v1alpha1.ObservedOrganization{OrganizationID: cmp.Or(i.organization, before.OrganizationID), CredentialFingerprint: fingerprint}
	if i.organization == "" {
		n.KnownProjectID = cmp.Or(i.project, before.KnownProjectID)
	}
	return n
}
