package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;

/** Collects the answers to one request while they are made. */
final class AnswerCollector implements GenerationRun.Listener {
    private final List<Answer> answers = new ArrayList<>();

    AnswerCollector(int count) {
        for (int i = 0; i < count; i++) {
            answers.add(new Answer());
        }
    }

    List<Answer> answers() {
        return answers;
    }

    @Override
    public void prompt(int choice, ChatEvent.PromptToken token) {
        answers.get(choice).add(token);
    }

    @Override
    public void text(int choice, String text, List<TokenLogprobs> logprobs) {
        answers.get(choice).add(text, logprobs);
    }

    @Override
    public void call(int choice, ChatEvent.ToolCallStarted call) {
        answers.get(choice).add(call);
    }

    @Override
    public void arguments(int choice, ChatEvent.ToolCallArguments more) {
        answers.get(choice).add(more);
    }

    @Override
    public void finished(int choice, ChatEvent.Finished end) {
        answers.get(choice).end(end);
    }
}
