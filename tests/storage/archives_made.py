"""Archives for tests, honest ones and others, as bytes."""

import io
import struct
import tarfile
import zipfile


def zipped(files, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped_in_gbk(files):
    """As Chinese Windows makes them: names in GBK, and no word about it."""
    data = zipped({f"name{n:04}": content for n, content in enumerate(files.values())})
    for n, name in enumerate(files):
        data = _renamed(data, f"name{n:04}".encode(), name.encode("gb18030"))
    return data


def _renamed(data, old, new):
    """In both places, with lengths and offsets set right."""
    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    out, places = io.BytesIO(), []
    for info in infos:
        at = info.header_offset
        length, extra = struct.unpack("<HH", data[at + 26 : at + 30])
        raw = data[at + 30 : at + 30 + length]
        body = data[at + 30 + length : at + 30 + length + extra + info.compress_size]
        name = new if raw == old else raw
        places.append((out.tell(), name))
        out.write(data[at : at + 26] + struct.pack("<HH", len(name), extra) + name + body)
    start = out.tell()
    at = data.index(b"PK\x01\x02")
    for offset, name in places:
        length, extra, comment = struct.unpack("<HHH", data[at + 28 : at + 34])
        entry = data[at : at + 28] + struct.pack("<HHH", len(name), extra, comment)
        entry += data[at + 34 : at + 42] + struct.pack("<I", offset) + name
        entry += data[at + 46 + length : at + 46 + length + extra + comment]
        out.write(entry)
        at += 46 + length + extra + comment
    size = out.tell() - start
    end = data[data.index(b"PK\x05\x06") :]
    out.write(end[:12] + struct.pack("<II", size, start) + end[20:])
    return out.getvalue()


def tarred(files, mode="w", links=None, special=()):
    """`files` with None are directories; `links` by name: (kind, target)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            if data is None:
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            else:
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        for name, (kind, target) in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        for name, kind in special:
            info = tarfile.TarInfo(name)
            info.type = kind
            archive.addfile(info)
    return out.getvalue()
