"""Bringing images into registries, and the robot accounts that push and pull them."""

from bot.services.pushing.pulling import Pulling
from bot.services.pushing.pushing import Destination, Pushing, RegistryFacts
from bot.services.pushing.robots import MadeRobot, Robots

__all__ = ["Destination", "MadeRobot", "Pulling", "Pushing", "RegistryFacts", "Robots"]
