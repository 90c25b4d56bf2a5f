# The long random run against real nodes.
# shellcheck shell=bash

chaos=$root/tests/Chaos/bin/Release/net10.0/PgAutoFailover.Chaos

build_chaos() {
  say "building the chaos"
  dotnet build tests/Chaos --configuration Release --nologo --verbosity quiet
}

run_chaos() {
  publish
  make_scratch
  build_chaos
  PG_AUTOCTL=$(readable_by_postgres "$executable")
  export PG_AUTOCTL
  env --chdir="$postgres_home" "$chaos" "$@"
}
