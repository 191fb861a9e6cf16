#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the exporter with the libraries that came with it.
here=/lab/exporter
exec $here/loader --library-path $here/lib $here/cgroup2_exporter "$@"
