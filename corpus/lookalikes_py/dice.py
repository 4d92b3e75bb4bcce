"""Random numbers that are the same on every machine and with every version of Python."""

import hashlib


class Dice:
    """A stream of bytes from SHA-256 over a seed and a counter."""

    def __init__(self, seed):
        self.seed = ("sluicegate corpus " + seed).encode()
        self.count = 0
        self.rest = b""

    def bytes(self, length):
        while len(self.rest) < length:
            self.rest += hashlib.sha256(self.seed + self.count.to_bytes(8, "big")).digest()
            self.count += 1
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def below(self, limit):
        return int.from_bytes(self.bytes(6), "big") % limit

    def between(self, low, high):
        """A number from low to high, both included."""
        return low + self.below(high - low + 1)

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def some(self, choices, count):
        """That many of the choices, each at most once, in a random order."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def hex(self, digits):
        return self.bytes((digits + 1) // 2).hex()[:digits]

    def letters(self, count, alphabet="abcdefghijklmnopqrstuvwxyz"):
        return "".join(self.pick(alphabet) for _ in range(count))
