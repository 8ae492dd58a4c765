"""Small image files of many kinds with the pixels that Pillow and Hugging Face's convert_to_rgb see in them.

usage: make_more_images.py OUT (writes OUT/<file> and OUT/<file with . as _>.rgb.png); needs Pillow 13 and numpy.
Also filters expected.safetensors of make_images.py to what tests use: make_more_images.py --filter IN OUT
"""
import json, os, struct, sys
import numpy as np
from PIL import Image, ImageOps


def picture(w, h, bands, seed=5):
    y, x = np.mgrid[0:h, 0:w]
    a = np.stack([(np.sin(x * (0.2 + 0.1 * c) + y * (0.15 + 0.05 * c) + c + seed) * 120 + 128) for c in range(bands)], -1)
    a[: h // 3, : w // 3] = 255 * ((x[: h // 3, : w // 3] + y[: h // 3, : w // 3]) % 2)[..., None]
    return a.clip(0, 255).astype(np.uint8)


def seen(im):
    im = ImageOps.exif_transpose(im)
    if im.mode == "I;16":  # Pillow cuts these off at 255; here they keep their high byte like all others
        im = Image.fromarray((np.asarray(im) >> 8).astype(np.uint8))
    if im.mode == "RGB" and "transparency" not in im.info:
        return im
    rgba = im.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, (255, 255, 255, 255)), rgba).convert("RGB")


def main(out):
    def save(name, im, **options):
        path = os.path.join(out, name)
        im.save(path, **options)
        expected(name)

    def expected(name):
        with Image.open(os.path.join(out, name)) as im:
            im.load()
            seen(im).save(os.path.join(out, name.replace(".", "_") + ".rgb.png"), optimize=True)

    rgb = Image.fromarray(picture(37, 23, 3))
    rgba = Image.fromarray(picture(37, 23, 4), "RGBA")
    gray = Image.fromarray(picture(37, 23, 1)[..., 0])
    colours = rgb.quantize(60, dither=0)
    save("bits1.png", gray.convert("1"))
    for bits in 2, 4:
        save(f"palette{bits}.png", rgb.quantize(1 << bits), bits=bits)
    save("gray_key.png", gray, transparency=int(np.asarray(gray)[5, 5]))
    save("rgb_key.png", rgb, transparency=tuple(int(v) for v in np.asarray(rgb)[11, 17]))
    save("palette_alpha.png", colours, transparency=bytes(range(0, 240, 4)))
    save("gray16.png", Image.fromarray(picture(37, 23, 1)[..., 0].astype(np.uint16) * 250))
    png16("rgb16.png", out, 2, 3); expected("rgb16.png")
    png16("rgba16.png", out, 6, 4); expected("rgba16.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    save("exif.png", rgb, exif=exif)
    save("exif.webp", rgb, lossless=True, exif=exif)
    for i in range(1, 9):
        exif[0x0112] = i
        # the stored picture is turned so that all eight look alike
        turn = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[i]
        stored = rgb if turn is None else rgb.transpose(Image.Transpose(turn))
        save(f"exif_{i}.jpg", stored, quality=100, subsampling=0, exif=exif)
    save("progressive.jpg", rgb, quality=90, progressive=True)
    save("gray.jpg", gray, quality=90)
    save("restarts.jpg", rgb, quality=90, restart_marker_blocks=2)
    save("rgb_components.jpg", rgb, quality=90, keep_rgb=True)
    save("h2v1.jpg", rgb, quality=90, subsampling=1)
    save("alpha_lossy.webp", rgba, quality=80)
    save("alpha_lossless.webp", rgba, lossless=True, exact=True)
    save("animated.webp", rgba, save_all=True, append_images=[rgba.rotate(180)], lossless=True, duration=50)
    save("still.gif", colours)
    save("transparent.gif", colours, transparency=3)
    save("interlaced.gif", colours, interlace=1)
    save("animated.gif", colours, save_all=True, append_images=[colours.rotate(180)], duration=50)
    screen("screen.gif", out, rgb.quantize(16)); expected("screen.gif")
    for mode in "1", "L", "P", "RGB":
        save(f"mode_{mode}.bmp", colours if mode == "P" else rgb.convert(mode))
    save("rgba.bmp", rgba)
    top_down(out, "mode_RGB.bmp", "top_down.bmp"); expected("top_down.bmp")


def png16(name, out, colour, bands):
    import zlib
    a = picture(37, 23, bands).astype(">u2") * 257 + 13
    raw = b"".join(b"\0" + row.tobytes() for row in a)
    chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
    open(os.path.join(out, name), "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 37, 23, 16, colour, 0, 0, 0))
                                              + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def screen(name, out, im):
    """A frame that does not fill its screen."""
    path = os.path.join(out, name)
    im.save(path)
    data = bytearray(open(path, "rb").read())
    data[6:10] = struct.pack("<HH", 50, 40)
    at = 13 + (3 << ((data[10] & 7) + 1))
    while data[at] != 0x2C:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    data[at + 1:at + 5] = struct.pack("<HH", 7, 9)
    open(path, "wb").write(data)


def top_down(out, source, name):
    data = bytearray(open(os.path.join(out, source), "rb").read())
    data[22:26] = struct.pack("<i", -struct.unpack("<i", data[22:26])[0])
    open(os.path.join(out, name), "wb").write(data)


def keep(source, target):
    data = open(source, "rb").read()
    n = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8:8 + n]), data[8 + n:]
    out, parts, at = {}, [], 0
    for name, entry in header.items():
        if name == "__metadata__" or name.startswith("normalise") or name == "canvas.resized_hf":
            continue
        if name.endswith("tiles_hf") and name[:-2] + "pil" in header:
            continue
        begin, end = entry["data_offsets"]
        out[name] = dict(entry, data_offsets=[at, at + end - begin])
        parts.append(body[begin:end]); at += end - begin
    text = json.dumps(out).encode()
    text += b" " * (-len(text) % 8)
    open(target, "wb").write(struct.pack("<Q", len(text)) + text + b"".join(parts))


keep(*sys.argv[2:]) if sys.argv[1] == "--filter" else main(sys.argv[1])
