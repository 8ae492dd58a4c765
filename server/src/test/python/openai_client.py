"""Uses the official OpenAI client against a scout4j server. Arguments: base URL, model."""

import sys

import openai

base, model = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=base.rstrip("/") + "/v1", api_key="unused", max_retries=0)
messages = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "What is the capital of Norway?"},
]
passed = 0


def check(condition, what):
    global passed
    if not condition:
        sys.exit("failed: " + what)
    passed += 1


whole = client.chat.completions.create(
    model=model, messages=messages, max_completion_tokens=24, seed=5, n=2, logprobs=True, top_logprobs=2
)
check(len(whole.choices) == 2 and whole.usage.completion_tokens <= 48, "two choices")
check(all(len(t.top_logprobs) == 2 for t in whole.choices[0].logprobs.content), "two alternatives a token")

texts = {0: "", 1: ""}
usage = None
for chunk in client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=24,
    seed=5,
    n=2,
    stream=True,
    stream_options={"include_usage": True},
):
    usage = chunk.usage or usage
    for choice in chunk.choices:
        texts[choice.index] += choice.delta.content or ""
check([texts[0], texts[1]] == [c.message.content for c in whole.choices], "stream equals whole answer")
check(usage == whole.usage or usage.completion_tokens == whole.usage.completion_tokens, "usage of the stream")

text = client.completions.create(model=model, prompt=["One", "Two"], max_tokens=4, echo=True, seed=1)
check(text.choices[0].text.startswith("One") and text.choices[1].text.startswith("Two"), "echoed prompts")

try:
    client.chat.completions.create(model=model, messages=messages, temperature=9)
    check(False, "temperature 9 is refused")
except openai.BadRequestError as e:
    check(e.param == "temperature", "the error names its parameter")

print(passed, "checks passed")
