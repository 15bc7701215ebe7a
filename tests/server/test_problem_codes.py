import re
from pathlib import Path

import deepsky.server
from deepsky import errors
from deepsky.server.problem_codes import PROBLEM_CODES

SERVER = Path(deepsky.server.__file__).parent
RAISED = re.compile(r'(?:ProblemError|__init__)\(\s*(\d{3}),\s*"(\w+)"')


def test_every_code_in_the_server_is_listed_with_its_status() -> None:
    raised = {
        match[2]: int(match[1])
        for source in SERVER.rglob("*.py")
        for match in RAISED.finditer(source.read_text("utf-8"))
    }

    assert "overloaded" in raised
    assert raised == {code: PROBLEM_CODES[code][0] for code in raised}


def test_codes_of_exceptions_are_not_repeated() -> None:
    codes = {getattr(errors, name).code for name in errors.__all__}

    assert not codes & PROBLEM_CODES.keys()
