// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command images builds the provider's runtime images from its binaries, without a container
// engine, and prints the digests of images and packages.
//
//	images build -version v1.2.3 -created 1764000000 -out _output/images BINARY...
//	images digest FILE...
//	images files -version v1.2.3 -out /rootfs BINARY
//
// "make xpkg" runs the first two, and provider-openai/Dockerfile the last. The same
// inputs give the same images, to the byte. It is in a module of its own, so that the
// provider does not depend on the libraries that it needs.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "images: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	const commands = "build, files, or digest"
	if len(args) == 0 {
		return errors.New("say what to do: " + commands)
	}
	switch args[0] {
	case "build", "files":
		return runBuild(args[0], args[1:], out)
	case "digest":
		return runDigest(args[1:], out)
	default:
		return fmt.Errorf("%q is not known: say %s", args[0], commands)
	}
}

// runBuild builds images, or writes the files of one.
func runBuild(what string, args []string, out io.Writer) error {
	var r release
	flags := flag.NewFlagSet(what, flag.ContinueOnError)
	flags.StringVar(&r.version, "version", "v0.0.0-dev", "version of the provider")
	flags.StringVar(&r.revision, "revision", "", "commit that the binaries were built from")
	created := flags.Int64("created", 0, "when the release was made, in seconds since 1970, as in SOURCE_DATE_EPOCH")
	folder := flags.String("out", "_output/images", "folder to write to")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("cannot read the flags of %s: %w", what, err)
	}
	if n := flags.NArg(); n == 0 || (n > 1 && what == "files") {
		return fmt.Errorf("%d binaries are named; name some to build images of, or one to write the files of", n)
	}
	r.created = time.Unix(*created, 0).UTC()

	self, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this program does not know what it was built from: build it with Go modules")
	}
	trusted, err := trustedRoots(self)
	if err != nil {
		return err
	}
	for _, path := range flags.Args() {
		p, err := readProgram(path)
		if err != nil {
			return err
		}
		if what == "files" {
			err = writeFiles(*folder, r, p, trusted)
		} else {
			err = write(*folder, r, p, trusted, out)
		}
		if err != nil {
			return fmt.Errorf("cannot build an image of %q: %w", path, err)
		}
	}
	return nil
}

func runDigest(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("name the image or package files to print the digests of")
	}
	for _, path := range args {
		img, err := tarball.ImageFromPath(path, nil)
		if err != nil {
			return fmt.Errorf("cannot read %q as an image: %w", path, err)
		}
		digest, err := img.Digest()
		if err != nil {
			return fmt.Errorf("cannot determine the digest of %q: %w", path, err)
		}
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("cannot determine the size of %q: %w", path, err)
		}
		if _, err := fmt.Fprintf(out, "%s  %s  %d bytes\n", digest, path, info.Size()); err != nil {
			return fmt.Errorf("cannot determine the digest of %q: %w", path, err)
		}
	}
	return nil
}
