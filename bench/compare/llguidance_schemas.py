"""Reads the lines of `scout4j schema test --jsonl` through llguidance, for comparison.

    pip install llguidance tiktoken numpy
    python bench/compare/llguidance_schemas.py models/llama4-tokenizer/tokenizer.model < schemas.jsonl

The answers have the same form. Documents are taken as they come. The time of a mask includes the call from
Python, well below a microsecond.
"""

import base64
import json
import sys
import time

import llguidance
import llguidance.numpy as masks
import tiktoken
from llguidance.tiktoken import lltokenizer_from_encoding

VOCABULARY = 202_048
END_OF_TURN = 200_008
# How Llama 4 splits text before it looks for tokens (llama-models, models/llama4/tokenizer.py).
LETTERS = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
CAPITALS = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
OTHERS = r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def encoding(path):
    ranks = {}
    with open(path, "rb") as lines:
        for line in lines:
            token, rank = line.split()
            ranks[base64.b64decode(token)] = int(rank)
    return tiktoken.Encoding(
        "llama4",
        pat_str="|".join([LETTERS, CAPITALS, OTHERS]),
        mergeable_ranks=ranks,
        special_tokens={"<|eot|>": END_OF_TURN},
    )


def quantile(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def answer(row, text_encoding, tokenizer, mask):
    begun = time.perf_counter_ns()
    try:
        matcher = llguidance.LLMatcher(tokenizer, llguidance.LLMatcher.grammar_from_json_schema(row["schema"]))
        problem = matcher.get_error()
    except ValueError as refused:
        problem = str(refused)
    reply = {"name": row["name"], "supported": not problem}
    compile_us = (time.perf_counter_ns() - begun) / 1000
    accepted, times = [], []
    for test in [] if problem else row["tests"]:
        text = json.dumps(test["data"], separators=(",", ":"), ensure_ascii=False)
        matcher.reset()
        allowed = True
        for token in text_encoding.encode(text, disallowed_special=()):
            before = time.perf_counter_ns()
            masks.fill_next_token_bitmask(matcher, mask, 0)
            times.append((time.perf_counter_ns() - before) / 1000)
            allowed = (int(mask[0, token >> 5]) >> (token & 31)) & 1 == 1
            if not allowed:
                break
            matcher.consume_token(token)
        accepted.append(bool(allowed and matcher.is_accepting()))
    times.sort()
    if problem:
        reply["reason"] = problem
    reply |= {"accepted": accepted, "compile_us": compile_us}
    if times:
        reply["mask_us"] = {"p50": quantile(times, 0.5), "p99": quantile(times, 0.99), "max": times[-1]}
    return reply


def main():
    text_encoding = encoding(sys.argv[1])
    tokenizer = lltokenizer_from_encoding(text_encoding, n_vocab=VOCABULARY, eos_token=END_OF_TURN)
    mask = masks.allocate_token_bitmask(1, VOCABULARY)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), text_encoding, tokenizer, mask)))


main()
