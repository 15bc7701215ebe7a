"""Parse a Dockerfile and .dockerignore, and run build stages without a container engine."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SYSTEM_FOLDERS = ("bin", "dev", "etc", "lib", "proc", "usr")


@dataclass
class Stage:
    """One stage of a Dockerfile: base image, name, and instructions in order."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def arguments(self, instruction: str) -> list[str]:
        """Return the arguments of each occurrence of an instruction."""
        return [arguments for name, arguments in self.instructions if name == instruction]

    def command(self, instruction: str) -> list[str]:
        """Return the words of the last ENTRYPOINT or CMD instruction, written as a JSON array."""
        words: list[str] = json.loads(self.arguments(instruction)[-1])
        return words

    def variables(self) -> dict[str, str]:
        """Return the environment variables that the stage sets."""
        words = [word for line in self.arguments("ENV") for word in shlex.split(line)]
        return dict(word.split("=", 1) for word in words)


def read_stages(dockerfile: str) -> list[Stage]:
    """Return the stages of a Dockerfile."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, arguments = line.split(maxsplit=1)
        if name == "FROM":
            base, _, stage = arguments.partition(" AS ")
            stages.append(Stage(base, stage))
        else:
            stages[-1].instructions.append((name, arguments))
    return stages


def build_context(files: list[str], ignore: str) -> list[str]:
    """Return the files in the build context that .dockerignore does not exclude.

    Parameters
    ----------
    files : list of str
        Paths relative to the context, with ``/`` as separator.
    ignore : str
        Text of .dockerignore. The last pattern that matches a path or one of its parent folders
        decides whether the path is excluded.
    """
    patterns = [line.strip() for line in ignore.splitlines() if line.strip() and line[0] != "#"]
    rules = [(not p.startswith("!"), _expression(p.removeprefix("!"))) for p in patterns]

    def is_ignored(path: str) -> bool:
        paths = [path, *map(str, Path(path).parents)]
        matching = [ignored for ignored, rule in rules if any(rule.fullmatch(p) for p in paths)]
        return bool(matching) and matching[-1]

    return [file for file in files if not is_ignored(file)]


def _expression(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/"))
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces))


def run_stage(
    stage: Stage, root: Path, sources: Mapping[str, Path], environment: Mapping[str, str]
) -> None:
    """Run the WORKDIR, COPY, ENV and RUN instructions of a stage in a folder.

    The folder replaces the root folder of the container.

    Parameters
    ----------
    stage : Stage
        Stage to run.
    root : Path
        Folder used as the root folder. Absolute paths in commands are resolved relative to it.
    sources : mapping
        Root folder of each earlier stage. The keys are the names of the stages; the empty name is
        the build context.
    environment : mapping
        Environment variables of the base image.
    """
    folder = root
    variables = dict(environment)
    for name, arguments in stage.instructions:
        if name == "WORKDIR":
            folder = root / arguments.lstrip("/")
            folder.mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            _copy(arguments, folder, root, sources)
        elif name == "ENV":
            variables |= Stage("", "", [(name, arguments)]).variables()
        elif name == "RUN":
            command = _mounted(arguments, root, sources)
            subprocess.run(["sh", "-c", command], cwd=folder, env=variables, check=True)


def _copy(arguments: str, folder: Path, root: Path, sources: Mapping[str, Path]) -> None:
    """Run a COPY instruction. As in Docker, a folder's contents are copied, not the folder."""
    *names, target = [word for word in arguments.split() if not word.startswith("--")]
    found = re.match(r"--from=(\S+)", arguments)
    origin = sources[found[1] if found else ""]
    destination = (root / target.lstrip("/")) if target.startswith("/") else folder / target
    for name in names:
        source = origin / name.lstrip("/")
        if source.is_dir():
            shutil.copytree(source, destination, dirs_exist_ok=True)
        else:
            into = destination / source.name if target.endswith("/") else destination
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, into)


def _mounted(command: str, root: Path, sources: Mapping[str, Path]) -> str:
    """Replace bind mounts with links, and absolute paths with paths in the root folder."""
    for mount in re.findall(r"--mount=(\S+)", command):
        options = dict(option.split("=", 1) for option in mount.split(","))
        source = sources[options.get("from", "")] / options["source"].lstrip("/")
        (root / options["target"].lstrip("/")).symlink_to(source)
    command = re.sub(r"--mount=\S+\s+", "", command)
    system = "|".join(SYSTEM_FOLDERS)
    return re.sub(rf"(?<![\w.*])/(?!(?:{system})/)(?=\w)", f"{root}/", command)
