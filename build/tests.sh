# Runs test programs and adds up what they say. Each writes its results as XML; a program that dies without them, or that
# ends badly though nothing in them failed, counts as one failure.
# shellcheck shell=bash

# These start PostgreSQL, or what starts it, so root hands them to PostgreSQL's account. tests/EndToEnd stays root where it
# can: it makes network namespaces and mounts, and hands over by itself what it starts.
speaks_of_postgres=" Postgres Monitor Keeper Cli Promoter "
unit_limit=10m
# This one keeps one processor busy for minutes, while the others mostly wait for something: it runs beside them.
searching=Core
simulated_seeds=5000
stories_limit=20m
chaos_minutes=1
cluster_limit=20m

passed=0 failed=0 skipped=0

# run_tests unit|e2e|all [ARGUMENT...]
run_tests() {
  local kind=$1 project
  shift
  make_scratch
  trap 'end_of_tests' EXIT
  rm -rf TestResults
  mkdir -p TestResults

  [ "$kind" = e2e ] || check_counted format check_format
  say "building the tests"
  # As they are published, so that nothing is compiled twice; and it is the number of simulated stories that counts.
  # One compiler for all projects takes half the time; it is ended with the build, as it would stay otherwise.
  dotnet build PgAutoFailover.slnx --configuration Release --nologo --verbosity quiet --property:UseSharedCompilation=true
  dotnet build-server shutdown --vbcscompiler > /dev/null
  [ "$kind" = unit ] || publish
  build_promoter
  PROMOTER_BINDIR=$(lay_out_server_with_promoter "$scratch/server")
  export PROMOTER_BINDIR

  if [ "$kind" != e2e ]; then
    begin_beside "$searching"
    for project in tests/*.Tests; do
      project=$(basename "$project" .Tests)
      [ "$project" = "$searching" ] || run_unit_tests "$project"
    done
    end_beside
    run_program Simulation "$unit_limit" "$simulator"
    begin_stories
  fi
  [ "$kind" = unit ] || run_cluster_tests "$@"
  [ "$kind" = e2e ] || end_stories
}

# The last line is for whoever reads nothing else. What ended early has failed, and no test at all is not a success.
end_of_tests() {
  local code=$? line pid
  # What still runs beside is below a shell of its own.
  for pid in $(jobs -rp); do
    pkill -P "$pid" || true
  done
  rm -rf "$scratch"
  if [ "$code" != 0 ] && [ "$failed" = 0 ]; then
    failed=1
  fi
  line="$passed passed, $failed failed"
  [ "$skipped" = 0 ] || line+=", $skipped skipped"
  echo "$line"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ] || exit 1
}

check_counted() {
  local name=$1
  shift
  say "checking the $name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

run_unit_tests() {
  local name=$1 runner=()
  local program
  program=$(test_program "tests/$name.Tests" "PgAutoFailover.$name.Tests")
  if [[ $speaks_of_postgres == *" $name "* ]]; then
    program=$(readable_by_postgres "$(dirname "$program")")/$(basename "$program")
    runner=(as_postgres)
  fi
  run_program "$name.Tests" "$unit_limit" "${runner[@]}" "$program"
}

begin_beside() {
  beside=$1
  say "$beside.Tests, beside the next ones"
  with_limit "$unit_limit" "$(test_program "tests/$beside.Tests" "PgAutoFailover.$beside.Tests")" \
    -noLogo -noColor -xml "$postgres_home/$beside.Tests.xml" </dev/null >"$scratch/$beside.out" 2>&1 &
  beside_pid=$!
}

end_beside() {
  local code=0
  wait "$beside_pid" || code=$?
  say "$beside.Tests"
  cat "$scratch/$beside.out"
  add_results "$beside.Tests" "$postgres_home/$beside.Tests.xml" "$code"
}

# With what the tests of real clusters leave of the processors: those wait most of the time.
begin_stories() {
  say "$simulated_seeds simulated stories, beside the next ones"
  simulate nice -n 19 timeout "$stories_limit" "$simulator" sim --seeds "$simulated_seeds" </dev/null >"$scratch/stories.out" 2>&1 &
  stories_pid=$!
}

end_stories() { check_counted "$simulated_seeds simulated stories" tell_stories; }

tell_stories() {
  local code=0
  wait "$stories_pid" || code=$?
  cat "$scratch/stories.out"
  return "$code"
}

run_cluster_tests() {
  PG_AUTOCTL=$(readable_by_postgres "$executable")
  export PG_AUTOCTL
  run_program EndToEnd "$cluster_limit" "$(test_program tests/EndToEnd PgAutoFailover.EndToEnd)" "$@"
  # Not when somebody asked for certain tests.
  [ $# -gt 0 ] || run_short_chaos
}

run_short_chaos() {
  check_counted "chaos of $chaos_minutes minutes" \
    env --chdir="$postgres_home" timeout --kill-after=30s "$unit_limit" "$chaos" --minutes "$chaos_minutes" </dev/null
}

test_program() { echo "$root/$1/bin/Release/net10.0/$2"; }

# run_program NAME LIMIT COMMAND...
run_program() {
  local name=$1 limit=$2
  shift 2
  local results=$postgres_home/$name.xml code=0
  say "$name"
  # A limit, so that a test that hangs fails instead of holding up everybody; run below the function that may change
  # accounts, so that the signal reaches the program itself.
  with_limit "$limit" "$@" -noLogo -noColor -xml "$results" </dev/null || code=$?
  add_results "$name" "$results" "$code"
}

with_limit() {
  local limit=$1
  shift
  if [ "$1" = as_postgres ]; then
    shift
    as_postgres timeout --kill-after=30s "$limit" "$@"
  else
    env --chdir="$postgres_home" timeout --kill-after=30s "$limit" "$@"
  fi
}

add_results() {
  local name=$1 results=$2 code=$3
  local failures=0 tests=0
  if [ -s "$results" ]; then
    cp "$results" TestResults/
    tests=$(total_of total "$results")
    failures=$(($(total_of failed "$results") + $(total_of errors "$results")))
    passed=$((passed + $(total_of passed "$results")))
    skipped=$((skipped + $(total_of skipped "$results") + $(total_of not-run "$results")))
  fi
  if [ "$failures" = 0 ] && [ "$code" != 0 ] && ! { [ -s "$results" ] && [ "$tests" = 0 ]; }; then
    say "$name ended with exit code $code without saying which test failed"
    failures=1
  fi
  failed=$((failed + failures))
}

# Adds up one attribute of the <assembly> elements.
total_of() {
  grep -o '<assembly [^>]*>' "$2" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}
