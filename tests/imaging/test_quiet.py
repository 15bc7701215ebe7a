import warnings

import pytest

from deepsky.imaging.quiet import quiet


def test_readers_that_overlap_are_quiet_until_the_last_is_done() -> None:
    first, second = quiet(), quiet()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    warnings.warn("while the second still reads", stacklevel=1)
    second.__exit__(None, None, None)

    with pytest.raises(UserWarning, match="afterwards"):
        warnings.warn("afterwards", stacklevel=1)


def test_an_error_ends_the_silence() -> None:
    with pytest.raises(ZeroDivisionError), quiet():
        _ = 1 / 0

    with pytest.raises(UserWarning):
        warnings.warn("afterwards", stacklevel=1)
