// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package programs names what is built, so that go.mod has its modules.
package programs

import (
	_ "github.com/containerd/containerd/v2/cmd/containerd"
	_ "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"
	_ "github.com/containerd/containerd/v2/cmd/ctr"
)
