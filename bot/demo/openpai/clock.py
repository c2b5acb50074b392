"""The lab's time: the wall clock, sped up, paused, or pushed forward."""

from collections.abc import Callable


class LabClock:
    """Emulated seconds since the epoch; never runs backwards."""

    def __init__(self, wall: Callable[[], float], speed: float = 1.0) -> None:
        self._wall = wall
        self._speed = speed
        self._paused = False
        self._seen_wall = wall()
        self._at = self._seen_wall

    def now(self) -> float:
        wall = self._wall()
        if not self._paused:
            self._at += max(0.0, wall - self._seen_wall) * self._speed
        self._seen_wall = wall
        return self._at

    def wall(self) -> float:
        return self._wall()

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be above zero; pause() stops the clock")
        self.now()
        self._speed = speed

    @property
    def paused(self) -> bool:
        return self._paused

    def pause(self) -> None:
        self.now()
        self._paused = True

    def resume(self) -> None:
        self.now()
        self._paused = False

    def leap(self, seconds: float) -> None:
        """Emulated time passes at once."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._at = self.now() + seconds

    def not_before(self, at: float) -> None:
        """Goes on from a saved moment, if that is later."""
        self._at = max(self.now(), at)
