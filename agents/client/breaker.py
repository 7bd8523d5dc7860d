"""When an endpoint is left alone: it asked for it, or it failed so often that asking again would only add to its load.

Our own: the libraries that are alive count exceptions, and neither let one call alone try an endpoint again, nor take an
endpoint's own word for how long to wait, nor an injected clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Breaker:
    """Opens after `threshold` failures in a row; then one call at a time tries, one every `rest` seconds. `clock` in seconds."""

    clock: Callable[[], float]
    threshold: int = 8
    rest: float = 5.0
    _failures: int = 0
    _until: float = 0.0
    _since: float | None = None

    def down(self) -> float:
        """Seconds since the endpoint last answered, while it is left alone; 0 where it is not."""
        return self.clock() - self._since if self._since is not None and self._failures >= self.threshold else 0.0

    def wait(self) -> float:
        """Seconds until a call may be sent; 0 means now, and where failures opened the breaker this call is the one that tries."""
        now = self.clock()
        if now < self._until:
            return self._until - now
        if self._failures >= self.threshold:
            self._until = now + self.rest
        return 0.0

    def answered(self) -> None:
        if self._failures >= self.threshold:
            self._until = 0.0
        self._failures = 0
        self._since = None

    def failed(self) -> None:
        self._failures += 1
        self._since = self.clock() if self._since is None else self._since
        if self._failures >= self.threshold:
            self._until = max(self._until, self.clock() + self.rest)

    def asked_to_wait(self, seconds: float) -> None:
        """The endpoint wants no call for so long (`Retry-After`); that holds for all calls, not only for the one it told."""
        self._until = max(self._until, self.clock() + seconds)
