# The simulator: real monitor and keeper, everything around them simulated.
# shellcheck shell=bash

simulator=$root/tests/Simulation/bin/Release/net10.0/PgAutoFailover.Simulation

build_simulator() {
  say "building the simulator"
  dotnet build tests/Simulation --configuration Release --nologo --verbosity quiet
}

run_simulator() {
  build_simulator
  "$simulator" sim "$@"
}
