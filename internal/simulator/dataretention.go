// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A dataRetention is there as soon as its project is.
type dataRetention struct {
	head
	Type string `json:"type"`
}

// retentionTypes are the SDK's values for a project, the initial one first.
var retentionTypes = []string{
	"organization_default", "none", "zero_data_retention", "modified_abuse_monitoring",
	"enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring",
}

var _ = register(&family[dataRetention]{
	path: "organization/projects/{project_id}/data_retention",
	what: "Data retention", object: "project.data_retention", parent: activeProject, noDelete: true,

	seed: func(*organization, []string) []dataRetention {
		return []dataRetention{{head: head{Object: "project.data_retention"}, Type: retentionTypes[0]}}
	},
	// The request names what the reply calls type.
	update: func(r *request, d dataRetention) (dataRetention, *apiError) {
		in, aerr := decode[struct {
			RetentionType field[string] `json:"retention_type"`
		}](r)
		in.RetentionType.into(&d.Type)
		return d, firstRefusal(aerr, required("retention_type", in.RetentionType), oneOf("retention_type", in.RetentionType, retentionTypes...))
	},
})
