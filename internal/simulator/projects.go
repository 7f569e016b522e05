// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// defaultProjectName is the name of the project that every organization has. It cannot be
// changed or archived, and service accounts cannot be added to it.
const defaultProjectName = "Default project"

// residencies are the values of ProjectResidency in the SDK.
var residencies = []string{
	"GLOBAL", "US_STORAGE_PROCESSING", "EU_STORAGE_PROCESSING", "JP_STORAGE",
	"JP_STORAGE_PROCESSING", "KR_STORAGE", "CA_STORAGE", "SG_STORAGE", "IN_STORAGE",
	"IN_STORAGE_PROCESSING", "AU_STORAGE", "AU_STORAGE_PROCESSING", "GB_STORAGE",
	"AE_STORAGE", "AE_STORAGE_PROCESSING",
}

type project struct {
	head
	Name          string  `json:"name"`
	CreatedAt     int64   `json:"created_at"`
	ArchivedAt    *int64  `json:"archived_at"`
	ExternalKeyID *string `json:"external_key_id"`
	Residency     string  `json:"residency"`
	Status        string  `json:"status"`
}

func (p project) archived() bool { return p.ArchivedAt != nil }

var _ = register(&family[project]{
	path: "organization/projects/{project_id}", noun: "Project", object: "organization.project", prefix: "proj_",
	style: styleL100, deletion: RouteArchiveProject,

	filter: func(r *request) (func(project) bool, *apiError) {
		q := r.URL.Query().Get("include_archived")
		if q != "" && q != "false" && q != "true" {
			return nil, invalidValue("include_archived", "%q", q)
		}
		return func(p project) bool { return q == "true" || !p.archived() }, nil
	},
	create: func(r *request, h head) (project, *apiError) {
		in, aerr := decode[struct {
			Name          field[string] `json:"name"`
			ExternalKeyID field[string] `json:"external_key_id"`
			Geography     field[string] `json:"geography"`
			Residency     field[string] `json:"residency"`
		}](r)
		p := newProject(h, in.Name.value, r.now.Unix())
		in.ExternalKeyID.intoNullable(&p.ExternalKeyID)
		aerr = firstRefusal(aerr, requiredName(in.Name))
		if aerr == nil && in.Residency.given() {
			if in.Geography.given() {
				return p, invalidValue("geography", "provide only one of 'geography' and 'residency'")
			}
			p.Residency, aerr = in.Residency.value, oneOf("residency", in.Residency, residencies...)
		}
		return p, aerr
	},
	update: func(r *request, p project) (project, *apiError) {
		if aerr := changeable(r, p, "updated"); aerr != nil {
			return p, aerr
		}
		in, aerr := decode[struct {
			Name          field[string] `json:"name"`
			ExternalKeyID field[string] `json:"external_key_id"`
			Geography     field[string] `json:"geography"`
		}](r)
		in.Name.into(&p.Name)
		in.ExternalKeyID.intoNullable(&p.ExternalKeyID)
		return p, firstRefusal(aerr, optionalName(in.Name))
	},
	// An archived project refuses to be archived again, which is undocumented.
	remove: func(r *request, p project) (*project, *apiError) {
		aerr := changeable(r, p, "archived")
		p.ArchivedAt, p.Status = unix(r.now), "archived"
		r.reply = p
		return &p, aerr
	},
})

func newProject(h head, name string, createdAt int64) project {
	return project{head: h, Name: name, Residency: residencies[0], CreatedAt: createdAt, Status: "active"}
}

// changeable refuses to change an archived project or the Default one.
func changeable(r *request, p project, verb string) *apiError {
	switch {
	case p.archived():
		return archivedProject(p.ID)
	case p.ID == r.org.defaultProject:
		return defaultProjectRefusal(verb)
	}
	return nil
}
