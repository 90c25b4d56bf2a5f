#!/usr/bin/env bash
# The habits of this repository, one verb each. ./demo and ./test are thin over it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"

for part in build/*.sh; do
  # shellcheck source=/dev/null
  source "$part"
done

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB [ARGUMENT...]

  setup    install what is missing: PostgreSQL server and contrib, tools (root, or sudo)
  build    publish the executables to dist/, and the promoter's module for each PostgreSQL with server headers;
           "build pg_autoctl" publishes that one alone
  test     check the format, build, run every test but those of real clusters
  e2e      run the tests of real clusters                  [arguments of the test runner]
  sim      run simulations: --seeds N --from S, or tell the story of one: --replay SEED
  chaos    random faults and commands against real nodes: --minutes M, --seed N
  all      format, build, unit tests and real clusters; ends with "N passed, N failed"
  demo     run the demonstration                           [arguments of the demonstration]
  bench    measure                                         [arguments of bench/run]
  format   check the format of the sources; "format fix" repairs it
  docs     write the documents that are generated from the code again
  package  make dist/pg-autoctl_VERSION_ARCH.deb and dist/postgresql-MAJOR-pg-promoter_VERSION_ARCH.deb
  promoter build the promoter alone; "promoter install [MAJOR]" installs it into PostgreSQL (root)
  clean    remove what the build made
  help     print this
TEXT
}

verb=${1:-help}
[ $# -eq 0 ] || shift

case $verb in
  setup) setup ;;
  build)
    publish
    [ "${1:-}" = pg_autoctl ] || build_promoter
    ;;
  test) run_tests unit ;;
  e2e) run_tests e2e "$@" ;;
  all) run_tests all ;;
  sim) run_simulator "$@" ;;
  chaos) run_chaos "$@" ;;
  demo) run_demo "$@" ;;
  bench) run_bench "$@" ;;
  format) check_format "$@" ;;
  docs) write_documents ;;
  package)
    make_package
    make_promoter_packages
    ;;
  promoter)
    case ${1:-build} in
      build) build_promoter ;;
      install) install_promoter "${2:-}" ;;
      *) fail "promoter knows \"build\" and \"install\", not \"$1\"" ;;
    esac
    ;;
  clean) clean ;;
  help | --help | -h) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
