"""/copyimage and /tagimage: nothing that somebody else put there is lost, and what would be refused is told at once."""

from aiohttp import web

from tests import polling
from tests.conversations.images.test_changing import names, torch
from tests.registry.served import served


async def test_a_tag_that_came_while_the_parts_were_on_their_way_is_left_alone(harbor, ann):
    """The copy waits at its last step; somebody pushes the same tag; theirs stays."""
    harbor.faults.kind, harbor.faults.part = "silent", "/blobs/"
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/raced")
    await ann.hears("正在")
    theirs = harbor.image("lab/raced", "1.13", env=("THEIRS=1",))
    harbor.faults.kind = ""
    said = await ann.hears("变了", within=40)
    assert "lab/raced" in said
    assert harbor.artifact("lab/raced", "1.13").digest == theirs


class Odd:
    """The registries, one of which answers what nobody thought of."""

    def __init__(self, registries):
        self._registries = registries

    def __getattr__(self, name):
        return getattr(self._registries, name)

    async def copy(self, source, target, **how):
        if target.path == "lab/odd":
            raise ZeroDivisionError
        return await self._registries.copy(source, target, **how)


async def test_one_copy_that_breaks_and_one_that_is_stopped_keep_nobody_waiting(
    harbor, ann, ported
):
    copying = ported.bot.services.images.copying
    copying._registries = Odd(copying._registries)
    ported.forgiven.add("a copy of an image failed")
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/odd")
    assert "lab/odd" in await ann.hears("没有复制成功")
    harbor.faults.kind, harbor.faults.part = "silent", "/blobs/"
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/stopped")
    assert "已停止" in await ann.presses("停止", on=await ann.hears("lab/stopped"))
    ann.tg.forgets()
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/next")
    harbor.faults.kind = ""
    assert "lab/next" in await ann.hears("已复制好", within=20)
    assert harbor.artifact("lab/stopped", "1.13") is None
    trail = await ported.bot.db.read(lambda uow: uow.audit.list(9, action="image-copy"))
    assert [row.result for row in trail] == ["done", "cancelled", "failed"]


async def test_a_login_that_stopped_working_is_said_to_be_so(harbor, ann):
    """Harbor itself would only say that nobody may do that."""
    harbor.user("ann", "Another-password1")
    assert "/login harbor" in await ann.asks(f"/tagimage {torch(harbor, '1.13')} mine")
    preview = await ann.asks(f"/run image={harbor.host}/lab/private:v1 gpu=1 python x.py")
    assert "已经失效" in preview


async def test_a_full_project_and_a_read_only_registry_are_told_apart_from_rights(harbor, ann):
    lab = harbor.store.projects["lab"]
    lab.quota = lab.used + 10
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/much")
    assert "配额不够" in await ann.hears("没有复制成功")
    harbor.store.read_only = True
    assert "只读" in await ann.asks(f"/tagimage {torch(harbor, '1.13')} mine")


async def test_an_immutable_tag_is_refused_before_anything_is_sent(harbor, ann):
    harbor.store.projects["lab"].immutable.append(("private", "v1"))
    before = harbor.artifact("lab/private", "v1")
    said = await ann.asks(f"/copyimage {torch(harbor, '1.13')} {harbor.host}/lab/private:v1")
    assert "不允许改动" in said
    harbor.image("lab/private", "v2", env=("OTHER=1",))
    said = await ann.asks(f"/tagimage {harbor.host}/lab/private:v2 v1")
    assert "不允许改动" in said
    assert harbor.artifact("lab/private", "v1") is before
    assert not [one for one in harbor.requests if one.method in {"PUT", "POST", "PATCH"}]


async def test_an_index_is_copied_with_its_parts_and_one_tag(harbor, ann):
    digest = harbor.index("public/tools", "v1", "linux/amd64", "linux/arm64")
    await ann.says(f"/copyimage {harbor.host}/public/tools:v1 lab/tools:mine")
    assert digest in await ann.hears("已复制好", within=20)
    assert names(harbor, "lab/tools") == {"mine"}
    copied = harbor.artifact("lab/tools", "mine")
    for child in copied.children:
        assert harbor.artifact("lab/tools", child["digest"]) is not None


async def test_a_harbor_of_version_1_is_read_and_never_written(closed_lab, admin):
    met = []

    async def handle(request):
        met.append((request.method, request.path))
        match request.path:
            case "/api/systeminfo":
                return web.json_response({"harbor_version": "v1.10.2", "auth_mode": "db_auth"})
            case "/api/users/current":
                return web.json_response({"username": "ann", "user_id": 3})
            case "/api/search":
                rows = [{"repository_name": "lab/ml/torch", "project_name": "lab", "tags_count": 1}]
                return web.json_response({"repository": rows, "project": []})
            case "/api/projects/69":
                return web.json_response({"project_id": 69, "name": "lab"})
            case "/api/repositories/lab/ml/torch/tags":
                return web.json_response(
                    [{"name": "v1", "digest": "sha256:" + "a" * 64, "size": 10}]
                )
        if request.path.startswith("/v2/"):
            headers = {"Content-Type": "application/vnd.docker.distribution.manifest.v2+json"}
            return web.Response(headers=headers)
        return web.Response(status=404, text="404 page not found", content_type="text/plain")

    async with served(handle) as url:
        host = url.removeprefix("http://")
        closed_lab.environ |= {"PAILOT_HARBOR__URL": url, "PAILOT_HARBOR__PROJECT": "lab"}
        await closed_lab.start()
        eve = await closed_lab.member("eve", "Eve Wong", "en")
        assert "Linked" in await eve.asks("/login harbor ann ann-Password1")
        listed = await eve.asks("/images torch")
        assert "lab/ml/torch" in listed
        tags = await eve.presses("lab/ml/torch", on=listed)
        card = await eve.presses("v1", on=tags)
        assert f"{host}/lab/ml/torch:v1" in card
        page = await eve.asks(f"/image {url}/harbor/projects/69/repositories/lab%2Fml%2Ftorch")
        assert "v1" in page
        for words in (
            f"/rmimage {host}/lab/ml/torch:v1",
            f"/tagimage {host}/lab/ml/torch:v1 v2",
            f"/copyimage {host}/lab/ml/torch:v1 {host}/lab/copy:v1",
        ):
            assert "version 1" in await eve.asks(words), words
        await closed_lab.stop()
    assert {method for method, _ in met} <= {"GET", "HEAD"}


async def test_what_gets_its_tag_is_not_said_to_be_stopped(harbor, ann):
    """Harbor takes its time over the very last request; the tag is there afterwards, so nothing may say it is not."""
    harbor.faults.kind, harbor.faults.method, harbor.faults.part = "slow", "PUT", "/manifests/"
    await ann.says(f"/copyimage {torch(harbor, '1.13')} lab/late")
    begun = await ann.hears("lab/late")
    await polling.until(lambda: harbor.faults.times < 1_000_000)
    assert "来不及停止" in (await ann.tg.presses("停止", begun)).text
    assert "lab/late" in await ann.hears("已复制好", within=20)
    assert names(harbor, "lab/late") == {"1.13"}
    assert "已复制好" in ann.said()[-1]


async def test_a_tag_that_was_set_and_nobody_heard_so_is_there(harbor, ann):
    """The line breaks after Harbor's very last deed."""
    image, faults = torch(harbor, "1.13"), harbor.faults
    faults.kind, faults.method, faults.part, faults.times = "lost", "PUT", "/manifests/", 1
    await ann.says(f"/copyimage {image} lab/heard")
    assert "lab/heard" in await ann.hears("已复制好", within=20)
    assert not faults.times
    faults.times = 1
    assert "又有了标签" in await ann.asks(f"/tagimage {image} mine")
    assert not faults.times
    assert names(harbor, "lab/heard") == {"1.13"}
    assert "mine" in names(harbor, "public/ml/torch")
