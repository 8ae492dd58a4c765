"""Writes a vision part (mmproj) of Scout's sizes with random weights, to time image encoding with.

usage: scout_mmproj.py OUT.gguf [--layers 34] [--type f16|q8_0] [--text-width 5120]

Needs the packages numpy and gguf. What it computes means nothing; how long it takes does.
"""

import argparse

import gguf
import numpy as np

TYPES = {"f16": gguf.GGMLQuantizationType.F16, "q8_0": gguf.GGMLQuantizationType.Q8_0}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--layers", type=int, default=34)
    parser.add_argument("--type", choices=TYPES, default="f16")
    parser.add_argument("--text-width", type=int, default=5120)
    options = parser.parse_args()
    width, inner, heads, side, patch, adapter = 1408, 5632, 16, 336, 14, 4096
    random = np.random.default_rng(4)
    writer = gguf.GGUFWriter(options.out, "clip")
    writer.add_type("mmproj")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "llama4")
    for key, value in {
        "image_size": side,
        "patch_size": patch,
        "embedding_length": width,
        "feed_forward_length": inner,
        "block_count": options.layers,
        "projection_dim": options.text_width,
        "attention.head_count": heads,
        "projector.scale_factor": 2,
    }.items():
        writer.add_uint32("clip.vision." + key, value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    writer.add_bool("clip.use_gelu", True)

    def matrix(name, rows, columns, kind=None):
        values = random.standard_normal((rows, columns), dtype=np.float32) / np.sqrt(columns)
        kind = TYPES[options.type] if kind is None else kind
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)

    def vector(name, length, value):
        writer.add_tensor(name, np.full(length, value, dtype=np.float32))

    patches = (side // patch) ** 2
    vector("v.class_embd", width, 0.01)
    matrix("v.position_embd.weight", patches + 1, width, gguf.GGMLQuantizationType.F32)
    matrix("v.patch_embd.weight", width, 3 * patch * patch, gguf.GGMLQuantizationType.F16)
    for norm in ("v.pre_ln", "v.post_ln"):
        vector(norm + ".weight", width, 1)
        vector(norm + ".bias", width, 0)
    for layer in range(options.layers):
        block = f"v.blk.{layer}."
        for norm in ("ln1", "ln2"):
            vector(block + norm + ".weight", width, 1)
            vector(block + norm + ".bias", width, 0)
        for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
            matrix(block + part + ".weight", width, width)
            vector(block + part + ".bias", width, 0)
        matrix(block + "ffn_up.weight", inner, width)
        vector(block + "ffn_up.bias", inner, 0)
        matrix(block + "ffn_down.weight", width, inner)
        vector(block + "ffn_down.bias", width, 0)
    matrix("mm.model.mlp.1.weight", adapter, 4 * width)
    matrix("mm.model.mlp.2.weight", adapter, adapter)
    matrix("mm.model.fc.weight", options.text_width, adapter)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main()
