// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A dataRetention exists as soon as its project does.
type dataRetention struct {
	head
	Type string `json:"type"`
}

// retentionTypes are the values of the SDK for a project, the initial one first.
var retentionTypes = []string{
	"organization_default", "none", "zero_data_retention", "modified_abuse_monitoring",
	"enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring",
}

var _ = register(&family[dataRetention]{
	path: "organization/projects/{project_id}/data_retention",
	noun: "Data retention", object: "project.data_retention", parent: activeProject, noDelete: true,

	seed: func(*organization, []string) []dataRetention {
		return []dataRetention{{head: head{Object: "project.data_retention"}, Type: retentionTypes[0]}}
	},
	// The parameter retention_type is type in replies.
	update: func(r *request, d dataRetention) (dataRetention, *apiError) {
		in, aerr := decode[struct {
			RetentionType field[string] `json:"retention_type"`
		}](r)
		in.RetentionType.into(&d.Type)
		return d, firstRefusal(aerr, required("retention_type", in.RetentionType), oneOf("retention_type", in.RetentionType, retentionTypes...))
	},
})
