"""The package's public names: all there, from one list."""

import deepsky


def test_every_public_name_can_be_imported() -> None:
    assert deepsky.__all__ == sorted(deepsky.__all__, key=lambda n: (not n.isupper(), n))
    assert all(getattr(deepsky, name) is not None for name in deepsky.__all__)


def test_the_list_of_homes_is_the_list_of_names() -> None:
    assert sorted(name for names in deepsky.HOMES.values() for name in names) == sorted(
        deepsky.__all__
    )
