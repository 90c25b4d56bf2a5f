# The demonstration and the measurements.
# shellcheck shell=bash

run_demo() {
  publish
  make_scratch
  say "building the demonstration"
  dotnet build tests/Demo --configuration Release --nologo --verbosity quiet
  PG_AUTOCTL=$(readable_by_postgres "$executable")
  export PG_AUTOCTL
  case " $* " in
    # A cluster that stays needs its executable to stay: the copy, where there had to be one.
    *" --keep "*) trap - EXIT ;;
  esac
  env --chdir="$postgres_home" "$root/tests/Demo/bin/Release/net10.0/PgAutoFailover.Demo" "$@"
}

run_bench() {
  publish
  make_scratch
  PG_AUTOCTL=$(readable_by_postgres "$executable")
  export PG_AUTOCTL
  bench/run "$@"
}
