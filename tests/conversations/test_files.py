"""Files: the first time, looking around, putting in order, the trash, and files through the chat."""

import io
import os
import time

import pytest
from PIL import Image

from bot.services.files.browsing import PAGE as PAGE_NAMES


async def test_without_a_storage_server_there_are_no_such_commands(ann):
    said = await ann.asks("/ls")
    assert "/ls" in said
    assert "没有" in said


async def test_the_first_time_a_name_is_proposed_and_the_folder_made(newcomer, storage):
    asked = await newcomer.asks("/ls")
    assert [label for label in asked.buttons if "📁" in label] == ["📁 linxiao", "📁 xiao"]
    said = await newcomer.presses("linxiao", on=asked)
    assert "/data/linxiao" in said
    assert "/mnt" in said
    assert (storage.data / "linxiao").stat().st_mode & 0o7777 == 0o2777
    again = await newcomer.asks("/ls")
    assert "还没有文件" in again


async def test_another_name_can_be_written_and_a_bad_one_is_explained(newcomer, storage):
    asked = await newcomer.asks("/ls")
    await newcomer.presses("用别的名字", on=asked)
    said = await newcomer.asks("../wanglei")
    assert "不能作为" in said
    said = await newcomer.asks("lin_xiao-2")
    assert "/data/lin_xiao-2" in said
    assert (storage.data / "lin_xiao-2").is_dir()


async def test_a_folder_that_was_there_before_is_given_by_an_admin_only(newcomer, admin, storage):
    asked = await newcomer.asks("/ls")
    await newcomer.presses("用别的名字", on=asked)
    said = await newcomer.asks("wanglei")
    assert "管理员" in said
    question = await admin.hears("wanglei")
    assert "林晓" in question
    await admin.presses("It is theirs", on=question)
    told = await newcomer.hears("现在是你的个人目录")
    assert "wanglei" in told
    listing = await newcomer.asks("/ls")
    assert "/mnt/train.py" in listing


async def test_an_admin_may_say_no(newcomer, admin, storage):
    asked = await newcomer.asks("/ls")
    await newcomer.presses("用别的名字", on=asked)
    await newcomer.asks("wanglei")
    await admin.presses("No", on=await admin.hears("wanglei"))
    await newcomer.hears("不是你的个人目录")
    asked = await newcomer.asks("/ls")
    assert "还没有个人目录" in asked
    await newcomer.presses("用别的名字", on=asked)
    admin.tg.forgets()
    assert "管理员" in await newcomer.asks("wanglei")
    assert "林晓" in await admin.hears("wanglei"), "they talked to each other meanwhile"


async def test_nobody_gets_the_folder_of_another_member(newcomer, eve):
    asked = await newcomer.asks("/ls")
    await newcomer.presses("用别的名字", on=asked)
    assert "别人的" in await newcomer.asks("evewong")


async def test_a_listing_has_pages_sizes_and_the_path_inside_the_job(eve, folder):
    (folder / "code").mkdir()
    for number in range(PAGE_NAMES + 3):
        (folder / f"file{number:02}.txt").write_bytes(b"x" * 2048)
    said = await eve.asks("/ls")
    assert "/mnt/code" in said
    assert "/mnt/file00.txt · 2 KB" in said.text
    assert "file12.txt" not in said.text
    turned = await eve.presses("Next", on=said)
    assert turned.id == said.id
    assert "file12.txt" in turned
    opened = await eve.presses("file12.txt", on=turned)
    assert "/data/evewong/file12.txt" in opened


async def test_odd_names_are_shown_whole_and_can_be_opened(eve, folder):
    for name in ("<b>bold & co", "-rf", "空 格 🚢", 'quo"te'):
        (folder / name).mkdir()
    with open(os.fsencode(folder) + b"/\xff\xfe", "wb"):
        pass
    said = await eve.asks("/ls")
    assert "/mnt/<b>bold & co" in said.text
    assert "not UTF-8" in said
    opened = await eve.presses("bold", on=said)
    assert "/mnt/<b>bold & co" in opened.text


async def test_the_nearest_names_are_offered_for_a_typo(eve, folder):
    (folder / "results").mkdir()
    said = await eve.asks("/ls resutls")
    assert "nothing at resutls" in said
    opened = await eve.presses("results", on=said)
    assert "/mnt/results" in opened


@pytest.mark.parametrize("path", ["../wanglei", "/data/wanglei/train.py", "/etc/passwd", "a/../.."])
@pytest.mark.parametrize("command", ["/ls", "/get", "/rm", "/mkdir", "/du", "/mv x"])
async def test_no_command_reaches_anybody_elses_files(eve, storage, command, path):
    said = await eve.asks(f"{command} {path}")
    assert "not in your personal folder" in said.text or "not understood" in said.text
    assert (storage.data / "wanglei" / "train.py").exists()


async def test_a_link_leads_nowhere(eve, folder):
    (folder / "door").symlink_to("../wanglei")
    assert "link" in await eve.asks("/ls door/train.py")
    assert "link" in await eve.asks("/get door/train.py")
    assert "follows no links" in await eve.asks("/get door")
    said = await eve.asks("/ls")
    assert "🔗" in said


async def test_directories_are_made_and_things_moved(eve, folder):
    said = await eve.asks("/mkdir data/cifar10")
    assert "/mnt/data/cifar10" in said
    assert (folder / "data" / "cifar10").is_dir()
    assert "There already" in await eve.asks("/mkdir data/cifar10")
    (folder / "my file").write_text("x")
    said = await eve.asks('/mv "my file" data')
    assert "/mnt/data/my file" in said
    assert "into itself" in await eve.asks("/mv data data/cifar10")
    (folder / "other").write_text("y")
    assert "already" in await eve.asks('/mv other "data/my file"')
    assert "not of the right kind" in await eve.asks('/mv other "data/my file/"')
    assert "nothing" in await eve.asks("/mv nowhere new/deep/")
    assert not (folder / "new").exists()
    assert "/mnt/new/deep/other" in await eve.asks("/mv other new/deep/")
    assert (folder / "new" / "deep" / "other").read_text() == "y"


async def test_what_is_deleted_comes_back_from_the_trash(eve, folder):
    (folder / "code").mkdir()
    (folder / "code" / "train.py").write_text("x")
    said = await eve.asks("/rm code/train.py")
    assert "7 days" in said
    assert not (folder / "code" / "train.py").exists()
    (folder / "code").rmdir()
    back = await eve.presses("Restore", on=said)
    assert "/mnt/code/train.py" in back
    assert (folder / "code" / "train.py").read_text() == "x"
    assert "empty" in await eve.asks("/trash")


async def test_the_trash_restores_beside_what_took_the_place(eve, folder):
    (folder / "a").write_text("old")
    await eve.asks("/rm a")
    (folder / "a").write_text("new")
    said = await eve.presses("↩️ a", on=await eve.asks("/trash"))
    assert "/mnt/a-" in said
    assert (folder / "a").read_text() == "new"
    assert sorted(p.read_text() for p in folder.glob("a*")) == ["new", "old"]


async def test_emptying_the_trash_asks_first_and_frees_the_space(eve, folder):
    for name in ("a", "b"):
        (folder / name).write_text(name)
        await eve.asks(f"/rm {name}")
    sure = await eve.asks("/trash empty")
    assert "all 2 things" in sure
    assert len(list((folder / ".pailot" / ".trash").iterdir())) == 2
    said = await eve.presses("Remove for good", on=sure)
    assert "2 things" in said
    assert list((folder / ".pailot" / ".trash").iterdir()) == []


async def test_the_trash_empties_itself_after_a_week(eve, folder, shelved):
    (folder / "a").write_text("a")
    await eve.asks("/rm a")
    trash = shelved.bot.services.storage.trash
    await trash.expire()
    assert "/mnt/a" in await eve.asks("/trash")
    shelved.clock.passes(days=7, minutes=1)
    await trash.expire()
    assert list((folder / ".pailot" / ".trash").iterdir()) == []


async def test_pailots_own_directory_is_left_alone(eve, folder):
    (folder / "a").write_text("a")
    await eve.asks("/rm a")
    assert "Pailot's own" in await eve.asks("/rm .pailot")
    assert "Pailot's own" in await eve.asks("/mv .pailot/.trash x")
    assert "whole personal folder" in await eve.asks("/rm /mnt")
    assert ".pailot" not in (await eve.asks("/ls")).text


async def test_a_command_that_names_no_file_leads_to_where_they_are(eve, folder):
    (folder / "train.py").touch()
    for command in ("/get", "/rm", "/edit", "/mkdir", "/unpack"):
        said = await eve.asks(command)
        assert said.buttons == ["Files"]
    assert "train.py" in await eve.presses("Files", said)


async def test_space_is_counted_by_directory_with_the_oldest_named(eve, folder):
    (folder / "data").mkdir()
    (folder / "data" / "big").write_bytes(b"x" * 500_000)
    (folder / "old").mkdir()
    (folder / "old" / "file").write_bytes(b"x" * 10_000)
    long_ago = time.time() - 90 * 86400
    os.utime(folder / "old" / "file", (long_ago, long_ago))
    (folder / "new").mkdir()
    said = await eve.asks("/du")
    assert "days ago · 0 B · new" not in said
    assert "488 KB · data" in said.text
    assert "Unchanged for long" in said
    assert "90 days ago" in said
    assert "Free on the disk" in said


async def test_a_file_is_sent_to_the_chat(eve, folder):
    (folder / "log.txt").write_bytes(b"epoch 1\n")
    said = await eve.asks("/get log.txt")
    assert said.document.name == "log.txt"
    assert said.document.content == b"epoch 1\n"
    card = await eve.asks("/ls log.txt")
    again = await eve.presses("Send it here", on=card)
    assert again.document.content == b"epoch 1\n"


async def test_what_telegram_does_not_take_gets_copy_lines(eve, folder, storage):
    with (folder / "big.bin").open("wb") as file:
        file.truncate(60 << 20)
    said = await eve.asks("/get big.bin")
    assert "50 MB" in said
    assert f"scp -P {storage.port} -r pailot@127.0.0.1:/data/evewong/big.bin" in said.text
    (folder / "dir").mkdir()
    assert "whole directory" in await eve.asks("/get dir")
    (folder / "void").touch()
    assert "no empty files" in await eve.asks("/get void")


async def test_upload_shows_lines_for_the_readers_own_folder(eve, storage):
    said = await eve.asks("/upload")
    for program in ("scp -P", "rsync -avP", "sftp -P"):
        assert program in said
    assert "pailot@127.0.0.1:/data/evewong/" in said
    assert "PowerShell" in said


async def test_a_sent_file_is_saved_where_the_caption_says(eve, folder):
    asked = await eve.sends_file("train.py", b"print(1)\n", "code/")
    assert "/mnt/code/train.py" in asked
    said = await eve.presses("Save", on=asked)
    assert "Saved" in said
    assert (folder / "code" / "train.py").read_bytes() == b"print(1)\n"


async def test_a_picture_is_saved_like_any_file(eve, folder):
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    eve.tg.forgets()
    await eve.tg.sends_photo(made.getvalue(), "plots/")
    asked = await eve.answer()
    assert "/mnt/plots/photo-" in asked
    assert "Saved" in await eve.presses("Save", on=asked)
    (saved,) = (folder / "plots").iterdir()
    assert saved.read_bytes() == made.getvalue()


async def test_a_file_that_is_there_is_replaced_only_after_asking(eve, folder):
    (folder / "data.csv").write_text("old")
    asked = await eve.sends_file("data.csv", b"new")
    question = await eve.presses("Save", on=asked)
    assert "already" in question
    assert (folder / "data.csv").read_text() == "old"
    await eve.presses("Replace", on=question)
    assert (folder / "data.csv").read_text() == "new"
    assert "/mnt/data.csv" in await eve.asks("/trash")


async def test_a_sent_program_can_be_saved_and_run(eve, folder):
    asked = await eve.sends_file("train.py", b"print(1)\n")
    said = await eve.presses("Save and run", on=asked)
    assert "Saved" in said
    await eve.hears("Which image")
    assert (folder / "train.py").exists()


async def test_a_sent_yaml_is_still_a_job(eve):
    said = await eve.sends_file("job.yaml", b"nonsense: [")
    assert "Save" not in said.buttons


async def test_the_file_system_is_asked_in_private_only(eve, shelved):
    group = await shelved.group("GPU lab", eve)
    await eve.says("/ls", chat=group)
    await eve.hears("Your personal folder")
    assert not [words for words in eve.said(group) if "personal folder" in words]


async def test_a_job_that_speaks_of_a_missing_file_is_shown_so_before_it_runs(eve, folder):
    (folder / "train.py").write_text("x")
    said = await eve.asks("/run image=a/b:1 gpu=1 python /mnt/tarin.py")
    assert "There is no /mnt/tarin.py in your personal folder. Did you mean /mnt/train.py?" in said
    assert "Submit anyway" in said.buttons
    said = await eve.asks("/run image=a/b:1 gpu=1 python /mnt/evewong/train.py")
    assert "There it is /mnt/train.py." in said
    said = await eve.asks("/run image=a/b:1 gpu=1 python /mnt/train.py")
    assert "There is no" not in said.text


async def test_a_job_brings_the_folder_along_unless_told_otherwise(eve, folder, shelved):
    (folder / "train.py").write_text("x")
    said = await eve.asks("/run image=a/b:1 gpu=1 python /mnt/train.py")
    assert "will be mounted" in said
    sent = await eve.presses("YAML", on=said)
    protocol = sent.document.content.decode()
    assert "mount -t nfs -o nolock 127.0.0.1:/data/evewong /mnt" in protocol
    assert protocol.index("mount -t nfs") < protocol.index("python /mnt/train.py")
    said = await eve.asks("/run image=a/b:1 gpu=1 mount=off python /mnt/train.py")
    assert "will be mounted" not in said.text
    said = await eve.asks("/run image=a/b:1 gpu=1 mount=maybe python /mnt/train.py")
    assert "on, off, plugin" in said


async def test_openpais_own_storage_brings_the_folder_where_somebody_asks_for_it(
    eve, folder, shelved
):
    (folder / "train.py").write_text("x")
    said = await eve.asks("/run image=a/b:1 gpu=1 mount=plugin python /mnt/train.py")
    assert "will be mounted" in said
    protocol = (await eve.presses("YAML", on=said)).document.content.decode()
    assert '- name: nfs-data\n      mountPath: "/pailot-storage"' in protocol
    assert "ln -sT /pailot-storage/evewong /mnt" in protocol
    assert "mount -t nfs" not in protocol
    assert "Submitted" in await eve.presses("Submit", on=said)


async def test_a_wrong_path_is_mended_by_a_tap(eve, folder):
    (folder / "code").mkdir()
    (folder / "code" / "train.py").write_text("x")
    said = await eve.asks(
        "/run image=a/b:1 gpu=1 note=first python /mnt/train.py --out /mnt/out\necho done"
    )
    mended = await eve.presses("Use /mnt/code/train.py", on=said)
    assert "python /mnt/code/train.py --out /mnt/out\necho done" in mended.text
    assert "first" in mended
    assert "There is no" not in mended.text
    assert "Submit" in mended.buttons


async def test_who_has_no_folder_is_told_so_only_when_asking_for_it(newcomer):
    assert "预览" in await newcomer.asks("/run image=a/b:1 gpu=1 python x.py")
    assert "还没有个人目录" in await newcomer.asks("/run image=a/b:1 gpu=1 mount=on python x.py")
