// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package simulator serves OpenAI's Administration API from memory, for tests. It also
// serves enough of the data plane (listing models, a chat completion) for a test to check
// whether a key works, and OpenAI's token exchange, which verifies the tokens of workloads
// for real: their signatures, claims and times, and which federation rule matches them.
//
// The JSON forms are those of the official SDK, github.com/openai/openai-go/v3: if the SDK
// cannot parse a reply, the simulator is wrong. Where OpenAI's documentation does not say
// how the API behaves, the simulator behaves in the way that is hardest on a careless
// client. Such places are marked "undocumented", and are a [Quirks] field where several
// behaviors have been observed.
//
// Behavior that was recorded at OpenAI is reproduced as recorded:
//   - Refusals for a missing scope have code null. [Quirks].MissingScopeCode gives them a
//     code, and a [Fault] any Type and Code.
//   - Redacted values have 167 characters.
//   - The Default project refuses updates with 400.
//   - The owner of a key has no "object".
//   - Every reply has a Date and names the organization.
//   - A 429 has Retry-After, in whole seconds, where OpenAI documents it, or everywhere with
//     [Quirks].RetryAfterHeader.
//
// A test normally starts a [Server] with [NewHTTP], points the SDK at its base URL, and
// injects faults with [Server.AddFault], [Server.SetPolicy] and [Server.Advance]:
//
//	sim := simulator.NewHTTP()
//	defer sim.Close()
//	sim.AddFault(simulator.Fault{
//		Route: simulator.RouteCreateServiceAccountAPIKey,
//		Kind:  simulator.FaultResetAfter,
//		Count: 1,
//	})
//
// # Adding a resource family
//
// A [family] is one file: its record type, and a registered value with its path, its page
// style, and what creations, updates and deletions accept, reply and refuse. The family
// type implements what all families have in common, such as reads that lag and refusals of
// unknown IDs and parameters. A case in familyCases has all of its calls tested.
// [FamilyRoutes] returns its routes by its path.
//
// A test changes records as another client would: with calls. [Server.AddUser],
// [Server.InheritProjectRole], [Server.Edit] and [Server.Drop] are for changes that no call
// can make.
package simulator
