#!/usr/bin/env bash
# Benchmarks beside the raw limit of the same rows, in one run. ROWS sets the size of the registers.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${ROWS:-200000}
for kind in csv dbf ndjson xml xlsx; do
  dir=$(mktemp -d)
  ./kvit --data "$dir" bench intake --kind "$kind" --rows "$rows"
  if [ "$kind" = csv ]; then ./kvit --data "$dir" bench basket; fi
  rm -rf "$dir"
done
go test -run '^$' -bench . -benchtime 1s ./internal/exchange/register ./internal/billpdf | grep Benchmark
