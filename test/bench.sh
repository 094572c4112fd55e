#!/usr/bin/env bash
# Benchmarks beside the raw limit of the same rows, in one run, on SQLite and on a throwaway PostgreSQL with fsync on.
# ROWS is the size of the registers, HOUSEHOLDS of the city that baskets and payments are measured on.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${ROWS:-200000} households=${HOUSEHOLDS:-5000} payments=${PAYMENTS:-2000}
work=$(mktemp -d)
chmod 755 "$work"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
finish() {
  [ -d "$work/pg" ] && as "$bin/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1
  rm -rf "$work"
}
trap finish EXIT

if [ -n "$bin" ]; then
  mkdir "$work/pg" "$work/socket"
  [ "$(id -u)" = 0 ] && chown postgres "$work/pg" "$work/socket"
  as "$bin/initdb" -D "$work/pg" -U kvit -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  as "$bin/pg_ctl" -D "$work/pg" -w -o "-k $work/socket -c listen_addresses='' -c max_wal_size=4GB -c shared_buffers=512MB" -l "$work/socket/log" start >/dev/null
else
  echo "PostgreSQL is not installed: only SQLite is measured"
fi

n=0
on() { # on COMMAND…: a bench on fresh data, on each database
  n=$((n + 1))
  ./kvit --quiet --data "$work/s$n" "$@"
  if [ -n "$bin" ]; then
    as "$bin/createdb" -h "$work/socket" -U kvit "b$n"
    local url="postgres://kvit@/b$n?host=$work/socket"
    ./kvit --quiet --database-url "$url" migrate >/dev/null
    ./kvit --quiet --data "$work/p$n" --database-url "$url" "$@"
    as "$bin/dropdb" -h "$work/socket" -U kvit -f "b$n"
  fi
  rm -rf "$work/s$n" "$work/p$n"
}

on bench readings --count "${READINGS:-100000}"
for kind in csv dbf ndjson xml xlsx; do on bench intake --kind "$kind" --rows "$rows"; done
on bench charge --households "$households" --recalc

./kvit --quiet city make --out "$work/city" --households "$households" --seed 1 --month 2026-10 >/dev/null
city() { # city COMMAND…: a bench on a city taken in
  local flags=("$@")
  ./kvit --quiet "${flags[@]}" houses load "$work/city/registry/houses.csv" >/dev/null
  ./kvit --quiet "${flags[@]}" suppliers load "$work/city/suppliers.yaml" >/dev/null
  ./kvit --quiet "${flags[@]}" intake --formats "$work/city/formats.json" "$work/city" >/dev/null
  ./kvit --quiet "${flags[@]}" bench basket
  ./kvit --quiet "${flags[@]}" bench payments --payments "$payments"
}
city --data "$work/city-s"
if [ -n "$bin" ]; then
  as "$bin/createdb" -h "$work/socket" -U kvit city
  url="postgres://kvit@/city?host=$work/socket"
  ./kvit --quiet --database-url "$url" migrate >/dev/null
  city --data "$work/city-p" --database-url "$url"
fi

go test -run '^$' -bench . -benchtime 1s ./internal/exchange/register ./internal/billpdf ./internal/charge/calc ./internal/decimal | grep Benchmark
