#!/usr/bin/env bash
# The long sets (up to 60 minutes): 50 kills of each kind on both databases, a thousand notifications of the bank, a minute of
# each fuzz target.
set -uo pipefail
cd "$(dirname "$0")/.."
export KVIT_NIGHTLY=1 KVIT_KILLS=50 KVIT_FUZZ_TIME=60s KVIT_TEST_TIMEOUT=40m
exec ./test/check.sh
