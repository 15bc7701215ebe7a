from concurrent.futures import ThreadPoolExecutor

import pytest

from deepsky.batch.byte_budget import ByteBudget


def test_bytes_beyond_the_total_wait_until_bytes_are_given_back() -> None:
    budget = ByteBudget(100)
    budget.take(60)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(budget.take, 50)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.05)
        budget.give_back(60)
        waiting.result(timeout=30)


def test_single_request_for_more_than_the_total_is_granted() -> None:
    budget = ByteBudget(100)

    budget.take(1_000)
    budget.give_back(1_000)
    budget.take(100)


def test_closed_budget_never_waits() -> None:
    budget = ByteBudget(100)
    budget.take(100)
    budget.close()

    budget.take(100)
