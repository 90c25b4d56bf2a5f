# The documents that are generated: docs/state-machine.md from the rule tables, docs/operations/commands.md and docs/man from the commands.
# The tests that compare them with the code write them instead when they are told to.
# shellcheck shell=bash

write_documents() {
  local name
  for name in Core Cli; do
    say "writing the documents of src/$name"
    dotnet build "tests/$name.Tests" --configuration Release --nologo --verbosity quiet
    UPDATE_DOCS=1 "$(test_program "tests/$name.Tests" "PgAutoFailover.$name.Tests")" \
      -namespace "PgAutoFailover.$name.Tests.Documents" -noLogo -noColor
  done
}
