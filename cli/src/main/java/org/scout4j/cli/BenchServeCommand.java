package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.LoadGenerator;
import org.scout4j.cli.load.LoadPlan;
import org.scout4j.cli.load.LoadResult;
import org.scout4j.cli.load.LoadResult.ServerResult;
import org.scout4j.cli.load.LoadRun;
import org.scout4j.cli.load.ReportHtml;
import org.scout4j.cli.load.ReportJson;
import org.scout4j.cli.load.ReportText;
import org.scout4j.cli.load.ServerProbe;
import org.scout4j.cli.load.ServerUnfit;
import org.scout4j.cli.load.Target;
import org.scout4j.cli.load.Workload;
import org.scout4j.cli.load.Workload.TokenRate;
import org.scout4j.error.Cancelled;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scout4j bench serve}: many clients at one server, or at two by turns. */
@Command(
        name = "serve",
        abbreviateSynopsis = true,
        description = {
            "Measures a server with an OpenAI-compatible API under load: throughput, time to the"
                    + " first token, time between tokens, failures.",
            "",
            "Prompts are made-up text, drawn from --seed. Their length is set by the server's own"
                    + " count: by /tokenize, or by two short requests before the run. Each request"
                    + " has a connection of its own; connecting counts.",
            "The exit code is 0 if every request succeeded, 1 if one failed (the report is printed"
                    + " all the same), 6 if the server could not be reached, 7 if it wants another"
                    + " key.",
        })
final class BenchServeCommand implements Subcommand {
    private final Surroundings here;

    @Mixin private final BenchTargetFlags targets = new BenchTargetFlags();
    @Mixin private final BenchWorkFlags work = new BenchWorkFlags();

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with plots there.")
    private @Nullable Path report;

    @Mixin private final OutputFlags output = new OutputFlags();

    BenchServeCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        LoadPlan plan = work.plan();
        Workload workload = work.workload();
        Target first = targets.first(here);
        Target second = targets.second(here);
        int runs = work.runs(second != null);
        checkWritable();
        LoadResult result;
        try {
            List<Contestant> contestants = new ArrayList<>();
            contestants.add(contestant(first, targets.model, workload));
            if (second != null) {
                contestants.add(contestant(second, targets.compareModel, workload));
            }
            result = measure(plan, workload, contestants, runs);
        } catch (ServerUnfit e) {
            return fail(e);
        }
        return tell(result);
    }

    /** A server that has been asked what it is. */
    private record Contestant(Target target, String model, TokenRate rate, List<LoadRun> runs) {}

    private Contestant contestant(Target target, @Nullable String named, Workload workload) {
        ServerProbe probe = new ServerProbe(target, work.timeout);
        String model = named == null ? probe.firstModel() : named;
        return new Contestant(target, model, probe.tokenRate(model, workload), new ArrayList<>());
    }

    /** A B, B A, A B …: what drifts with time falls on both. */
    private LoadResult measure(
            LoadPlan plan, Workload workload, List<Contestant> contestants, int runs) {
        StatusLine status = new StatusLine(here);
        String of = plan.requests() == null ? "" : " of " + plan.requests();
        LoadGenerator generator =
                new LoadGenerator(
                        plan,
                        workload,
                        (ended, failed) ->
                                status.show(ended + of + " requests ended, " + failed + " failed"));
        // Both get the same text, though each counts it its own way.
        TokenRate rate = contestants.getFirst().rate();
        try (var registration = here.interruption().onRaise(generator::stop)) {
            for (int run = 0; run < runs && !generator.stopped(); run++) {
                List<Contestant> order = run % 2 == 0 ? contestants : contestants.reversed();
                for (Contestant one : order) {
                    one.runs().add(generator.run(one.target(), one.model(), rate, run));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled();
        } finally {
            status.clear();
        }
        List<ServerResult> servers =
                contestants.stream()
                        .map(one -> new ServerResult(one.target(), one.model(), one.runs()))
                        .toList();
        return new LoadResult(plan, workload, servers, generator.stopped());
    }

    private int tell(LoadResult result) {
        if (output.json) {
            here.out().println(JsonText.document(json -> ReportJson.write(json, result)));
        } else {
            ReportText.lines(result).forEach(here.out()::println);
        }
        here.out().flush();
        if (report != null) {
            write(report, ReportHtml.of(result));
        }
        Palette palette = Palette.of(output.color, here.terminals().err(), here);
        for (String warning : ReportText.warnings(result)) {
            here.err().println(palette.strong("warning:") + " " + warning);
        }
        if (result.stopped()) {
            return ExitCodes.INTERRUPTED;
        }
        return result.failed() == 0 ? ExitCodes.OK : ExitCodes.INTERNAL;
    }

    /** Before the work, not after it. */
    private void checkWritable() {
        if (report == null) {
            return;
        }
        Path file = here.directory().resolve(report).toAbsolutePath();
        Path directory = file.getParent();
        boolean usable =
                directory != null
                        && Files.isWritable(directory)
                        && (Files.notExists(file) || Files.isRegularFile(file));
        if (!usable) {
            throw new InvalidRequest(
                    "report",
                    "The report cannot be written to " + report + ".",
                    "Name a file in a directory that exists and can be written.");
        }
    }

    private void write(Path file, String html) {
        try {
            Files.writeString(here.directory().resolve(file), html);
        } catch (IOException e) {
            throw new InvalidRequest(
                    "report", "The report " + file + " cannot be written: " + IoReason.of(e) + ".");
        }
    }

    private int fail(ServerUnfit unfit) {
        Failure failure =
                switch (unfit.reason()) {
                    case UNREACHABLE ->
                            failure(
                                    ExitCodes.UNAVAILABLE,
                                    "server_unreachable",
                                    unfit,
                                    "Start the server, or say where it is by --url.");
                    case DENIED ->
                            failure(
                                    ExitCodes.DENIED,
                                    "denied",
                                    unfit,
                                    "Give the server's key by SCOUT4J_API_KEY or --api-key-file.");
                    case REFUSED ->
                            failure(
                                    ExitCodes.USAGE,
                                    "server_refused",
                                    unfit,
                                    "Check --url, --model and --api.");
                };
        failure.print(
                here.err(), output.json, Palette.of(output.color, here.terminals().err(), here));
        return failure.exit();
    }

    private static Failure failure(int exit, String code, ServerUnfit unfit, String hint) {
        return new Failure(exit, code, String.valueOf(unfit.getMessage()), Optional.of(hint));
    }
}
