#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the request's body as a shell script and answers with its output and, in the last line, its exit status.
script=$(mktemp)
cat >"$script"
printf 'Content-Type: application/octet-stream\r\n\r\n'
# shellcheck source=tests/lab/guest/stage.sh
. /lab/stage.sh
# shellcheck source=/dev/null
(. "$script") </dev/null 2>&1
printf '\n%s' $?
rm "$script"
