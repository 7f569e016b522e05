// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package simulator answers as OpenAI's Administration API does, from memory,
// for tests. It also answers enough of the data plane (listing models, a chat
// completion) for a test to ask whether a key works.
//
// The JSON shapes are those of the official SDK, github.com/openai/openai-go/v3:
// if the SDK cannot parse an answer, the simulator is wrong. Behaviour that the
// SDK's documentation does not settle is chosen to be unhelpful to a careless
// client, is marked "undocumented" where it is decided, and is a [Quirks] field
// where several behaviours have been seen.
//
// What was recorded of OpenAI is answered as recorded. Refusals for want of a scope have
// code null ([Quirks].MissingScopeCode gives them one, and a [Fault] any: Type, Code,
// NullCode), redacted values have 167 characters, the Default project refuses updates
// with 400, the owner of a key has no object, every reply has a Date and names the organization, and a 429 has
// Retry-After, in whole seconds, where OpenAI documents it
// ([Quirks].RetryAfterHeader: everywhere).
//
// A test normally starts a [Server] with [NewHTTP], points the SDK at its base
// URL, and arranges trouble with [Server.AddFault], [Server.SetPolicy] and
// [Server.Advance]:
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
// A [family] is one file: its record type, and a registered value that says its path,
// the style of its pages, and what creations, updates and deletions take, answer and
// refuse. Calls that are alike in all families, with lagging reads and refusals of
// unknown IDs and parameters, come with it. A case in familyCases has all of its calls
// tested. [FamilyRoutes] knows its routes by its path.
//
// A test changes things behind the back of the provider by calls, as a person would.
// [Server.AddUser], [Server.InheritProjectRole], [Server.Edit] and [Server.Drop] are for
// what no call can do.
package simulator
