"""What a line leaves open: first the person's last job, then the site, then the cluster."""

import pytest

from bot.domain.errors import UserError
from bot.domain.jobs import Sku, VirtualCluster
from bot.domain.names import valid_name
from bot.domain.runline import parse
from bot.services.submitting.completing import Defaults, complete
from bot.services.submitting.drafts import fresh_name
from db import LastChoice

V100 = Sku("V100", gpus=1, cpus=6, memory_mb=56_000)
BIG = Sku("BIG", gpus=4, cpus=64, memory_mb=400_000)
CPU = Sku("CPU", gpus=0, cpus=2, memory_mb=4_000)
SKUS = (V100, BIG, CPU)
CLUSTERS = (VirtualCluster("first", 0, 4, 4), VirtualCluster("second", 0, 4, 4))


def completed(line, last=None, skus=SKUS, clusters=CLUSTERS, **site):
    return complete(parse(line), last, Defaults(**site), skus, clusters)


def test_the_line_goes_before_everything():
    last = LastChoice("last/image:1", "second", "BIG")
    spec, inherited = completed("image=a/b:1 vc=first sku=V100 gpu=2 python x", last, image="c/d:1")
    assert (spec.image, spec.vc, spec.sku, spec.gpus) == ("a/b:1", "first", "V100", 2)
    assert inherited == ()


def test_the_last_job_goes_before_the_site_and_is_named():
    last = LastChoice("last/image:1", "second", "BIG")
    spec, inherited = completed("python x", last, image="c/d:1", vc="first", sku="V100", gpus=3)
    assert (spec.image, spec.vc, spec.sku, spec.gpus) == ("last/image:1", "second", "BIG", 3)
    assert inherited == ("image", "vc", "sku")


def test_another_virtual_cluster_does_not_inherit_the_sku_of_the_last():
    spec, inherited = completed("vc=first python x", LastChoice("a/b:1", "second", "BIG"))
    assert (spec.vc, spec.sku, inherited) == ("first", "", ("image",))


def test_the_site_goes_before_the_cluster():
    spec, _ = completed("python x", image="c/d:1", vc="second", sku="BIG", retries=2, shm_mb=512)
    assert (spec.image, spec.vc, spec.sku, spec.retries, spec.shm_mb) == (
        "c/d:1",
        "second",
        "BIG",
        2,
        512,
    )


def test_a_cluster_that_says_nothing_still_gets_a_job():
    spec, _ = completed("image=a/b:1 python x", skus=(), clusters=None)
    assert (spec.vc, spec.gpus) == ("default", 1)
    assert spec.cpus > 0
    assert spec.memory_mb > 0


def test_without_any_image_it_is_asked_for():
    with pytest.raises(UserError) as refusal:
        completed("python x")
    assert refusal.value.text.key == "run-no-image"


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("sku=V100 gpu=2", (12, 112_000)),
        ("sku=BIG gpu=2", (32, 200_000)),
        ("gpu=2", (12, 112_000)),
        ("gpu=0", (2, 4_000)),
        ("gpu=2 cpu=1 mem=1G", (1, 1024)),
    ],
)
def test_cpus_and_memory_are_the_gpus_share_of_their_machine(line, share):
    spec, _ = completed(f"image=a/b:1 {line} python x")
    assert (spec.cpus, spec.memory_mb) == share


@pytest.mark.parametrize("stem", ["train", "训练", "a b", "<b>&_*[", "", "x" * 300, "喆"])
def test_every_name_that_is_made_is_one_openpai_takes_and_new(stem):
    one, other = fresh_name(stem), fresh_name(stem)
    assert valid_name(one)
    assert one != other
