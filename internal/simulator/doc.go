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
// with 400, the owner of a key has no object, every reply has a Date, and a 429 has
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
// A family is one file: its record type, a table of records in the record of
// its parent (see [table]), its Route constants in routes.go, handlers that
// turn a request into a reply or an apiError, and a function that registers
// them, named in the list families. Listings go through page, which knows the
// API's three paging styles, so that lagging listings work for every family.
package simulator
