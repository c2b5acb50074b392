"""What lies on the lab's storage server before the visitor comes: colleagues' code, data and results."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

DAY = 86400
TRAIN = '''"""Train a small network on CIFAR-10."""

import argparse

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--batch", type=int, default=64)
args = parser.parse_args()
print("cuda", torch.cuda.is_available())
for epoch in range(args.epochs):
    print(f"epoch {epoch + 1}/{args.epochs}")
'''
SHELVES: Mapping[str, Mapping[str, tuple[int, str | int]]] = {
    # folder → file → (days old, what is in it: words, or so many bytes)
    "wanglei": {
        "train.py": (3, TRAIN),
        "code/resnet/train.py": (12, TRAIN),
        "code/resnet/README.md": (12, "# ResNet-50\n\npython train.py --epochs 90\n"),
        "data/cifar10/data_batch_1.bin": (200, 300_000),
        "data/cifar10/test_batch.bin": (200, 100_000),
        "results/2019-11/log.txt": (40, "epoch 1/90 loss 2.31\nepoch 2/90 loss 1.98\n"),
    },
    "amara": {
        "eval.py": (1, TRAIN),
        "datasets/voices/part-000.tar": (95, 400_000),
        "notes.md": (2, "- try lr 3e-4\n- 消融实验：去掉数据增强\n"),
    },
    "jonas": {"segmentation/train.sh": (9, "python train.py --epochs 40\n")},
    "models": {"resnet50.pth": (300, 250_000), "bert-base/weights.bin": (310, 250_000)},
}


SKELETON: Mapping[str, tuple[int, str | int]] = {
    # what the lab puts into every new folder, so that a first job has something to run
    "train.py": (0, TRAIN),
    "train_oom.py": (0, TRAIN.replace("default=64", "default=512")),
    "code/unet/model.py": (4, '"""A small U-Net."""\n\nimport torch\n'),
    "code/unet/README.md": (4, "# U-Net\n\npython train.py --epochs 10\n"),
    "data/cifar10-sample/batch.bin": (120, 200_000),
    "logs/baseline.txt": (6, "epoch 1/10 loss 2.02\nepoch 2/10 loss 1.71\n"),
}


def fill(data: Path) -> None:
    """Write it all below the data root."""
    for folder, files in SHELVES.items():
        put(data / folder, files)


def put(folder: Path, files: Mapping[str, tuple[int, str | int]]) -> None:
    now = time.time()
    for name, (days, content) in files.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                path.write_text(content, "utf-8")
            else:
                path.write_bytes(b"\0" * content)
            os.utime(path, (now - days * DAY, now - days * DAY))
