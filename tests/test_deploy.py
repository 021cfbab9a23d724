"""What docs/deploy gives is well-formed, and calls commands and options that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.cli.reference import commands

DEPLOY = Path(__file__).parent.parent / "docs" / "deploy"
OURS = sorted(path for path in DEPLOY.iterdir() if path.name.startswith(("rawi", "kubernetes")))
OPTIONS = {words: {name for parameter in command.params for name in parameter.opts} for words, command in commands()}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_command_and_option_exists(path: Path) -> None:
    text = re.sub(r"^\s*#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    called = re.findall(r"\brawi[, ]+((?:db |db, )?(?:worker|crawl|migrate))([^\n>|\]]*)", text)
    assert called or path.suffix == ".timer"
    for command, rest in called:
        words = " ".join(["rawi", *command.replace(",", " ").split()])
        assert set(re.findall(r"--[a-z-]+", rest)) <= OPTIONS[words], words


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    units = [path for path in OURS if path.suffix in (".service", ".timer")]
    for unit in units:
        # The one thing that is not here is the program.
        text = unit.read_text("utf-8").replace("/srv/rawi/.venv/bin/rawi", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in units)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("name", "kind"), [("worker", "Deployment"), ("cronjob", "CronJob")])
def test_manifests_have_what_kubernetes_asks_for(name: str, kind: str) -> None:
    manifest: dict[str, Any] = yaml.safe_load((DEPLOY / f"kubernetes-{name}.yaml").read_text("utf-8"))
    assert manifest["kind"] == kind
    spec = manifest["spec"]
    if kind == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    else:
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    pod = spec["template"]["spec"]
    # Kubernetes kills after this; the worker's own grace must have passed before.
    assert pod["terminationGracePeriodSeconds"] > 25
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        names = {variable["name"] for variable in container["env"]}
        assert "RAWI_DATABASE_URL" in names


def test_the_cron_line_has_a_time_a_user_and_a_command() -> None:
    [line] = [line for line in (DEPLOY / "rawi.cron").read_text("utf-8").splitlines() if line.startswith("*")]
    fields = line.split(maxsplit=6)
    assert fields[:6] == ["*/5", "*", "*", "*", "*", "rawi"]
    assert "%" not in line  # cron reads it as the end of a line
