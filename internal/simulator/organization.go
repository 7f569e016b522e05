// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "time"

// An organization is what an admin key administers.
type organization struct {
	id             string
	defaultProject string

	// tables of the families, each a *table of the record type.
	tables map[tableKey]any

	// lastUsed is when each key last authenticated, by the ID of the key. It is not part of
	// the record because it changes too often to keep all versions.
	lastUsed map[string]time.Time
}

func newOrganization(id string, c change) *organization {
	o := &organization{id: id, tables: make(map[tableKey]any), lastUsed: make(map[string]time.Time)}
	p := newProject(familyOf[project]("projects").head(), defaultProjectName, c.at.Unix())
	o.defaultProject = p.ID
	o.projects().put(c, p.ID, p)
	return o
}

func (o *organization) projects() *table[project] { return records[project](o, "projects") }

func (o *organization) keys(projectID string) *table[apiKey] {
	return records[apiKey](o, "projects/api_keys", projectID)
}

func (o *organization) serviceAccounts(projectID string) *table[serviceAccount] {
	return records[serviceAccount](o, "projects/service_accounts", projectID)
}

func (o *organization) identityProviders() *table[identityProvider] {
	return records[identityProvider](o, "workload_identity_providers")
}

func (o *organization) federationRules(providerID string) *table[federationRule] {
	return records[federationRule](o, "workload_identity_providers/federation_rules", providerID)
}

func archivedProject(id string) *apiError {
	return badRequest("project_archived", "", "Project with ID %s is archived.", id)
}

// activeProject refuses calls below a project that is unknown or archived. The project is
// the first parent.
func activeProject(r *request) *apiError { return r.org.activeProject(r.parents[0]) }

func (o *organization) activeProject(id string) *apiError {
	p, ok := o.projects().get(latest, id)
	switch {
	case !ok:
		return notFound("Project", id)
	case p.archived():
		return archivedProject(id)
	}
	return nil
}
