"""What is said of a job before it is submitted, and which words would repair it."""

import pytest

from bot.domain.jobs import Sku, VirtualCluster
from bot.domain.preflight import check_name, check_sku, check_vc
from bot.domain.protocol import JobSpec

V100 = Sku("V100", gpus=1, cpus=4, memory_mb=50_000)
A100 = Sku("A100", gpus=1, cpus=8, memory_mb=90_000)
CLUSTERS = (VirtualCluster("default", 0, 6, 6), VirtualCluster("vision", 0, 2, 2))


def job(**said):
    return JobSpec("job", "a/b:c", "python x", gpus=1, cpus=4, memory_mb=8192, **said)


def found(findings):
    return [(f.grade, f.code, f.args.get("fix")) for f in findings]


@pytest.mark.parametrize(
    ("sku", "known", "expected"),
    [
        ("V100", (V100, A100), []),
        ("", (V100,), []),
        ("A100", (), []),  # no HiveD, or it did not say: nothing is known
        ("v100", (V100, A100), [("bad", "sku.missing", "sku=V100")]),
        ("H200-SXM", (V100, A100), [("bad", "sku.missing", None)]),
        ("H200-SXM", (V100,), [("bad", "sku.missing", "sku=V100")]),
    ],
)
def test_an_unknown_sku_is_bad_and_the_nearest_is_offered(sku, known, expected):
    assert found(check_sku(job(sku=sku), known)) == expected


@pytest.mark.parametrize(
    ("vc", "allowed", "expected"),
    [
        ("default", ("default",), []),
        ("defualt", ("default", "vision"), [("bad", "vc.denied", "vc=default")]),
        ("vision", ("default",), [("bad", "vc.denied", "vc=default")]),
        ("gpu", ("default", "vision"), [("bad", "vc.denied", None)]),
        ("vison", None, [("bad", "vc.denied", "vc=vision")]),
        ("gpu", (), [("bad", "vc.denied", None)]),
    ],
)
def test_a_virtual_cluster_one_may_not_use_is_bad(vc, allowed, expected):
    assert found(check_vc(job(vc=vc), CLUSTERS, allowed)) == expected


def test_a_name_that_can_not_be_used_comes_with_one_that_can():
    assert check_name("eval", "eval-x1y2", taken=False) == []
    assert found(check_name("eval", "eval-x1y2", taken=True)) == [
        ("bad", "name.taken", "name=eval-x1y2")
    ]
    assert found(check_name("训练", "xunlian-x1y2", taken=True)) == [
        ("bad", "name.rule", "name=xunlian-x1y2")
    ]
