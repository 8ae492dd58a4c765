package org.scout4j.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.ScoutException;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import sun.misc.Signal;

/**
 * The {@code scout4j} command: parses its arguments, runs one subcommand and turns every outcome
 * into an exit code. Standard output carries data only, everything said to a person goes to
 * standard error.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Interruption interruption = new Interruption();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> endBySignal(interruption), "interruption"));
        Surroundings here = Surroundings.ofProcess(interruption);
        takeBackTheWarningOfTheJvm(here);
        int exit = run(args, here);
        interruption.end();
        if (!interruption.raised()) { // else the JVM is ending with the signal's status
            // exit() would first start the logging system, to log that it was called.
            Runtime.getRuntime().halt(exit);
        }
    }

    /** Ends in the command's own way; a second signal ends at once. */
    private static void endBySignal(Interruption interruption) {
        Signal.handle(new Signal("TERM"), again -> Runtime.getRuntime().halt(ExitCodes.TERMINATED));
        Signal.handle(new Signal("INT"), again -> Runtime.getRuntime().halt(ExitCodes.INTERRUPTED));
        interruption.raiseAndAwaitEnd();
    }

    /**
     * Before it calls us, the JVM writes one line on standard error if the Vector API's module is
     * there: that it is incubating. No flag turns that off; a terminal can forget it.
     */
    private static void takeBackTheWarningOfTheJvm(Surroundings here) {
        boolean warned = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        boolean canForget =
                here.terminals().err() && !here.variable("TERM").orElse("dumb").equals("dumb");
        if (warned && canForget) {
            here.err().print("\033[1A\033[2K"); // up a line, erase it
        }
    }

    /**
     * Runs a command line inside this process.
     *
     * @return the exit code
     */
    public static int run(String[] args, InputStream in, OutputStream out, OutputStream err) {
        return run(args, Surroundings.ofStreams(in, out, err));
    }

    static int run(String[] args, Surroundings here) {
        OutputFlags flags = OutputFlags.glimpse(args);
        try {
            int exit = parseAndRun(args, here);
            here.out().flush();
            return exit;
        } catch (ParameterException e) {
            return report(usageFailure(e), e, flags, here);
        } catch (ScoutException e) {
            return report(Failure.of(e), e, flags, here);
        } catch (OutputClosed e) {
            return e.readerLeft() ? ExitCodes.OK : report(cannotWrite(e), e, flags, here);
        } catch (RuntimeException | Error e) {
            return report(Failure.internal(e), e, flags, here);
        }
    }

    private static int parseAndRun(String[] args, Surroundings here) {
        CommandLine root = commandLine(here, args);
        ParseResult parsed = root.parseArgs(args);
        ParseResult chosen = parsed;
        while (chosen.hasSubcommand()) {
            chosen = chosen.subcommand();
        }
        Object command = chosen.commandSpec().userObject();
        Palette.When color =
                command instanceof Subcommand known
                        ? known.output().color
                        : OutputFlags.glimpse(args).color;
        Palette palette = Palette.of(color, here.terminals().out(), here);
        root.setColorScheme(
                Help.defaultColorScheme(palette.coloured() ? Help.Ansi.ON : Help.Ansi.OFF));
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        if (command instanceof Subcommand runnable) {
            return runnable.run();
        }
        chosen.commandSpec().commandLine().usage(root.getOut());
        return ExitCodes.OK;
    }

    /** The subcommands; one line each. */
    private static Map<String, Supplier<Object>> subcommands(Surroundings here) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("chat", () -> new ChatCommand(here));
        commands.put("complete", () -> new CompleteCommand(here));
        commands.put("serve", () -> new ServeCommand(here));
        commands.put("models", () -> models(here));
        commands.put("tokens", () -> new TokensCommand(here));
        commands.put("schema", () -> schema(here));
        commands.put("logits", () -> new LogitsCommand(here));
        commands.put("bench", () -> bench(here));
        commands.put("version", () -> new VersionCommand(here));
        commands.put("completion", () -> new CompletionCommand(here));
        commands.put("help", CommandLine.HelpCommand::new);
        return commands;
    }

    private static CommandLine models(Surroundings here) {
        return new CommandLine(new ModelsCommand()).addSubcommand(new ModelsShowCommand(here));
    }

    private static CommandLine schema(Surroundings here) {
        return new CommandLine(new SchemaCommand())
                .addSubcommand(new SchemaCheckCommand(here))
                .addSubcommand(new SchemaTestCommand(here));
    }

    private static CommandLine bench(Surroundings here) {
        return new CommandLine(new BenchCommand()).addSubcommand(new BenchServeCommand(here));
    }

    /** The whole command tree. */
    static CommandLine commandLine(Surroundings here) {
        return commandLine(subcommands(here), here);
    }

    /**
     * The command tree, or of its branches only the one that the first argument names: picocli
     * examines every flag of every command it is given.
     */
    private static CommandLine commandLine(Surroundings here, String[] args) {
        Map<String, Supplier<Object>> all = subcommands(here);
        String first = args.length == 0 ? "" : args[0];
        Supplier<Object> named = first.equals("help") ? null : all.get(first);
        return commandLine(named == null ? all : Map.of(first, named), here);
    }

    private static CommandLine commandLine(
            Map<String, Supplier<Object>> subcommands, Surroundings here) {
        CommandLine root = new CommandLine(new RootCommand());
        subcommands.forEach((name, command) -> root.addSubcommand(name, command.get()));
        root.setOut(here.out().writer());
        root.setErr(here.err().writer());
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExpandAtFiles(false); // a prompt may begin with @
        root.setUsageHelpWidth(100);
        root.getCommandSpec().usageMessage().exitCodeList(ExitCodes.table());
        return root;
    }

    private static Failure usageFailure(ParameterException failure) {
        String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        CommandLine command = failure.getCommandLine();
        String help = "Type '" + command.getCommandSpec().qualifiedName() + " --help' to see ";
        String hint = help + "what it takes.";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            boolean noCommand = !command.getSubcommands().isEmpty() && !first.startsWith("-");
            if (noCommand) {
                message = "There is no command '" + first + "'.";
                hint = help + "all.";
            }
            List<String> near = unmatched.getSuggestions();
            hint = near.isEmpty() ? hint : "Did you mean " + near.getFirst() + "? " + hint;
        }
        return Failure.usage(message, hint);
    }

    private static Failure cannotWrite(OutputClosed failure) {
        return new Failure(
                ExitCodes.INTERNAL,
                "output_failed",
                "Standard output cannot be written: " + failure.getMessage() + ".",
                Optional.of("Free space where it goes, or send it elsewhere."));
    }

    private static int report(
            Failure failure, @Nullable Throwable cause, OutputFlags flags, Surroundings here) {
        try {
            here.out().flush(); // what came before the failure belongs before it
        } catch (OutputClosed closed) {
            // Nobody reads it; the failure below still goes to standard error.
        }
        Palette palette = Palette.of(flags.color, here.terminals().err(), here);
        try {
            failure.print(here.err(), flags.json, palette);
            if (flags.debug && cause != null) {
                cause.printStackTrace(here.err().writer());
            }
        } catch (OutputClosed closed) {
            // Standard error is gone too: the exit code has to say it.
        }
        return failure.exit();
    }
}
