using PgAutoFailover.Simulation.Commands;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, unless it is asked for simulations.
return args is ["sim", .. var rest] ? SimCommand.Run(rest) : await ConsoleRunner.Run(args);
