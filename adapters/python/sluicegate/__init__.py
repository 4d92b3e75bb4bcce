"""Sluicegate as a child process of a Python gateway: `Gate().check(event)` gives a verdict, always and in time."""

from .gate import Gate

__all__ = ["Gate"]
