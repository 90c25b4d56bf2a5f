# The simulator: real monitor and keeper, everything around them simulated.
# shellcheck shell=bash

simulator=$root/tests/Simulation/bin/Release/net10.0/PgAutoFailover.Simulation

# What runs millions of times is compiled again, by what it was seen to do. The youngest generation is larger than a story needs, so that
# the collector rarely looks at one, and it has no thread of its own.
simulate() { DOTNET_TieredPGO=1 DOTNET_ReadyToRun=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000 "$@"; }

build_simulator() {
  say "building the simulator"
  dotnet build tests/Simulation --configuration Release --nologo --verbosity quiet
}

run_simulator() {
  build_simulator
  simulate "$simulator" sim "$@"
}
