package org.scout4j.cli;

import java.util.function.Consumer;
import org.scout4j.ChatStream;
import org.scout4j.FinishReason;
import tools.jackson.core.JsonGenerator;

/** The output of a command that gives a single answer. */
final class OneAnswer {
    private final Surroundings here;
    private final OutputFlags output;
    private final AnswerFlags flags;
    private final Form form;

    private OneAnswer(Surroundings here, OutputFlags output, AnswerFlags flags, Form form) {
        this.here = here;
        this.output = output;
        this.flags = flags;
        this.form = form;
    }

    /** How the text comes out. */
    private enum Form {
        /** As it is made. */
        STREAMED,
        /** Once it is whole. */
        WHOLE,
        /** Not at all: something else is printed from it. */
        DATA
    }

    /** Text as it comes, unless the flags say otherwise. */
    static OneAnswer of(Surroundings here, OutputFlags output, AnswerFlags flags) {
        Form text = flags.whole ? Form.WHOLE : Form.STREAMED;
        return new OneAnswer(here, output, flags, output.json ? Form.DATA : text);
    }

    /** Prints no text: the caller makes something else of it. */
    static OneAnswer asData(Surroundings here, OutputFlags output, AnswerFlags flags) {
        return new OneAnswer(here, output, flags, Form.DATA);
    }

    AnswerPrinter.Answer print(ChatStream stream) {
        return print(stream, "");
    }

    /**
     * Shows the answer.
     *
     * @param before text that goes first
     */
    AnswerPrinter.Answer print(ChatStream stream, String before) {
        boolean streamed = form == Form.STREAMED;
        if (streamed) {
            here.out().print(before);
        }
        AnswerPrinter printer = new AnswerPrinter(here.out(), new StatusLine(here), streamed);
        AnswerPrinter.Answer answer = printer.print(stream, here.interruption());
        String text = before + answer.result().text();
        if (form == Form.WHOLE) {
            here.out().print(text);
        }
        if (form != Form.DATA) {
            here.out().print(ToolCallText.after(text, answer.result().toolCalls()));
        }
        return answer;
    }

    /** Prints what follows the text: the JSON object if asked for, and the numbers. */
    void finish(AnswerPrinter.Answer answer, Consumer<JsonGenerator> properties) {
        if (output.json) {
            here.out().println(JsonText.document(properties));
        }
        here.out().flush();
        if (flags.verbose) {
            Palette palette = Palette.of(output.color, here.terminals().err(), here);
            here.err().println(palette.faint(AnswerReport.line(answer.result())));
            here.err().flush();
        }
        if (answer.stopped()) {
            // Everything is said; the process need not wait for the step that still computes.
            here.interruption().end();
        }
    }

    int exitCode(AnswerPrinter.Answer answer) {
        if (answer.stopped()) {
            return ExitCodes.INTERRUPTED;
        }
        boolean cut = answer.result().finishReason() == FinishReason.LENGTH;
        return cut && flags.failOnLength ? ExitCodes.CUT_BY_LENGTH : ExitCodes.OK;
    }
}
