"""Settings that need one another, and the list of registries."""

import json

import pytest

from tests.settings.written import STORAGE


def test_webhook_mode_needs_an_address_and_a_secret(problems):
    lines = problems(PAILOT_TELEGRAM__MODE="webhook")
    assert "web.public_url" in lines[0]
    assert "telegram.webhook_secret" in lines[1]


def test_webhook_mode_is_accepted_when_complete(read):
    settings = read(
        PAILOT_TELEGRAM__MODE="webhook",
        PAILOT_TELEGRAM__WEBHOOK_SECRET="s3cret",
        PAILOT_WEB__PUBLIC_URL="http://127.0.0.1:8080",
    )
    assert settings.telegram.mode == "webhook"


@pytest.mark.parametrize(
    "given_",
    [
        {"PAILOT_HARBOR__URL": "https://harbor.example.edu", "PAILOT_HARBOR__USERNAME": "site"},
        {"PAILOT_HARBOR__URL": "https://harbor.example.edu", "PAILOT_HARBOR__ADMIN_PASSWORD": "pw"},
        {**STORAGE, "PAILOT_STORAGE__USERNAME": "site"},
        {**STORAGE, "PAILOT_STORAGE__PASSWORD": "pw"},
    ],
)
def test_a_user_name_and_its_password_belong_together(problems, given_):
    assert "beside it" in problems(**given_)[0]


def test_a_storage_key_and_a_password_are_one_too_many(problems, tmp_path):
    (tmp_path / "id").write_text("key")
    lines = problems(
        **STORAGE,
        PAILOT_STORAGE__USERNAME="site",
        PAILOT_STORAGE__PASSWORD="pw",
        PAILOT_STORAGE__KEY_FILE="id",
    )
    assert len(lines) == 1
    assert "keep one" in lines[0]


def test_harbor_without_an_address_is_told_so(problems):
    assert problems(PAILOT_HARBOR__PROJECT="lab")[0].startswith("harbor.url: is missing")


def test_registries_come_from_a_json_array(read):
    written = [
        {"name": "hub", "url": "https://registry.example.edu/", "mirror_of": "docker.io"},
        {
            "name": "acr",
            "url": "http://203.0.113.5:5000",
            "username": "张三",
            "password": "pw",
            "insecure": "yes",
        },
    ]
    hub, acr = read(PAILOT_REGISTRIES=json.dumps(written)).registries
    assert (hub.url, hub.mirror_of, hub.password) == (
        "https://registry.example.edu",
        "docker.io",
        None,
    )
    assert (acr.username, acr.password.get_secret_value(), acr.insecure) == ("张三", "pw", True)


def test_registries_come_from_tables_of_the_file_and_their_passwords_from_files(read, tmp_path):
    (tmp_path / "pw").write_text("pw\n")
    toml = '[[registries]]\nname = "a"\nurl = "https://a.example.edu"\nusername = "u"\npassword_file = "pw"'
    assert read(toml).registries[0].password.get_secret_value() == "pw"


@pytest.mark.parametrize("written", ["hub", "{}", '["hub"]', "[", '{"name": "hub"}'])
def test_registries_that_are_no_array_of_objects_are_told(problems, written):
    assert problems(PAILOT_REGISTRIES=written)[0].startswith("PAILOT_REGISTRIES")


def test_each_registry_has_a_name_of_its_own(problems):
    one = {"name": "hub", "url": "https://registry.example.edu"}
    assert "already" in problems(PAILOT_REGISTRIES=json.dumps([one, one]))[0]


def test_a_problem_in_a_registry_names_which_one(problems):
    one = {"name": "hub", "url": "registry.example.edu", "username": "u"}
    lines = problems(PAILOT_REGISTRIES=json.dumps([one]))
    assert lines[0].startswith("PAILOT_REGISTRIES 1: url: ")
    assert "belong together" in lines[1]
