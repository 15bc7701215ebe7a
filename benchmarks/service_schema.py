"""Whether the API is as it describes itself, whatever it is asked.

Run ``python -m benchmarks.service_schema`` (some minutes; ``--quick``: one). Schemathesis asks a
server of its own 1,000 times for each operation, rightly and wrongly, with all its checks. Options
that are not known here go to Schemathesis, such as ``--seed`` or ``--include-path``.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.client import API
from benchmarks.service import ROOT, Expectations, Server

SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
CONFIGURATION = ROOT / "benchmarks" / "schemathesis.toml"
HOOKS = "benchmarks.service_schema_hooks"


def make_key(server: Server) -> str:
    """Have the server's operator give out a key."""
    done = server.run("keys", "add", "schemathesis")
    found = re.search(r"dsk_[\w-]+", done.stdout)
    if found is None:
        msg = f"deepsky keys add gave no key: {done.stdout}{done.stderr}"
        raise RuntimeError(msg)
    return found[0]


def main() -> int:
    """Test, and tell by the exit status whether no check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1_000, help="for each operation")
    parser.add_argument("--quick", action="store_const", const=50, dest="cases")
    arguments, more = parser.parse_known_args()
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as folder:
        # Keys are asked for, so that operations without one are tested too.
        server = Server(Path(folder), access="keys")
        command = [SCHEMATHESIS, "--config-file", str(CONFIGURATION), "run"]
        command += ["--checks", "all", "--max-examples", str(arguments.cases)]
        command += ["--header", f"Authorization: Bearer {make_key(server)}", *more]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)}
        with server:
            command.append(f"{server.url}{API}/openapi.json")
            done = subprocess.run(command, env=environment, cwd=folder)
            well = server.is_running() and server.is_ready()
            errors = server.errors()
    expectations.check("exit status of Schemathesis", done.returncode, done.returncode == 0)
    expectations.check("the server is well", well, well)
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
