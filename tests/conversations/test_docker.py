"""/docker and /dockerfile: topics with the reader's values, and a Dockerfile by buttons."""

import re

import pytest

from bot.domain.docker.guide import lines
from bot.domain.docker.lines import Terminal
from bot.domain.text import text
from bot.i18n import Catalogue
from handlers.docker.guide import PLACES, TOPICS
from tests.domain.dockerfile_lint import lint

HARBOR = {
    "PAILOT_HARBOR__URL": "http://harbor.example.edu:8080",
    "PAILOT_HARBOR__PROJECT": "lab",
    "PAILOT_SITE__SUDO_DOCKER": "no",
    "PAILOT_SITE__PIP_MIRROR": "https://pypi.example.edu/simple",
}


@pytest.fixture
async def harboured(closed_lab):
    """A lab that has said where its images are."""
    closed_lab.environ |= HARBOR
    await closed_lab.start()
    return closed_lab


@pytest.fixture
async def eve(harboured):
    """A member of that lab who reads English."""
    return await harboured.member("eve_w", "Eve Wong", "en")


async def test_the_guide_begins_with_its_topics(ann):
    said = await ann.asks("/docker")
    assert "小课堂" in said
    assert "sudo docker build -t REGISTRY/PROJECT/ann-pytorch" in said
    assert "sudo docker push REGISTRY/PROJECT/ann-pytorch" in said
    assert len(said.buttons) == len(TOPICS)
    topic = await ann.presses("推送", on=said)
    assert "sudo docker push REGISTRY/PROJECT/ann-pytorch" in topic
    assert "没有镜像仓库" in topic
    assert topic.id == said.id


async def test_the_lines_have_the_readers_values(eve):
    said = await eve.asks("/docker push")
    assert "docker login harbor.example.edu:8080 -u 'eve_w'" in said
    assert "docker push harbor.example.edu:8080/lab/eve-w-pytorch:" in said
    assert "sudo" not in said.text
    assert "insecure-registries" in said
    line = next(label for label in said.buttons if "push" in label and "📋" in label)
    copied = await eve.taps(line, on=said)
    assert copied.copied in said.text


async def test_a_topic_has_a_chinese_name_and_leads_to_its_neighbours(ann):
    said = await ann.asks("/docker 标签")
    assert "sudo docker tag IMAGE_ID" in said
    following = await ann.presses("登录", on=said)
    assert "docker login" in following
    whole = await ann.presses("全部小节", on=following)
    assert len(whole.buttons) == len(TOPICS)


@pytest.mark.parametrize("word", ["FROM", "maintainer", "Workdir", "ENV", "expose", "add"])
async def test_an_instruction_of_a_dockerfile_leads_to_them_all(bob, word):
    said = await bob.asks(f"/docker {word}")
    assert word.upper() in said
    assert "docker build -t REGISTRY/PROJECT/bob-pytorch" in said
    assert "docker push REGISTRY/PROJECT/bob-pytorch" in said


async def test_a_topic_that_is_not_there_leads_to_the_nearest(bob):
    said = await bob.asks("/docker comit")
    assert "Did you mean commit?" in said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_says_every_line_it_has_and_no_other(topic, language):
    given = lines(topic, Terminal("harbor.example.edu", "lab", "ann"))
    said = Catalogue.load().render(
        text(f"docker-topic-{topic}", **dict(zip(PLACES, given, strict=False))), language
    )
    assert len(re.findall(r"(?<=<pre>)(?:sudo )?docker", said)) == len(given)
    assert not re.search(r"[{}$](first|second|third)", said)


async def test_in_a_group_one_line_leads_to_the_topic_in_private(bob, group):
    said = await bob.asks("/docker run", chat=group)
    assert said.text.count("\n") == 0
    assert said.silent
    url = said.keyboard[0][0]["url"]
    assert url.endswith("?start=docker-run")
    await bob.says("/start docker-run")
    assert "docker run -it --rm" in await bob.hears("Start a container")


async def test_in_a_group_the_wizard_is_one_line_too(ann, group):
    said = await ann.asks("/dockerfile", chat=group)
    assert said.keyboard[0][0]["url"].endswith("?start=dockerfile")
    await ann.says("/start dockerfile")
    assert await ann.hears("第 1 步")


async def test_a_link_can_not_start_anything_but_long_topics(ann, stranger):
    assert "Pailot" in await ann.asks("/start stop-job")
    assert "link your OpenPAI account" in await stranger.asks("/start docker-run")


async def test_a_dockerfile_is_made_by_buttons_alone(eve):
    said = await eve.asks("/dockerfile")
    assert "1 of 7" in said
    said = await eve.presses("CUDA 11.8 · Ubuntu 22.04", on=said)
    said = await eve.presses("Ubuntu's 3.10", on=said)
    assert "PyTorch 2.1.2 (CUDA 11.8)" in said.buttons
    said = await eve.presses("PyTorch 2.1.2 (CUDA 11.8)", on=said)
    said = await eve.presses("What OpenCV needs", on=said)
    said = await eve.presses("None", on=said)
    said = await eve.presses("The lab's mirror", on=said)
    assert "libgl1" in said
    done = await eve.presses("8888 6006", on=said)
    image = "harbor.example.edu:8080/lab/eve-w-pytorch:py310-torch2.1.2-cu118"
    assert f"docker build -t {image} ./" in done
    assert f"docker push {image}" in done
    assert done.document.name == "Dockerfile"
    written = (await done.download()).decode()
    assert lint(written) == []
    assert "FROM nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04" in written
    assert "ENV PIP_INDEX_URL=https://pypi.example.edu/simple" in written
    assert "EXPOSE 8888 6006" in written


async def test_a_dockerfile_takes_what_is_typed_and_says_what_is_wrong_with_it(ann):
    said = await ann.asks("/dockerfile")
    assert "latest" in await ann.asks("docker pull ufoym/deepo")
    assert "alpine" in await ann.asks("python:3.11-alpine")
    said = await ann.asks(
        "sudo docker pull harbor.example.edu/lab/team/torch:py38-cu113-ubuntu20.04"
    )
    assert "第 2 步" in said
    said = await ann.presses("镜像自带 3.8", on=said)
    said = await ann.presses("PyTorch 1.12.1 (CUDA 11.3)", on=said)
    assert "第 4 步" in said
    assert "<b>x" in await ann.asks("<b>x")
    said = await ann.asks("ffmpeg，tmux")
    assert "pandas==1.2.3" in await ann.asks("pandas tqdm==4.66.1")
    assert "PyTorch 1.12.1" in await ann.asks("torch==1.9.0")
    said = await ann.asks("pip install pandas==2.0.3\ntqdm==4.66.1")
    assert "pandas==2.0.3 tqdm==4.66.1" in said
    said = await ann.presses("pip 官方源", on=said)
    done = await ann.presses("不要", on=said)
    assert "sudo docker build -t REGISTRY/PROJECT/ann-pytorch:py38-torch1.12.1-cu113 ./" in done
    written = (await done.download()).decode()
    assert lint(written) == []
    for words in ("USER root", "ffmpeg", "tqdm==4.66.1"):
        assert words in written


async def test_back_leads_through_every_question_again(bob):
    said = await bob.asks("/dockerfile")
    said = await bob.presses("OpenPAI · TensorFlow 1.15.0", on=said)
    said = await bob.presses("the image's own (3.6)", on=said)
    assert "Keep TensorFlow 1.15.0" in said.buttons
    said = await bob.presses("Back", on=said)
    said = await bob.presses("Back", on=said)
    assert "1 of 7" in said
    said = await bob.presses("CUDA 12.6 · Ubuntu 24.04", on=said)
    assert "TensorFlow" not in said.text


async def test_back_from_the_finished_file_asks_the_last_question_again(bob):
    said = await bob.asks("/dockerfile")
    for label in (
        "OpenPAI · PyTorch 1.4.0",
        "the image's own (3.6)",
        "Keep PyTorch 1.4.0",
        "None",
        "None",
    ):
        said = await bob.presses(label, on=said)
    said = await bob.presses("pip's own index", on=said)
    done = await bob.presses("None", on=said)
    assert "EXPOSE" not in (await done.download()).decode()
    again = await bob.presses("Back", on=done)
    assert "7 of 7" in again
    done = await bob.presses("6006", on=again)
    assert "EXPOSE 6006" in (await done.download()).decode()
    assert "py36-torch1.4.0-cu101" in done


async def test_a_button_ends_the_dialog_that_waited_for_words(bob):
    said = await bob.asks("/dockerfile")
    said = await bob.presses("CUDA 12.4 · Ubuntu 22.04", on=said)
    assert "That is an image" in await bob.asks("ufoym/deepo:py36")


async def test_only_members_are_taught(stranger):
    assert "/login" in await stranger.asks("/docker")
    assert "/login" in await stranger.asks("/dockerfile")


async def test_the_guide_names_the_readers_folder_once_there_is_one(newcomer):
    assert "/data" not in await newcomer.asks("/docker run")
    await newcomer.presses("linxiao", on=await newcomer.asks("/ls"))
    assert "存储服务器上的 /data/linxiao" in await newcomer.asks("/docker run")
