return await DuckMesh.Node.Commands.CommandLine.RunAsync(args);
