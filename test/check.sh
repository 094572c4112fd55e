#!/usr/bin/env bash
# The README's test command. Runs every check, goes on after a failure, counts, and ends with «N passed, N failed».
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

step() { # step NAME COMMAND…: one check that passes or fails as a whole
  local name=$1; shift
  if "$@" >"$log/out" 2>&1; then passed=$((passed + 1)); echo "ok    $name"
  else failed=$((failed + 1)); echo "FAIL  $name"; tail -60 "$log/out"; fi
}

tests() { # tests NAME ARGS…: a go test run, counted test by test
  local name=$1; shift
  go test -json "$@" >"$log/json" 2>"$log/err"; local status=$?
  local p f
  p=$(grep -c '"Action":"pass".*"Test":' "$log/json"); f=$(grep -c '"Action":"fail".*"Test":' "$log/json")
  if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  passed=$((passed + p)); failed=$((failed + f))
  if [ "$f" -gt 0 ]; then
    echo "FAIL  $name: $p passed, $f failed"
    python3 - "$log/json" 2>/dev/null <<'P' || tail -80 "$log/json"
import json, sys
out = {}
bad = set()
for line in open(sys.argv[1], errors="replace"):
    try: e = json.loads(line)
    except ValueError: continue
    k = (e.get("Package"), e.get("Test"))
    if e["Action"] in ("output", "build-output"): out.setdefault(k, []).append(e["Output"])
    if e["Action"] in ("fail", "build-fail"): bad.add(k)
for k in sorted(bad, key=str): print("---", k[0], k[1] or ""), print("".join(out.get(k, []))[-3000:])
P
    tail -40 "$log/err"
  else echo "ok    $name: $p passed"; fi
}

# fuzzed fails on a found input only: on a busy machine go's fuzzing reports its own end of time as a failure, with
# "context deadline exceeded" and no input (golang/go issue 75804); such a run is made once more.
fuzzed() {
  local try out
  for try in 1 2 3; do
    out=$(go test -run '^$' -fuzz "^$2\$" -fuzztime "$KVIT_FUZZ_TIME" "./$1" 2>&1) && return 0
    echo "$out"
    grep -q "context deadline exceeded" <<<"$out" && ! grep -q "Failing input" <<<"$out" || return 1
  done
  return 1
}

fuzz() { # fuzz PACKAGE: each fuzz target for KVIT_FUZZ_TIME
  local pkg=$1 target
  for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$pkg"/*_test.go 2>/dev/null | sed 's/func //'); do
    step "fuzz $pkg $target" fuzzed "$pkg" "$target"
  done
}

unformatted() { local files; files=$(gofmt -l $(git ls-files '*.go')); [ -z "$files" ] || { echo "gofmt: $files"; return 1; }; }
generated() { go tool -modfile=tools.mod templ generate ./internal/... && git diff --exit-code --stat -- '*_templ.go'; }

# One way of building for all steps but the race detector: what one compiled, the next does not compile again. Nobody debugs
# these binaries: without tables for debuggers a hundred of them link a third sooner.
# Memory is plenty where tests run: collecting it four times less often makes compiling and analysing a fifth quicker.
export GOGC=${GOGC:-400}
export CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath -ldflags=-w"
step "format" unformatted
step "vet" go vet ./...
step "staticcheck" go tool -modfile=tools.mod staticcheck ./...
step "generated code is current" generated
step "build" go build -o "$log/kvit" ./cmd/kvit
export KVIT_BINARY="$log/kvit"
# The whole program's tests take longest and mostly wait: they begin first, beside two packages of the others. Vet was asked.
tests "tests on SQLite and PostgreSQL" -vet=off -p $(($(nproc) + 1)) -timeout "${KVIT_TEST_TIMEOUT:-25m}" ./test/whole ./...
# What begins nothing and locks nothing has nothing to race with, and what is only made once is the library's care. Nightly asks
# all packages.
raced=$(git grep -E '^\s*go [a-z(]|\bsync\.|\batomic\.|errgroup' -- 'internal/*.go' ':!*_test.go' | grep -v 'sync\.Once' | cut -d: -f1 | xargs -n1 dirname | sort -u | sed 's|^|./|')
[ -z "${KVIT_KILLS:-}" ] || raced=./internal/...
CGO_ENABLED=1 KVIT_TEST_RACE=1 KVIT_NIGHTLY= tests "race detector" -race -short -vet=off -timeout "${KVIT_TEST_TIMEOUT:-25m}" $raced
# What fuzzing found is kept as seeds, which the tests above ran. Fuzzing itself compiles all a package imports anew,
# minutes for seconds of fuzzing: nightly does it.
[ -z "${KVIT_FUZZ_TIME:-}" ] || for pkg in $(git ls-files '*_test.go' | xargs grep -lE '^func Fuzz' | xargs -n1 dirname | sort -u); do
  fuzz "$pkg"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
