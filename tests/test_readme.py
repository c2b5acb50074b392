from pathlib import Path


def test_readme_exists():
    assert Path("README.md").read_text("utf-8").startswith("# Pailot")
