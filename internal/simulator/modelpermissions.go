// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "slices"

// A modelPermissions policy of a project. There is none until it is set.
type modelPermissions struct {
	head
	Mode     string   `json:"mode"`
	ModelIDs []string `json:"model_ids"`
}

// organizationModels are the models that every organization can see.
var organizationModels = []string{"gpt-5", "gpt-5-mini", "gpt-5.2", "gpt-image-1", "text-embedding-3-small", "ft:gpt-5-mini:example::abc123"}

var _ = register(&family[modelPermissions]{
	path: "organization/projects/{project_id}/model_permissions",
	noun: "Model permissions", object: "project.model_permissions", parent: activeProject,

	create: func(r *request, h head) (modelPermissions, *apiError) {
		in, aerr := decode[struct {
			Mode     field[string]   `json:"mode"`
			ModelIDs field[[]string] `json:"model_ids"`
		}](r)
		aerr = firstRefusal(aerr, required("mode", in.Mode), oneOf("mode", in.Mode, "allow_list", "deny_list"), required("model_ids", in.ModelIDs))
		for _, id := range in.ModelIDs.value {
			if aerr == nil && !slices.Contains(organizationModels, id) {
				aerr = invalidValue("model_ids", "the model '%s' does not exist or you do not have access to it", id)
			}
		}
		return modelPermissions{head: h, Mode: in.Mode.value, ModelIDs: in.ModelIDs.value}, aerr
	},
})
