// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"slices"
	"time"
)

// defaultProjectName is the name of the project that every organisation has. It
// cannot be changed or archived, and service accounts cannot be added to it directly.
const defaultProjectName = "Default project"

// residencies are the SDK's values of ProjectResidency.
var residencies = []string{
	"GLOBAL", "US_STORAGE_PROCESSING", "EU_STORAGE_PROCESSING", "JP_STORAGE",
	"JP_STORAGE_PROCESSING", "KR_STORAGE", "CA_STORAGE", "SG_STORAGE", "IN_STORAGE",
	"IN_STORAGE_PROCESSING", "AU_STORAGE", "AU_STORAGE_PROCESSING", "GB_STORAGE",
	"AE_STORAGE", "AE_STORAGE_PROCESSING",
}

type organization struct {
	id             string
	defaultProject string
	projects       table[project]
}

func newOrganization(id string, c change) *organization {
	o := &organization{id: id}
	p := newProject(defaultProjectName, c.at)
	o.defaultProject = p.id
	o.projects.put(c, p.id, p)
	return o
}

type project struct {
	id, name, residency, externalKeyID string

	createdAt, archivedAt time.Time

	// members are shared by all versions of the project.
	members *members
}

// members are the families below a project.
type members struct {
	serviceAccounts table[serviceAccount]
	keys            table[apiKey]

	// lastUsed is when each key last authenticated, by the key's ID. It is no
	// part of the key's record, for it changes far too often to keep its past.
	lastUsed map[string]time.Time
}

func newProject(name string, now time.Time) project {
	return project{
		id: "proj_" + randomText(24), name: name, residency: residencies[0], createdAt: now,
		members: &members{lastUsed: make(map[string]time.Time)},
	}
}

func (p project) archived() bool { return !p.archivedAt.IsZero() }

type projectJSON struct {
	ID            string  `json:"id"`
	Object        string  `json:"object"`
	Name          string  `json:"name"`
	CreatedAt     int64   `json:"created_at"`
	ArchivedAt    *int64  `json:"archived_at"`
	ExternalKeyID *string `json:"external_key_id"`
	Residency     string  `json:"residency"`
	Status        string  `json:"status"`
}

func (p project) json() any {
	j := projectJSON{
		ID: p.id, Object: "organization.project", Name: p.name, CreatedAt: p.createdAt.Unix(),
		ArchivedAt: unix(p.archivedAt), Residency: p.residency, Status: "active",
	}
	if p.externalKeyID != "" {
		j.ExternalKeyID = &p.externalKeyID
	}
	if p.archived() {
		j.Status = "archived"
	}
	return j
}

// project is the project that the path names.
func (r *request) project(v view) (project, *apiError) {
	id := r.pathID("project_id")
	p, ok := r.org.projects.get(v, id)
	if !ok {
		return project{}, notFound("Project", id)
	}
	return p, nil
}

// activeProject is the project that the path names, for calls that an archived
// project refuses.
func (r *request) activeProject() (project, *apiError) {
	p, aerr := r.project(latest)
	if aerr == nil && p.archived() {
		aerr = archivedProject(p.id)
	}
	return p, aerr
}

func archivedProject(id string) *apiError {
	return badRequest("project_archived", "", "Project with ID %s is archived.", id)
}

func (s *Server) projectRoutes() {
	s.admin(RouteListProjects, s.listProjects)
	s.admin(RouteCreateProject, s.createProject)
	s.admin(RouteGetProject, s.getProject)
	s.admin(RouteUpdateProject, s.updateProject)
	s.admin(RouteArchiveProject, s.archiveProject)
}

func (s *Server) listProjects(r *request) (any, *apiError) {
	archived := false
	switch q := r.URL.Query().Get("include_archived"); q {
	case "", "false":
	case "true":
		archived = true
	default:
		return nil, badRequest("invalid_value", "include_archived", "Invalid 'include_archived': %q.", q)
	}
	return page(r, &r.org.projects, styleL100, lister[project]{
		id:     func(p project) string { return p.id },
		keep:   func(p project) bool { return archived || !p.archived() },
		render: project.json,
	})
}

func (s *Server) createProject(r *request) (any, *apiError) {
	in, aerr := decode[struct {
		Name          field[string] `json:"name"`
		ExternalKeyID field[string] `json:"external_key_id"`
		Geography     field[string] `json:"geography"`
		Residency     field[string] `json:"residency"`
	}](r)
	if aerr != nil {
		return nil, aerr
	}
	if aerr := requiredName(in.Name); aerr != nil {
		return nil, aerr
	}
	if in.Geography.given() && in.Residency.given() {
		return nil, badRequest("invalid_value", "geography", "Provide only one of 'geography' and 'residency'.")
	}
	if in.Residency.given() && !slices.Contains(residencies, in.Residency.value) {
		return nil, badRequest("invalid_value", "residency", "Invalid 'residency': %q.", in.Residency.value)
	}
	p := newProject(in.Name.value, r.now)
	p.externalKeyID = in.ExternalKeyID.value
	if in.Residency.given() {
		p.residency = in.Residency.value
	}
	r.org.projects.put(s.nextChange(r.now), p.id, p)
	return p.json(), nil
}

func (s *Server) getProject(r *request) (any, *apiError) {
	p, aerr := r.project(r.view)
	if aerr != nil {
		return nil, aerr
	}
	return p.json(), nil
}

func (s *Server) updateProject(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	if p.id == r.org.defaultProject {
		return nil, unchangeable("updated")
	}
	in, aerr := decode[struct {
		Name          field[string] `json:"name"`
		ExternalKeyID field[string] `json:"external_key_id"`
		Geography     field[string] `json:"geography"`
	}](r)
	if aerr != nil {
		return nil, aerr
	}
	if aerr := optionalName(in.Name); aerr != nil {
		return nil, aerr
	}
	if in.Name.set {
		p.name = in.Name.value
	}
	if in.ExternalKeyID.set {
		p.externalKeyID = in.ExternalKeyID.value
	}
	r.org.projects.put(s.nextChange(r.now), p.id, p)
	return p.json(), nil
}

// archiveProject refuses a project that is archived already, which is
// undocumented.
func (s *Server) archiveProject(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	if p.id == r.org.defaultProject {
		return nil, unchangeable("archived")
	}
	p.archivedAt = r.now
	r.org.projects.put(s.nextChange(r.now), p.id, p)
	return p.json(), nil
}
