// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A projectRateLimit is the rate limit of one model. The model determines which numbers
// there are: always the first two, and sometimes others.
type projectRateLimit struct {
	head
	rateNumbers
	Model string `json:"model"`
}

type rateNumbers struct {
	RequestsPerMinute *int64 `json:"max_requests_per_1_minute"`
	TokensPerMinute   *int64 `json:"max_tokens_per_1_minute"`
	ImagesPerMinute   *int64 `json:"max_images_per_1_minute,omitempty"`
	AudioPerMinute    *int64 `json:"max_audio_megabytes_per_1_minute,omitempty"`
	RequestsPerDay    *int64 `json:"max_requests_per_1_day,omitempty"`
	BatchTokensPerDay *int64 `json:"batch_1_day_max_input_tokens,omitempty"`
}

// organizationRateLimits are the initial rate limits of every project, which are also their
// maxima.
func organizationRateLimits(*organization, []string) []projectRateLimit {
	of := func(model string, requests, tokens int64) projectRateLimit {
		return projectRateLimit{
			head:  head{ID: "rl-" + model, Object: "project.rate_limit"},
			Model: model, rateNumbers: rateNumbers{RequestsPerMinute: &requests, TokensPerMinute: &tokens},
		}
	}
	text, image, embedding := of("gpt-5", 500, 30000), of("gpt-image-1", 50, 10000), of("text-embedding-3-small", 3000, 1000000)
	audio := of("whisper-1", 50, 10000)
	audio.AudioPerMinute, audio.RequestsPerDay = new(int64(100)), new(int64(5000))
	text.BatchTokensPerDay, image.ImagesPerMinute, embedding.RequestsPerDay = new(int64(1500000)), new(int64(20)), new(int64(200000))
	return []projectRateLimit{text, image, embedding, audio}
}

var _ = register(&family[projectRateLimit]{
	path: "organization/projects/{project_id}/rate_limits/{rate_limit_id}",
	noun: "Rate limit", object: "project.rate_limit", parent: activeProject,
	style: pageStyle{cursor: cursorLastID, defaultLimit: 100, maxLimit: 100},
	noGet: true, noDelete: true, seed: organizationRateLimits,

	// Numbers that the model does not have are ignored, which is undocumented.
	update: func(r *request, l projectRateLimit) (projectRateLimit, *apiError) {
		in, aerr := decode[rateNumbers](r)
		if aerr != nil {
			return l, aerr
		}
		var top projectRateLimit
		for _, seeded := range organizationRateLimits(r.org, r.parents) {
			if seeded.ID == l.ID {
				top = seeded
			}
		}
		tops, wanted := top.named(), in.named()
		for i, have := range l.named() {
			want := *wanted[i].value
			if want == nil || *have.value == nil {
				continue
			}
			if limit := **tops[i].value; *want < 0 || *want > limit {
				return l, invalidValue(have.name, "%d is not from 0 to %d, the limit of the organization", *want, limit)
			}
			*have.value = want
		}
		return l, nil
	},
})

type rateNumber struct {
	name  string
	value **int64
}

// named returns the numbers with the names of their parameters, in a fixed order.
func (n *rateNumbers) named() []rateNumber {
	return []rateNumber{
		{"max_requests_per_1_minute", &n.RequestsPerMinute}, {"max_tokens_per_1_minute", &n.TokensPerMinute},
		{"max_images_per_1_minute", &n.ImagesPerMinute}, {"max_audio_megabytes_per_1_minute", &n.AudioPerMinute},
		{"max_requests_per_1_day", &n.RequestsPerDay}, {"batch_1_day_max_input_tokens", &n.BatchTokensPerDay},
	}
}
