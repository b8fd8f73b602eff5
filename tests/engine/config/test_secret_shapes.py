"""Secrets are known by their shape; names, hashes, paths and plain words are not taken for some."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_engine.config.secret_shapes import SHAPES, secret_in
from tests.engine.config.secrets_made import SECRETS


@given(st.sampled_from(sorted(SECRETS)).flatmap(lambda kind: st.tuples(st.just(kind), SECRETS[kind])))
def test_secret_in__a_made_up_secret_amid_words__is_called_what_it_is(made: tuple[str, str]) -> None:
    kind, secret = made
    assert secret_in(f"It failed with {secret} since noon") == kind
    assert secret_in(secret) == kind


def test_secrets_made__all_of_them__are_one_for_every_shape() -> None:
    assert set(SECRETS) == set(SHAPES)


@pytest.mark.parametrize(
    "words",
    [
        "sluice/food/fooddb",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:sluice/food/fooddb-AbCdEf",
        "password: rotated yesterday, as every month",
        "The password = the one in the vault",
        "8dc17f0c95fa9b3c2fbd71d0a4b6b0e7e6b6d1aa",
        "s3://example-lake/data/fooddb_foodsearch_barcodes_v202011191200/LOAD00000001.csv.gz",
        "postgresql://host:5432/name",
        "https://example.com/a@b",
        "token bucket of 10 per second",
        "AKIA is how their keys begin",
    ],
)
def test_secret_in__what_is_none__is_let_through(words: str) -> None:
    assert secret_in(words) == ""
