"""Build the web page into wheels and sdists that are built from a checkout without it."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("src", "deepsky", "server", "static", "index.html")


class PageBuildHook(BuildHookInterface[Any]):
    """Run npm if the page has not been built. An sdist holds the built page, so it needs no npm."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the page, except for editable installations, which `make setup` completes.

        Parameters
        ----------
        version : str
            ``standard`` or ``editable``.
        build_data : dict
            Unused.

        Raises
        ------
        SystemExit
            If npm is missing or fails.
        """
        root = Path(self.root)
        if version == "editable" or (root / PAGE).is_file():
            return
        npm = shutil.which("npm")
        if npm is None:
            sys.exit(
                "deepsky's web page has not been built, and npm, which builds it, was not found. "
                "Install Node.js 20.19 or newer (https://nodejs.org) and build again."
            )
        web = root / "web"
        commands = [["run", "build"]]
        if not (web / "node_modules").is_dir():
            commands.insert(0, ["ci", "--no-audit", "--no-fund"])
        for arguments in commands:
            self.app.display_info(f"Building the web page: npm {' '.join(arguments)}")
            if subprocess.run([npm, *arguments], cwd=web).returncode:  # noqa: S603
                sys.exit(
                    f"'npm {' '.join(arguments)}' failed in {web}; see its messages above. "
                    "deepsky's web page needs Node.js 20.19 or newer."
                )
