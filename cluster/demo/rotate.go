// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const rotation = `{"spec":{"forProvider":{"rotation":{"trigger":"demo","overlap":"1h"}}}}`

// rotate the key while it is in use, without an interruption.
func (d *demo) rotate(ctx context.Context) error {
	d.heading("Rotating the key while two consumers use it all the time")
	d.say("One reads its Secret before every use. The other has not restarted: it goes on with the value that it read first.")
	follow, err := fromSecret(d.workdir.kubeConfig())
	if err != nil {
		return err
	}
	follower := &consumer{name: "the consumer that follows its Secret", read: follow}
	stayer := &consumer{name: "the consumer that has not restarted", read: always(d.key.value)}
	using := startConsumers(ctx, d.usePause(), listModels, d.baseURL, follower, stayer)
	// finish may be called twice; this call stops the consumers after an error.
	defer func() { _, _ = using.finish() }()

	if err := using.awaitProgress(ctx); err != nil {
		return err
	}
	if err := d.replaceKey(ctx); err != nil {
		return err
	}
	if err := d.proveOverlap(ctx); err != nil {
		return err
	}
	if err := using.awaitProgress(ctx); err != nil {
		return err
	}
	sum, err := using.finish()
	d.say("The key was used %s.", sum)
	if err != nil {
		return err
	}
	if n := follower.soFar().values; n != 2 {
		return fmt.Errorf("%s has seen %d values of the key, and not the previous and the new one", follower.name, n)
	}
	return nil
}

func (d *demo) usePause() time.Duration {
	if d.real != nil {
		return realUsePause
	}
	return usePause
}

// replaceKey rotates the key, and shows what a user sees of it.
func (d *demo) replaceKey(ctx context.Context) error {
	before, err := d.keyID(ctx)
	if err != nil {
		return err
	}
	if err := d.change(ctx, rotation, "{.status.atProvider.retiring[0].id}="+before); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"get", "projectapikey", "-n", namespace},
		{"get", projectKey, "-n", namespace, "-o",
			"custom-columns=KEY-ID:.status.atProvider.id,RETIRING:.status.atProvider.retiring[*].id,REVOKED-AT:.status.atProvider.retiring[*].revokeAt"},
	} {
		if err := d.kubectl.run(ctx, args...); err != nil {
			return err
		}
	}
	after, err := d.keyID(ctx)
	if err != nil {
		return err
	}
	if after == before {
		return fmt.Errorf("the key was not replaced: it is still %q", after)
	}
	d.say("The key %s replaces %s.", after, before)
	return nil
}

// proveOverlap shows that the previous key still works during the overlap.
func (d *demo) proveOverlap(ctx context.Context) error {
	d.heading("OpenAI accepts the new key, and for an hour the previous one too")
	d.previous = credential{"FORMER_KEY", d.key.value}
	d.say("$ %s=$%s", d.previous.variable, d.key.variable)
	if err := d.readKey(ctx); err != nil {
		return err
	}
	if d.key.value == d.previous.value {
		return errors.New("the Secret still holds the previous key")
	}
	return d.expectBoth(ctx, http.StatusOK)
}

// expectBoth makes a request with the current key, and with the previous one.
func (d *demo) expectBoth(ctx context.Context, want int) error {
	if err := d.expect(ctx, listModels, d.key, want); err != nil {
		return err
	}
	return d.expect(ctx, listModels, d.previous, want)
}
