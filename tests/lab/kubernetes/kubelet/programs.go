// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package programs names what is built, so that go.mod has its modules.
package programs

import _ "k8s.io/kubernetes/cmd/kubelet"
