// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRoute names every call of the SDK that the provider's kinds make, or will
// make, as its metrics show it.
func TestRoute(t *testing.T) {
	// Method and path as in the SDK, and the labels: service, operation.
	//nolint:dupword // Services are often called as their paths are.
	table := `
GET    projects                                                   projects                                          list
POST   projects                                                   projects                                          create
GET    projects/ID                                                projects                                          get
POST   projects/ID                                                projects                                          update
POST   projects/ID/archive                                        projects                                          archive
GET    projects/archive                                           projects                                          get
POST   projects/archive                                           projects                                          update
GET    projects/ID/service_accounts/archive                       projects/service_accounts                         get
DELETE projects/ID/service_accounts/deactivate                    projects/service_accounts                         delete
GET    certificates/activate                                      certificates                                      get
GET    projects/ID/service_accounts                               projects/service_accounts                         list
POST   projects/ID/service_accounts                               projects/service_accounts                         create
GET    projects/ID/service_accounts/ID                            projects/service_accounts                         get
POST   projects/ID/service_accounts/ID                            projects/service_accounts                         update
DELETE projects/ID/service_accounts/ID                            projects/service_accounts                         delete
POST   projects/ID/service_accounts/ID/api_keys                   projects/service_accounts/api_keys                create
GET    projects/ID/api_keys                                       projects/api_keys                                 list
GET    projects/ID/api_keys/ID                                    projects/api_keys                                 get
POST   projects/ID/api_keys/ID                                    projects/api_keys                                 update
DELETE projects/ID/api_keys/ID                                    projects/api_keys                                 delete
POST   projects/ID/users                                          projects/users                                    create
POST   projects/ID/users/ID                                       projects/users                                    update
DELETE projects/ID/groups/ID                                      projects/groups                                   delete
GET    projects/ID/rate_limits                                    projects/rate_limits                              list
POST   projects/ID/rate_limits/ID                                 projects/rate_limits                              update
POST   projects/ID/spend_alerts                                   projects/spend_alerts                             create
POST   projects/ID/certificates/activate                          projects/certificates                             activate
POST   projects/ID/certificates/deactivate                        projects/certificates                             deactivate
GET    projects/ID/spend_limit                                    projects/spend_limit                              get
POST   projects/ID/spend_limit                                    projects/spend_limit                              update
DELETE projects/ID/spend_limit                                    projects/spend_limit                              delete
GET    projects/ID/model_permissions                              projects/model_permissions                        get
POST   projects/ID/model_permissions                              projects/model_permissions                        update
DELETE projects/ID/model_permissions                              projects/model_permissions                        delete
GET    projects/ID/hosted_tool_permissions                        projects/hosted_tool_permissions                  get
POST   projects/ID/hosted_tool_permissions                        projects/hosted_tool_permissions                  update
GET    projects/ID/data_retention                                 projects/data_retention                           get
POST   projects/ID/data_retention                                 projects/data_retention                           update
GET    projects/ID/service_tier_settings                          projects/service_tier_settings                    get
POST   projects/ID/service_tier_settings                          projects/service_tier_settings                    update
GET    users                                                      users                                             list
POST   users/ID                                                   users                                             update
DELETE users/ID                                                   users                                             delete
POST   users/ID/roles                                             users/roles                                       create
GET    users/ID/roles/ID                                          users/roles                                       get
DELETE users/ID/roles/ID                                          users/roles                                       delete
POST   groups                                                     groups                                            create
POST   groups/ID/users                                            groups/users                                      create
DELETE groups/ID/roles/ID                                         groups/roles                                      delete
POST   roles                                                      roles                                             create
POST   roles/ID                                                   roles                                             update
POST   invites                                                    invites                                           create
DELETE invites/ID                                                 invites                                           delete
POST   certificates                                               certificates                                      create
POST   certificates/activate                                      certificates                                      activate
POST   certificates/deactivate                                    certificates                                      deactivate
GET    spend_limit                                                spend_limit                                       get
POST   spend_limit                                                spend_limit                                       update
DELETE spend_limit                                                spend_limit                                       delete
GET    data_retention                                             data_retention                                    get
POST   data_retention                                             data_retention                                    update
GET    spend_alerts/ID                                            spend_alerts                                      get
POST   admin_api_keys                                             admin_api_keys                                    create
POST   external_keys/ID/validate                                  external_keys                                     validate
POST   external_storage/ID/validate                               external_storage                                  validate
POST   workload_identity_providers                                workload_identity_providers                       create
POST   workload_identity_providers/ID/federation_rules            workload_identity_providers/federation_rules      create
POST   workload_identity_providers/ID/federation_rules/ID         workload_identity_providers/federation_rules      update
GET    workload_identity_providers/ID/federation_rules/ID         workload_identity_providers/federation_rules      get
`
	//nolint:dupword // As above.
	project := `
GET    projects/ID/roles                                          projects/roles                                    list
POST   projects/ID/roles                                          projects/roles                                    create
POST   projects/ID/roles/ID                                       projects/roles                                    update
DELETE projects/ID/roles/ID                                       projects/roles                                    delete
GET    projects/ID/users/ID/roles                                 projects/users/roles                              list
POST   projects/ID/users/ID/roles                                 projects/users/roles                              create
GET    projects/ID/users/ID/roles/ID                              projects/users/roles                              get
DELETE projects/ID/users/ID/roles/ID                              projects/users/roles                              delete
GET    projects/ID/groups/ID/roles                                projects/groups/roles                             list
DELETE projects/ID/groups/ID/roles/ID                             projects/groups/roles                             delete
GET    models                                                     models                                            list
`
	type labels struct{ Service, Operation string }
	for below, lines := range map[string]string{"/organization/": table, "/": project} {
		for line := range strings.Lines(strings.TrimSpace(lines)) {
			f := strings.Fields(line)
			t.Run(f[0]+" "+below+f[1], func(t *testing.T) {
				path := below + strings.ReplaceAll(f[1], "ID", "x_1")
				service, operation := route(f[0], path)
				if diff := cmp.Diff(labels{f[2], f[3]}, labels{service, operation}); diff != "" {
					t.Errorf("route(%q, %q): -want, +got:\n%s", f[0], path, diff)
				}
			})
		}
	}
}
