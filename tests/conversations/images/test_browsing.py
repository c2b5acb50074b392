"""/images, /image, /login harbor, and what /run says about its image."""

import json
import time

from bot.services.images import checking

PATIENCE = 9.0
"""Three seconds and a busy machine's share; nobody gave up a request of ten."""
OURS = "# pailot: nfs-common\nmount -t nfs 192.0.2.4:/data/eve /mnt"


async def test_images_are_browsed_by_buttons_to_a_card(harbor, eve):
    listed = await eve.asks("/images")
    assert "public/ml/torch" in listed
    assert "lab/private" not in listed
    tags = await eve.presses("public/ml/torch", on=listed)
    assert "1.13" in tags
    assert "never pulled" in tags
    card = await eve.presses("1.13", on=tags)
    assert f"{harbor.host}/public/ml/torch:1.13" in card
    assert "Python 3.8.16 · PyTorch 1.13.1 · CUDA 11.7.1" in card
    assert "has nfs-common" in card
    assert "3 GB" in card
    assert "stable" in card
    assert harbor.store.projects["public"].repositories["ml/torch"].pulls == 0


async def test_a_search_finds_parts_of_names_and_says_when_there_is_nothing(harbor, eve):
    assert "ml/torch" in await eve.asks("/images tor")
    assert "ml/torch" in await eve.asks("/images\u00a0TORCH，ml")
    assert "/login harbor" in await eve.asks("/images nothing-like-that")
    assert len((await eve.asks(f"/images {'x' * 3000}")).text) < 300


async def test_a_part_of_the_name_is_enough_and_a_wrong_tag_is_mended(harbor, eve):
    assert f"{harbor.host}/public/ml/torch:1.13" in await eve.asks("/image torch:1.13")
    wrong = await eve.asks("/image torch:1.31")
    assert "1.13" in " ".join(wrong.buttons)
    card = await eve.presses("1.13", on=wrong)
    assert "sha256:" in card


async def test_a_pasted_pull_line_is_understood(harbor, eve):
    assert "sha256:" in await eve.asks(f"/image docker pull {harbor.host}/public/ml/torch:1.12")


async def test_scans_are_shown(harbor, eve):
    card = await eve.asks("/image torch:1.12")
    assert "2 Critical" in card


async def test_a_login_shows_private_images_and_the_message_is_gone(harbor, ported, ann):
    assert "lab/private" in await ann.asks("/images")
    assert "v1" in await ann.asks(f"/image {harbor.host}/lab/private:v1")
    assert "Harbor：ann" in await ann.asks("/me")
    assert "不是它的成员" in await ann.asks(f"/image {harbor.host}/nowhere/x:v1")


async def test_a_wrong_login_is_told_and_asked_again(harbor, eve):
    asked = await eve.asks("/login harbor")
    assert "user name" in asked
    await eve.asks("ann")
    assert "Wrong login" in await eve.asks("wrong")
    harbor.accounts._locked.clear()
    assert "Linked to Harbor" in await eve.asks("ann-Password1")
    assert "deleted here" in await eve.asks("/logout harbor")


async def test_an_image_goes_into_a_job_by_a_button(harbor, eve):
    card = await eve.asks("/image torch:1.13")
    asked = await eve.presses("Use in a job", on=card)
    assert "command" in asked
    preview = await eve.asks("gpu=1 python /mnt/train.py")
    assert f"{harbor.host}/public/ml/torch:1.13" in preview
    assert "❌" not in preview


async def test_checking_a_job_is_no_pull(harbor, eve):
    """Neither the card nor the checks of a job nor a test of its words fetch a manifest."""
    repository = harbor.store.repository("public/ml/torch")[1]
    pulled = repository.artifacts[repository.tags["1.13"].digest].pulled
    for words in (
        f"/run image={harbor.host}/public/ml/torch:1.13 gpu=1 mount -t nfs 192.0.2.4:/data /mnt",
        "/run image=torch:1.31 gpu=1 python x.py",
        f"/image {harbor.host}/public/ml/torch:1.13",
        f"/image {harbor.host}/public/ml/torch:stable",
    ):
        await eve.asks(words)
    assert repository.pulls == 0
    assert repository.artifacts[repository.tags["1.13"].digest].pulled == pulled
    fetched = [one.path for one in harbor.requests if one.method == "GET" and "/v2/" in one.path]
    assert not [path for path in fetched if "/manifests/" in path or "/blobs/" in path]


async def test_a_wrong_tag_in_a_job_is_found_and_repaired_by_a_tap(harbor, eve):
    preview = await eve.asks(f"/run image={harbor.host}/public/ml/torch:1.31 gpu=1 python x.py")
    assert "has no image" in preview
    assert "🔧 public/ml/torch:1.13" in preview.buttons  # a phone cuts off the end of longer ones
    fixed = await eve.presses("🔧", on=preview)
    assert f"{harbor.host}/public/ml/torch:1.13" in fixed
    assert "has no image" not in fixed


async def test_who_names_no_image_or_has_no_account_finds_the_way_on_as_a_button(harbor, eve):
    for line in ("/image", "/rmimage", "/tagimage", "/copyimage"):
        assert "All images" in (await eve.asks(line)).buttons
    refused = await eve.asks(f"/tagimage {harbor.host}/public/ml/torch:1.13 stable")
    assert refused.buttons == ["/login harbor"]
    assert "user name on Harbor" in await eve.presses("/login harbor", refused)


async def test_a_tag_that_is_left_out_in_a_job_is_chosen_by_a_tap(harbor, eve):
    """There is no `latest`: the tag pushed last is offered."""
    preview = await eve.asks(f"/run image={harbor.host}/public/ml/torch gpu=1 python x.py")
    assert "has no image" in preview
    assert "/public/ml/torch:latest. It has: 1.13, 1.12" in preview
    fixed = await eve.presses("🔧", on=preview)
    assert f"{harbor.host}/public/ml/torch:1.13" in fixed
    assert "has no image" not in fixed


async def test_a_short_name_in_a_job_becomes_the_labs_image(harbor, eve):
    preview = await eve.asks("/run image=torch:1.13 gpu=1 python x.py")
    assert f"{harbor.host}/public/ml/torch:1.13" in preview


async def test_a_pasted_line_in_a_job_is_refused_with_its_repair(harbor, eve):
    preview = await eve.asks(
        f"/run image=http://{harbor.host}/public/ml/torch:1.13 gpu=1 python x.py"
    )
    assert "no http://" in preview
    fixed = await eve.presses("🔧", on=preview)
    assert "no http://" not in fixed


async def test_an_unreachable_registry_is_unknown_and_never_bad(harbor, eve):
    preview = await eve.asks("/run image=pytorch/pytorch:1.13 gpu=1 python x.py")
    assert "did not answer" in preview
    assert "❌" not in preview


async def test_a_private_image_without_a_login_is_said_to_be_so(harbor, eve):
    harbor.project("thesis")
    harbor.image("thesis/secret", "v1")
    preview = await eve.asks(f"/run image={harbor.host}/thesis/secret:v1 gpu=1 python x.py")
    assert "not public" in preview
    assert "❌" not in preview


async def test_a_private_image_takes_the_login_along_and_nobody_reads_it_back(harbor, ported, ann):
    preview = await ann.asks(f"/run image={harbor.host}/lab/private:v1 gpu=1 python x.py")
    assert "🔑" in preview
    yaml = await ann.presses("YAML", on=preview)
    told = (await yaml.download()).decode()
    assert "registry_password" in told
    assert "ann-Password1" not in told
    done = await ann.presses("提交", on=preview)
    assert "已提交" in done
    job = next(j for j in ported.pai.jobs() if j.user == "ann")
    written = json.dumps(job.config, ensure_ascii=False)
    assert "ann-Password1" in written  # the nodes get it
    shown = await ported.bot.services.following._cluster.config(
        job_ref(job), await ported.bot.services.submitting._tokens.of(await person(ported, ann))
    )
    assert "ann-Password1" not in json.dumps(shown)
    assert shown["prerequisites"][0]["auth"]["username"] == "ann"


def job_ref(job):
    from bot.domain.jobs import JobRef

    return JobRef(job.user, job.name)


async def person(lab, somebody):
    return await lab.bot.db.read(lambda uow: uow.people.get(somebody.id))


async def test_a_command_that_mounts_without_nfs_common_is_warned_of(harbor, eve):
    line = (
        f"/run image={harbor.host}/public/ml/torch:1.12 gpu=1 mount -t nfs 192.0.2.4:/data/eve /mnt"
    )
    assert "no nfs-common" in await eve.asks(line)


async def test_our_own_lines_install_what_mounting_needs_and_say_so(harbor, ported, eve):
    checks = ported.bot.services.images.checks
    somebody = await person(ported, eve)
    for tag, found in (("1.12", ["image.mount"]), ("1.13", [])):
        name = f"{harbor.host}/public/ml/torch:{tag}"
        told = (await checks.check(somebody, name, f"{OURS}\npython x.py")).findings
        assert [one.code for one in told] == found
        assert all(one.args["ours"] for one in told)


async def test_a_blocked_image_is_told_with_its_scan(harbor, eve):
    harbor.store.projects["public"].blocked = True
    preview = await eve.asks(f"/run image={harbor.host}/public/ml/torch:1.12 gpu=1 python x.py")
    assert "refuses to hand out" in preview
    assert "2 Critical" in preview
    assert harbor.store.repository("public/ml/torch")[1].pulls == 0


async def test_a_harbor_that_hangs_costs_three_seconds_at_most_and_only_once(
    harbor, ported, eve, monkeypatch
):
    """Both the name and the image are asked of it; what is private keeps its checks."""
    for name, seconds in (("SECONDS", 3.0), ("MORE_SECONDS", 1.0)):
        monkeypatch.setattr(checking, name, seconds)
    harbor.faults.kind = "silent"
    checks, somebody = ported.bot.services.images.checks, await person(ported, eve)
    began = time.monotonic()
    words = await checks.meant(somebody, "torch:1.13")
    assert words == "torch:1.13"
    assert time.monotonic() - began < PATIENCE
    left = harbor.faults.times
    assert await checks.meant(somebody, "torch:1.13") == "torch:1.13"
    found = await checks.check(somebody, f"{harbor.host}/public/ml/torch:1.13")
    assert [one.grade for one in found.findings] == ["unknown"]
    assert harbor.faults.times == left, "it is not asked again for a while"
    ported.clock.passes(minutes=2)
    harbor.faults.part = "/api/"  # the registry answers, what is only good to know does not
    began = time.monotonic()
    found = await checks.check(somebody, f"{harbor.host}/public/ml/torch:1.13", OURS)
    assert found.findings == ()
    assert time.monotonic() - began < PATIENCE


async def test_a_public_image_is_offered_to_be_copied(closed_lab, harbor, admin):
    from bot.demo.harbor import HarborEmulator

    public = HarborEmulator(clock=closed_lab.clock.seconds)
    public.project("pytorch", public=True)
    digest = public.image("pytorch/pytorch", "1.13")
    await public.start()
    try:
        hub = [{"name": "hub", "url": public.url, "mirror_of": "docker.io"}]
        closed_lab.environ["PAILOT_REGISTRIES"] = json.dumps(hub)
        await closed_lab.start()
        ann = await closed_lab.member("ann", "Ann Lee", "en")
        await ann.asks("/login harbor ann ann-Password1")
        preview = await ann.asks("/run image=pytorch/pytorch:1.13 gpu=1 python x.py")
        assert "may not reach" in preview
        await ann.presses("Copy into Harbor", on=preview)
        assert digest in await ann.hears("is there", within=20)
        await closed_lab.stop()
    finally:
        await public.stop()


async def test_a_group_sees_what_everybody_may_see(harbor, ported, eve, ann, admin):
    group = await ported.group("GPU lab", eve, ann, admin)
    said = await eve.asks("/images", chat=group)
    assert "public/ml/torch" in said
    assert "private" not in said


async def test_a_name_that_fits_several_images_is_asked_back(harbor, eve):
    harbor.image("public/other/torchvision", "v1")
    harbor.image("public/torchaudio", "v1")
    several = await eve.asks("/image torch:1.13")
    assert "public/ml/torch:1.13" in several  # the exact name wins
    several = await eve.asks("/image torcha")
    assert "torchaudio" in several
    asked = await eve.asks("/run image=torc gpu=1 python x.py")
    assert "fits several" in asked
    buttons = await eve.asks("/image torc")
    assert len(buttons.buttons) == 3


async def test_a_name_without_a_tag_shows_what_there_is(harbor, eve):
    listed = await eve.asks("/image ml/torch")
    assert "1.13" in listed
    assert "1.12" in listed


async def test_project_and_name_are_enough(harbor, eve):
    assert f"{harbor.host}/public/ml/torch:1.13" in await eve.asks(
        "/run image=public/ml/torch:1.13 gpu=1 python x.py"
    )
    assert "sha256" in await eve.asks("/image public/ml/torch:stable")
