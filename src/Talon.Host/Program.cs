using Talon.Host.Cli;

return await TalonProgram.RunAsync(args);
