"""What a password costs whoever guesses: the tests hash theirs for nothing, the product does not."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from service.usecases.people import accounts


def test_the_product_hashes_as_dearly_as_the_library_recommends(hasher_of_the_product: PasswordHasher) -> None:
    found = extract_parameters(hasher_of_the_product.hash("x"))
    assert found == extract_parameters(PasswordHasher().hash("x"))
    assert (found.type, found.memory_cost >= 65_536, found.time_cost >= 3) == (Type.ID, True, True)
    assert extract_parameters(accounts.HASHER.hash("x")).memory_cost < found.memory_cost
