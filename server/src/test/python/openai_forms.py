"""The official OpenAI client's models as answers and as tools. Arguments: base URL, model."""

import enum
import json
import sys
from typing import List, Optional

import openai
from pydantic import BaseModel, Field

base, model = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=base.rstrip("/") + "/v1", api_key="unused", max_retries=0)
passed = 0


def check(condition, what):
    global passed
    if not condition:
        sys.exit("failed: " + what)
    passed += 1


class Size(str, enum.Enum):
    small = "small"
    large = "large"


class District(BaseModel):
    name: str = Field(max_length=8)
    share: bool


class City(BaseModel):
    name: str = Field(description="The name of the city", max_length=12)
    size: Size
    districts: List[District] = Field(max_length=2)
    founded: Optional[int] = Field(ge=0, le=2000)


class GetWeather(BaseModel):
    """Gets the weather of a city."""

    city: str = Field(max_length=12)
    days: int = Field(ge=1, le=9)


question = [{"role": "user", "content": "What is the weather in Oslo?"}]
common = {"model": model, "messages": question, "max_completion_tokens": 400}

# A pydantic model as the answer, whole and streamed.
parsed = 0
for seed in range(3):
    try:
        whole = client.chat.completions.parse(response_format=City, seed=seed, **common)
    except openai.LengthFinishReasonError:
        continue  # the client's own way to tell that the limit cut the answer
    with client.chat.completions.stream(response_format=City, seed=seed, **common) as stream:
        for event in stream:
            pass
        streamed = stream.get_final_completion()
    check(isinstance(whole.choices[0].message.parsed, City), "the answer is a model")
    check(streamed.choices[0].message.parsed == whole.choices[0].message.parsed, "the streamed one is the same")
    parsed += 1
check(parsed > 0, "some answers are not cut")

# A pydantic model as a tool.
tools = [openai.pydantic_function_tool(GetWeather)]
whole = client.chat.completions.parse(tools=tools, tool_choice="required", seed=1, **common)
message = whole.choices[0].message
check(whole.choices[0].finish_reason == "tool_calls", "the reason is tool_calls")
check(all(isinstance(c.function.parsed_arguments, GetWeather) for c in message.tool_calls), "arguments are models")
with client.chat.completions.stream(tools=tools, tool_choice="required", seed=1, **common) as stream:
    names = [event.name for event in stream if event.type == "tool_calls.function.arguments.done"]
    streamed = stream.get_final_completion().choices[0].message
check(names == [c.function.name for c in message.tool_calls], "each streamed call ends")
check(
    [(c.id, c.function.name, c.function.arguments) for c in streamed.tool_calls]
    == [(c.id, c.function.name, c.function.arguments) for c in message.tool_calls],
    "streamed calls are the same",
)

# The results go back, and the talk goes on.
talk = question + [message.to_dict()]
for call in message.tool_calls:
    talk.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps({"degrees": -3})})
after = client.chat.completions.create(model=model, messages=talk, tools=tools, max_completion_tokens=40, seed=1)
check(after.choices[0].finish_reason in ("stop", "tool_calls", "length"), "the talk goes on")

# The fields of vLLM, which this client sends as extras.
for extra in ({"guided_choice": ["yes", "no"]}, {"structured_outputs": {"regex": "yes|no"}}):
    answer = client.chat.completions.create(extra_body=extra, **common).choices[0].message.content
    check(answer in ("yes", "no"), "a choice of vLLM's")
    text = client.completions.create(model=model, prompt="It is", extra_body=extra).choices[0].text
    check(text in ("yes", "no"), "the same for texts")

try:
    client.chat.completions.create(extra_body={"guided_regex": "["}, **common)
    check(False, "a malformed pattern is refused")
except openai.BadRequestError as e:
    check(e.param == "guided_regex", "the error names its parameter")

print("all passed:", passed)
