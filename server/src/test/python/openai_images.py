"""Shows an image to a scout4j server by the official OpenAI client. Arguments: base URL, model, a file with a red circle."""

import base64
import sys

import openai

base, model, path = sys.argv[1:4]
client = openai.OpenAI(base_url=base.rstrip("/") + "/v1", api_key="unused", max_retries=0)


def check(condition, what):
    if not condition:
        sys.exit("failed: " + what)


def ask(url, **more):
    image = {"type": "image_url", "image_url": {"url": url, "detail": "low"}}
    question = {"type": "text", "text": "What color is the circle?"}
    messages = [{"role": "user", "content": [image, question]}]
    return client.chat.completions.create(model=model, messages=messages, temperature=0, max_tokens=24, **more)


with open(path, "rb") as file:
    data = file.read()
url = "data:image/bmp;base64," + base64.b64encode(data).decode()
whole = ask(url)
check("red" in whole.choices[0].message.content.lower(), "the colour: " + whole.choices[0].message.content)
check(whole.usage.prompt_tokens > 19, "the image is counted")
streamed = "".join(chunk.choices[0].delta.content or "" for chunk in ask(url, stream=True) if chunk.choices)
check(streamed == whole.choices[0].message.content, "the stream is the whole answer")
for bad, code in (
    ("data:image/png;base64,@@@", "invalid_image"),
    ("https://images.example.org/a.png", "image_url_not_allowed"),
):
    try:
        ask(bad)
        sys.exit("accepted: " + bad)
    except openai.BadRequestException as error:
        check(error.code == code, code)
        check(error.param == "messages[0].content[0].image_url.url", "param of " + code)
print("all passed")
