"""Conformance test: the API must conform to its OpenAPI document.

Run ``python -m benchmarks.service_schema``, which takes several minutes (with ``--quick``, one
minute). Schemathesis sends 1,000 valid and invalid requests per operation to a temporary server and
applies all its checks. Other options, such as ``--seed`` or ``--include-path``, are passed to
Schemathesis.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.client import API, CLASSIFICATIONS, FORM, Client, form
from benchmarks.service import ROOT, SAMPLES, Expectations, Server

SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
CONFIGURATION = ROOT / "benchmarks" / "schemathesis.toml"
HOOKS = "benchmarks.service_schema_hooks"


def make_key(server: Server) -> str:
    """Create an API key for the server."""
    done = server.run("keys", "add", "schemathesis")
    found = re.search(r"dsk_[\w-]+", done.stdout)
    if found is None:
        msg = f"deepsky keys add printed no key: {done.stdout}{done.stderr}"
        raise RuntimeError(msg)
    return found[0]


def share_classification(server: Server, authorization: str) -> str:
    """Classify a sample image, share the classification, and return the token of the link."""
    client, headers = Client(server.address), {"Authorization": authorization}
    image = form(SAMPLES[0].read_bytes(), SAMPLES[0].name)
    upload = client.request("POST", CLASSIFICATIONS, image, headers | {"Content-Type": FORM})
    location = upload.headers["Location"]
    shared = client.request("POST", f"{location}/share", headers=headers)
    client.close()
    return str(shared.json()["token"])


def main() -> int:
    """Run the test, and return its exit status: 1 if any check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1_000, help="number of requests per operation")
    parser.add_argument("--quick", action="store_const", const=50, dest="cases")
    arguments, more = parser.parse_known_args()
    expectations = Expectations()
    with tempfile.TemporaryDirectory() as folder:
        # The server requires API keys, so that requests without a key are also tested.
        server = Server(Path(folder), access="keys")
        command = [SCHEMATHESIS, "--config-file", str(CONFIGURATION), "run"]
        command += ["--checks", "all", "--max-examples", str(arguments.cases)]
        authorization = f"Bearer {make_key(server)}"
        command += ["--header", f"Authorization: {authorization}", *more]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)}
        with server:
            environment["SHARED_TOKEN"] = share_classification(server, authorization)
            command.append(f"{server.url}{API}/openapi.json")
            done = subprocess.run(command, env=environment, cwd=folder)
            ready = server.is_running() and server.is_ready()
            errors = server.errors()
    expectations.check("exit status of Schemathesis", done.returncode, done.returncode == 0)
    expectations.check("server ready at the end", ready, ready)
    expectations.check_errors(errors)
    return expectations.exit_status


if __name__ == "__main__":
    sys.exit(main())
