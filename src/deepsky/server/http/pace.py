"""Deadlines and limits for connections."""

from dataclasses import dataclass

__all__ = ["Pace"]


@dataclass(frozen=True, slots=True)
class Pace:
    """Minimum speed of a transfer to or from a client.

    Parameters
    ----------
    rate : float
        Minimum mean rate, in bytes per second.
    grace : float
        Time in seconds by which a transfer may be late, and the maximum duration of a pause.
    total : float
        Maximum duration of a transfer, in seconds.
    """

    rate: float
    grace: float
    total: float

    def deadline(self, started: float, now: float, transferred: int) -> float:
        """Return the time at which a transfer is too slow unless more data are transferred.

        Parameters
        ----------
        started, now : float
            Start of the transfer and current time, in seconds.
        transferred : int
            Number of bytes transferred up to now.
        """
        return min(
            started + self.total,
            started + self.grace + transferred / self.rate,
            now + self.grace,
        )
