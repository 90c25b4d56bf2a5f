# The simulator: real monitor and keeper, everything around them simulated.
# shellcheck shell=bash

simulator=$root/tests/Simulation/bin/Release/net10.0/PgAutoFailover.Simulation

# Everything is compiled once, with all optimizations: millions of turns are worth it, and no thread of the compiler takes a
# processor from the stories. The youngest generation is larger than a story needs, so that the collector rarely looks at one.
simulate() { DOTNET_TieredCompilation=0 DOTNET_ReadyToRun=0 DOTNET_GCgen0size=0x4000000 "$@"; }

build_simulator() {
  say "building the simulator"
  dotnet build tests/Simulation --configuration Release --nologo --verbosity quiet
}

run_simulator() {
  build_simulator
  simulate "$simulator" sim "$@"
}
