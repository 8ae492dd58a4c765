package org.scout4j.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code scout4j completion}: teaches a shell to complete the command's flags. */
@Command(
        name = "completion",
        abbreviateSynopsis = true,
        description = "Prints a completion script for a shell.",
        footer = {
            "%nbash:  source <(scout4j completion bash)",
            "zsh:   autoload -U +X bashcompinit && bashcompinit && source <(scout4j completion zsh)",
        })
final class CompletionCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    @Mixin private final OutputFlags output = new OutputFlags();

    CompletionCommand(Surroundings here) {
        this.here = here;
    }

    /** Shells that understand the script; zsh does by its emulation of bash completion. */
    enum Shell {
        BASH,
        ZSH
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        String script =
                switch (shell) {
                    case BASH, ZSH -> AutoComplete.bash("scout4j", Main.commandLine(here));
                };
        here.out().print(script);
        return ExitCodes.OK;
    }
}
